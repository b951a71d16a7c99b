/** YAML that takes its parser far longer, or far more memory, than its size says. */
import { Lexer } from 'yaml';

/** About what half a MiB of manifests has; read in well under a second. */
const MOST_LEXEMES = 100_000;
/** Nesting of `[`, `{`, `- - -` and the like; as deep as JSON may be. */
const DEEPEST = 1000;
/** Explicit keys (`? `) within each other double the work with each; manifests have none. */
const MOST_EXPLICIT_KEYS = 16;

/** What is wrong with the text, if it is of that sort. Looks no further than it must. */
export function costlyYaml(text: string): string | undefined {
  let lexemes = 0;
  let depth = 0;
  let explicit = 0;
  let marks = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (++lexemes > MOST_LEXEMES) return 'the k8s-mcp sandbox reads no document this large; send it as JSON';
    // Marks in a row nest, too: `- - - a`. Spaces stand between them.
    if (lexeme === '-' || lexeme === '?' || lexeme === ':') marks++;
    else if (lexeme.trim() !== '') marks = 0;
    if (lexeme === '[' || lexeme === '{') depth++;
    else if (lexeme === ']' || lexeme === '}') depth--;
    else if (lexeme === '?') explicit++;
    if (depth + marks > DEEPEST || explicit > MOST_EXPLICIT_KEYS) return 'exceeded max depth';
  }
  return undefined;
}
