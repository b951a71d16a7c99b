import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, type Pair } from 'yaml';
import type { AppError } from '../errors.ts';
import { composeYaml } from './compose-yaml.ts';

/** Far deeper than what people write; a guard against stacks that overflow. */
const MAX_DEPTH = 24;

export interface PlainYamlOptions {
  /** The reader needs about 5 us for each. */
  maxLexemes: number;
  /** The error for `has a YAML alias at line 3`; it never repeats the text. */
  complain(problem: string): AppError;
}

/**
 * Line breaks to YAML 1.1, which the Go tools read, and none to 1.2: what follows one in a comment is there for them and not for us
 * (measured with go-yaml: a carriage return alone, NEL, and Unicode's separators).
 */
export const DISPUTED_BREAKS = /[\u0085\u2028\u2029]|\r(?!\n)/;

/**
 * The values of one YAML or JSON document that has none of YAML's indirections, so that every reader sees the same: no anchors,
 * aliases, tags, merge keys, directives, repeated keys. undefined for an empty one.
 */
export function readPlainYaml(text: string, { maxLexemes, complain }: PlainYamlOptions): unknown {
  if (DISPUTED_BREAKS.test(text)) throw complain('has line breaks that not every reader of YAML takes for one');
  if (/^%/m.test(text)) throw complain('has a YAML directive (a line that begins with %)');
  const lines = new LineCounter();
  const document = composeYaml(text, lines, {
    maxLexemes,
    merge: false,
    complaints: {
      malformed: (offset, code) => complain(`is not valid YAML ${at(lines, offset)} (${words(code)})`),
      tooMany: () => complain('has more entries than can be read safely; keep only what is needed'),
      several: () => complain('holds several YAML documents; send one'),
      unreadable: () => complain('is not YAML that can be read'),
    },
  });
  if (document === undefined || document.contents === null) return undefined;
  refuseIndirections(document, lines, complain);
  return document.toJS({ maxAliasCount: 0 });
}

type Complain = PlainYamlOptions['complain'];

/** Iterative: the depth of the text is the caller's choice. */
function refuseIndirections(document: Document, lines: LineCounter, complain: Complain): void {
  const open: { node: unknown; depth: number }[] = [{ node: document.contents, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    if (!isNode(node)) continue;
    if (depth > MAX_DEPTH) throw complain(`is nested deeper than ${MAX_DEPTH} levels`);
    const problem = indirection(node);
    if (problem !== undefined) throw fault(lines, node, problem, complain);
    if (isSeq(node)) for (const item of node.items) open.push({ node: item, depth: depth + 1 });
    if (isMap(node)) {
      refuseKeys(node.items, lines, complain);
      for (const { key, value } of node.items) {
        open.push({ node: key, depth: depth + 1 }, { node: value, depth: depth + 1 });
      }
    }
  }
}

function indirection(node: Node): string | undefined {
  if (isAlias(node)) return 'has a YAML alias';
  if ('anchor' in node && node.anchor !== undefined) return 'has a YAML anchor';
  if (node.tag !== undefined) return 'has a YAML tag';
  return undefined;
}

function refuseKeys(pairs: readonly Pair[], lines: LineCounter, complain: Complain): void {
  const seen = new Set<string>();
  for (const { key } of pairs) {
    const name = isScalar(key) ? key.value : undefined;
    if (typeof name !== 'string') throw fault(lines, key, 'has a key that is no text', complain);
    if (name === '<<') throw fault(lines, key, 'has a YAML merge key', complain);
    if (seen.has(name)) throw fault(lines, key, 'has a key twice in one map', complain);
    seen.add(name);
  }
}

function fault(lines: LineCounter, node: unknown, problem: string, complain: Complain): AppError {
  const offset = isNode(node) ? node.range?.[0] : undefined;
  return complain(`${problem}${offset === undefined ? '' : ` ${at(lines, offset)}`}, which is not accepted here`);
}

function at(lines: LineCounter, offset: number): string {
  return `at line ${lines.linePos(offset).line}`;
}

function words(code: string): string {
  return code.toLowerCase().replaceAll('_', ' ');
}
