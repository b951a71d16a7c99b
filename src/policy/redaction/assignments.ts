import { isCredentialName, isHarmlessValue } from './credential-names.ts';
import { isMarker } from './fingerprint.ts';

/** Called with each credential that was found; gives what stands for it. */
export type Mark = (value: string) => string;

/** A name and its separator. The value is looked at only under a credential's name, which keeps `a=a=a=…` linear. */
const ASSIGNMENT = /(?<![A-Za-z0-9_])([.A-Za-z_][A-Za-z0-9_.-]{1,80})(?:\\?["'])?[ \t]{0,8}(?:=>|:=|=|:)[ \t]{0,8}/g;
const VALUE =
  /\\"(?:[^"\\\n]|\\(?!"))*(?:\\")?|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\n]|'')*'?|(?:<redacted sha256:[0-9a-f]{8}>|[^\s"',;&}\])])+/y;

/** A part of the text. */
interface Span {
  from: number;
  to: number;
}

/** Removes the values of `name=value`, `name: value` and `"name": "value"` where the name is a credential's. */
export function scrubAssignments(text: string, mark: Mark): string {
  let out = '';
  let done = 0;
  ASSIGNMENT.lastIndex = 0;
  for (let match = ASSIGNMENT.exec(text); match !== null; match = ASSIGNMENT.exec(text)) {
    const name = match[1] ?? '';
    // Plural alone: `Tokens: <names>` of a description.
    if (/^(secrets|tokens)$/i.test(name) || !isCredentialName(name)) continue;
    const valueAt = match.index + match[0].length;
    const found = secretAt(text, match.index, valueAt, match[0]);
    if (found === undefined) continue;
    out += text.slice(done, found.from) + mark(text.slice(found.from, found.to));
    done = found.to;
    ASSIGNMENT.lastIndex = done;
  }
  return out + text.slice(done);
}

function secretAt(text: string, nameAt: number, valueAt: number, before: string): Span | undefined {
  VALUE.lastIndex = valueAt;
  const value = VALUE.exec(text)?.[0];
  if (value === undefined) return undefined;
  const quote = /^\\?["']/.exec(value)?.[0];
  if (quote !== undefined) {
    const closed = value.length >= 2 * quote.length && value.endsWith(quote);
    const from = valueAt + quote.length;
    const to = valueAt + value.length - (closed ? quote.length : 0);
    return to <= from || isPlaceholder(text.slice(from, to)) ? undefined : { from, to };
  }
  const spaced = /:[ \t]+$/.test(before);
  if (spaced || value === '|' || value === '>') return secretOfLine(text, nameAt, valueAt, value);
  return isPlaceholder(value) ? undefined : { from: valueAt, to: valueAt + value.length };
}

/** `impact of Secret a/db-password: 5 objects`: how answers of the graph begin. */
const COUNTED = /^\d{1,8} objects?(?![\w-])/;

/** `name: value`. At a line's beginning it is YAML and the value runs to the line's end; amid a sentence a lone word is prose. */
function secretOfLine(text: string, nameAt: number, valueAt: number, value: string): Span | undefined {
  // Indentation beyond 200 is not looked for.
  const lead = /(?:^|\n)([\s-]*["']?)$/.exec(text.slice(Math.max(0, nameAt - 200), nameAt))?.[1];
  const newline = lead === undefined ? valueAt + value.length : text.indexOf('\n', valueAt);
  const lineEnd = newline < 0 ? text.length : newline;
  const line = text.slice(valueAt, lineEnd).trimEnd();
  if (isPlaceholder(line) || isPlaceholder(value)) return undefined;
  if (lead === undefined) {
    const isProse = /^[a-z]+[.!?]?$/i.test(value) || COUNTED.test(text.slice(valueAt, valueAt + 20));
    return isProse ? undefined : { from: valueAt, to: lineEnd };
  }
  if (/^[|>][+-]?\d?$/.test(value)) return blockScalar(text, lead.replace(/^.*\n/s, '').length, lineEnd);
  return { from: valueAt, to: valueAt + Math.max(line.length, value.length) };
}

/** The lines below `name: |` that are indented more than it. */
function blockScalar(text: string, indent: number, lineEnd: number): Span | undefined {
  let end = lineEnd;
  while (end < text.length) {
    const next = text.indexOf('\n', end + 1);
    const stop = next < 0 ? text.length : next;
    const line = text.slice(end + 1, stop);
    if (line.trim() !== '' && (/^[ \t]*/.exec(line)?.[0].length ?? 0) <= indent) break;
    end = stop;
  }
  return end > lineEnd + 1 ? { from: lineEnd + 1, to: end } : undefined;
}

/**
 * Words that stand where a credential would, and are none; `26 bytes` is how kubectl describes a Secret, `map[…` how Go prints an
 * object such as the projected `serviceAccountToken` of every pod.
 */
export function isPlaceholder(value: string): boolean {
  return (
    isHarmlessValue(value) ||
    isMarker(value) ||
    /^(?:(?:bearer|basic|token|negotiate|digest|apikey)\s*)?<(?:redacted sha256:[0-9a-f]{8}>$|none>|nil>|unset>|unknown>|set to the key )/i.test(
      value,
    ) ||
    /^(?:null|nil|none|undefined|\d{1,8} bytes|bearer|basic|negotiate|digest|apikey|\*+|\[?redacted\]?|map\[(?:string|expirationSeconds:\d+)?|\{|\[|\{\{.*)$/i.test(
      value,
    )
  );
}
