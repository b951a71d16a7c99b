import { type Document, isMap, isScalar, isSeq, parseDocument, Scalar } from 'yaml';
import { WHOLE_MARKER } from './fingerprint.ts';
import type { CallRedactor } from './redactor.ts';

/** Characters of one YAML document that is parsed; a Secret is at most 1 MiB, and rarely above 10 KiB. */
const MAX_DOCUMENT = 256 * 1024;
/** Opening brackets of one document: the parser is not linear in nested ones. */
const MAX_BRACKETS = 2000;
const MAX_ALIASES = 50;

/** Replaces a part of the text. */
interface Edit {
  from: number;
  to: number;
  text: string;
}

/**
 * The YAML of several objects with what is secret in them replaced where it stands: the rest of the text stays, and it stays YAML
 * that means the same objects. A document that cannot be parsed is read as text.
 */
export function redactedManifest(manifest: string, redactor: Pick<CallRedactor, 'object' | 'clusterText'>): string {
  return manifest
    .split(/(?=^---)/m)
    .map((text) => redactor.clusterText(redactedDocument(text, redactor)))
    .join('');
}

function redactedDocument(text: string, redactor: Pick<CallRedactor, 'object' | 'clusterText'>): string {
  // Most documents hold nothing to hide, and parsing is the costly part.
  if (!text.includes('Secret') && redactor.clusterText(text) === text) return text;
  const document = parsedDocument(text);
  if (document === undefined) return text;
  const object: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
  const edits: Edit[] = [];
  collect(document.contents, redactor.object(object), { source: text, edits });
  let out = text;
  for (const { from, to, text: shown } of edits.sort((a, b) => b.from - a.from)) {
    out = out.slice(0, from) + shown + out.slice(to);
  }
  return out;
}

/** One document of YAML, within bounds; undefined for what is not. */
export function parsedDocument(text: string): Document | undefined {
  if (text.length > MAX_DOCUMENT || (text.match(/[[{]/g)?.length ?? 0) > MAX_BRACKETS) return undefined;
  try {
    const document = parseDocument(text, { prettyErrors: false, logLevel: 'silent', uniqueKeys: false });
    return document.errors.length > 0 ? undefined : document;
  } catch {
    return undefined;
  }
}

/** Where `clean` differs from what the node says. What an alias stands for is replaced where it is written. */
function collect(node: unknown, clean: unknown, to: { source: string; edits: Edit[] }): void {
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : undefined;
      if (name !== undefined && typeof clean === 'object' && clean !== null) {
        collect(value, Object.getOwnPropertyDescriptor(clean, name)?.value, to);
      }
    }
  } else if (isSeq(node)) {
    node.items.forEach((item, index) => {
      collect(item, Array.isArray(clean) ? clean[index] : undefined, to);
    });
  } else if (isScalar(node) && typeof clean === 'string' && node.value !== clean && node.range) {
    const [from, end] = node.range;
    to.edits.push({ from, to: end, text: written(node, to.source.slice(from, end), clean) });
  }
}

/** `value` in the style of the scalar that it replaces, as far as that can say it. */
function written({ type }: Scalar, source: string, value: string): string {
  const quoted = JSON.stringify(value);
  if (type === Scalar.PLAIN) return WHOLE_MARKER.test(value) ? value : quoted;
  if (type !== Scalar.BLOCK_LITERAL && type !== Scalar.BLOCK_FOLDED) return quoted;
  const [, head, indent] = /^(\|[+-]?)\n\n*([ ]+)/.exec(source) ?? [];
  if (head === undefined || indent === undefined || WHOLE_MARKER.test(value.trimEnd())) {
    return source.endsWith('\n') ? `${quoted}\n` : quoted;
  }
  const lines = value.split('\n').map((line) => (line === '' ? '' : indent + line));
  const body = `${head}\n${lines.join('\n')}`;
  return source.endsWith('\n') && !body.endsWith('\n') ? `${body}\n` : body;
}
