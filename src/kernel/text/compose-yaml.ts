import { Composer, type Document, Lexer, type LineCounter, Parser } from 'yaml';
import { AppError } from '../errors.ts';

export interface ComposeOptions {
  maxLexemes: number;
  /** Whether `<<` merges. */
  merge: boolean;
  /** The errors to throw. None of them may repeat the text. */
  complaints: {
    malformed(offset: number, code: string): AppError;
    tooMany(): AppError;
    several(): AppError;
    unreadable(): AppError;
  };
}

/** One document, with a bounded amount of work; undefined for an empty text. */
export function composeYaml(text: string, lines: LineCounter, options: ComposeOptions): Document | undefined {
  const { complaints, merge } = options;
  const composer = new Composer({
    prettyErrors: false,
    logLevel: 'silent',
    merge,
    stringKeys: true,
    resolveKnownTags: false,
    // As the Go tools: the last of repeated keys wins. The package's own check is quadratic in the number of keys.
    uniqueKeys: false,
  });
  const documents: Document[] = [];
  try {
    for (const document of composer.compose(tokens(text, lines, options), true, text.length)) {
      documents.push(document);
      const problem = document.errors[0] ?? document.warnings[0];
      if (problem !== undefined) throw complaints.malformed(problem.pos[0], problem.code);
      if (documents.length > 1) throw complaints.several();
    }
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    throw complaints.unreadable();
  }
  return documents[0];
}

/** The package's own pipeline, but stopped at the first syntax error and at a bounded amount of work. */
function* tokens(text: string, lines: LineCounter, { maxLexemes, complaints }: ComposeOptions) {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  let lexemes = 0;
  const checked = function* (from: ReturnType<Parser['next']>) {
    for (const token of from) {
      if (token.type === 'error') throw complaints.malformed(token.offset, 'UNEXPECTED_TOKEN');
      yield token;
    }
  };
  for (const lexeme of new Lexer().lex(text)) {
    if (++lexemes > maxLexemes) throw complaints.tooMany();
    yield* checked(parser.next(lexeme));
  }
  yield* checked(parser.end());
}
