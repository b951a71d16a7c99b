import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, type Pair } from 'yaml';
import type { AppError } from '../../kernel/errors.ts';
import { composeYaml } from '../../kernel/text/compose-yaml.ts';
import { malformedDocument } from './request-problems.ts';

/** A kubeconfig of 256 KiB with inline certificates has about 12,000; at 5 us each the reader is done within 0.1 s. */
const MAX_LEXEMES = 20_000;
/** A kubeconfig is 7 deep; extensions, which are not read, may be deeper. */
const MAX_DEPTH = 24;

/** The values of one YAML or JSON document without any of YAML's indirections: no anchors, aliases, tags, merge keys, directives, repeated keys. Throws `invalid_argument`. */
export function readPlainDocument(text: string): unknown {
  if (/^%/m.test(text)) throw malformedDocument('has a YAML directive (a line that begins with %)');
  const lines = new LineCounter();
  const document = composeYaml(text, lines, {
    maxLexemes: MAX_LEXEMES,
    merge: false,
    complaints: {
      malformed: (offset, code) => malformedDocument(`is not valid YAML ${at(lines, offset)} (${words(code)})`),
      tooMany: () =>
        malformedDocument('has more entries than can be read safely; keep only the context that is needed'),
      several: () => malformedDocument('holds several YAML documents; send one'),
      unreadable: () => malformedDocument('is not YAML that can be read'),
    },
  });
  if (document === undefined || document.contents === null) throw malformedDocument('is empty');
  refuseIndirections(document, lines);
  return document.toJS({ maxAliasCount: 0 });
}

/** Iterative: the depth of the text is the caller's choice. */
function refuseIndirections(document: Document, lines: LineCounter): void {
  const open: { node: unknown; depth: number }[] = [{ node: document.contents, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, depth } = next;
    if (!isNode(node)) continue;
    if (depth > MAX_DEPTH) throw malformedDocument(`is nested deeper than ${MAX_DEPTH} levels`);
    const problem = indirection(node);
    if (problem !== undefined) throw fault(lines, node, problem);
    if (isSeq(node)) for (const item of node.items) open.push({ node: item, depth: depth + 1 });
    if (isMap(node)) {
      refuseKeys(node.items, lines);
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

function refuseKeys(pairs: readonly Pair[], lines: LineCounter): void {
  const seen = new Set<string>();
  for (const { key } of pairs) {
    const name = isScalar(key) ? key.value : undefined;
    if (typeof name !== 'string') throw fault(lines, key, 'has a key that is no text');
    if (name === '<<') throw fault(lines, key, 'has a YAML merge key');
    if (seen.has(name)) throw fault(lines, key, 'has a key twice in one map');
    seen.add(name);
  }
}

function fault(lines: LineCounter, node: unknown, problem: string): AppError {
  const offset = isNode(node) ? node.range?.[0] : undefined;
  return malformedDocument(
    `${problem}${offset === undefined ? '' : ` ${at(lines, offset)}`}, which a kubeconfig of a call may not have`,
  );
}

function at(lines: LineCounter, offset: number): string {
  return `at line ${lines.linePos(offset).line}`;
}

function words(code: string): string {
  return code.toLowerCase().replaceAll('_', ' ');
}
