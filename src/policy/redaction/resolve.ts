import { AppError } from '../../kernel/errors.ts';
import { decodeBase64, decodeUtf8, markerOf, WHOLE_MARKER } from './fingerprint.ts';
import { base64Cores } from './needles.ts';
import { createRedactor } from './redactor.ts';
import { scrubShapes } from './shapes.ts';
import { LAST_APPLIED, type WalkPorts, walkRedacted } from './walk.ts';

/** A marker found in what a caller wants to write. */
export interface MarkerHit {
  /** Keys and indexes from the root. */
  path: readonly (string | number)[];
  encoding: 'plain' | 'base64' | 'key';
}

/** The marker as it is, as Go or HTML escape it, or percent-encoded: the brackets may differ, the middle may not. */
const MARKER_BODY = /redacted(?: |%20|\+)sha256(?::|%3a)[0-9a-f]{8}/i;
const ENCODED_BODIES: readonly string[] = [...new Set(base64Cores(Buffer.from('redacted sha256:')))].filter(
  (core) => !core.endsWith('='),
);
const MAX_DEPTH = 200;

/** Every place of `value` that holds a redaction marker, plain or base64, in values and in keys. */
export function containsMarker(value: unknown): MarkerHit[] {
  const hits: MarkerHit[] = [];
  const visit = (node: unknown, path: readonly (string | number)[]): void => {
    if (typeof node === 'string') {
      const encoding = encodingOf(node);
      if (encoding) hits.push({ path, encoding });
    } else if (Array.isArray(node) && path.length < MAX_DEPTH)
      for (const [index, item] of node.entries()) visit(item, [...path, index]);
    else if (typeof node === 'object' && node !== null && path.length < MAX_DEPTH) {
      for (const [key, item] of Object.entries(node)) {
        if (encodingOf(key)) hits.push({ path: [...path, key], encoding: 'key' });
        visit(item, [...path, key]);
      }
    }
  };
  visit(value, []);
  return hits;
}

function encodingOf(text: string): 'plain' | 'base64' | undefined {
  if (MARKER_BODY.test(text)) return 'plain';
  // Base64 may be wrapped: decoders skip line breaks.
  const joined = text.replace(/[\r\n]+/g, '');
  return ENCODED_BODIES.some((body) => joined.includes(body)) ? 'base64' : undefined;
}

/**
 * `manifest` with each marker replaced by the live object's value, where the same path of `live` redacts to just that marker under
 * `key`. Any other marker is refused: written, it would replace a secret by its marker.
 */
export function resolveMarkers<T>(manifest: T, live: unknown, key: Uint8Array): T {
  const hits = containsMarker(manifest);
  if (hits.length === 0) return manifest;
  const shown = createRedactor(key).object(live);
  let out: unknown = manifest;
  const unresolved: MarkerHit[] = [];
  for (const hit of hits) {
    const value =
      hit.encoding === 'key'
        ? undefined
        : (liveValue(manifest, hit.path, live, shown) ?? resolvedApplied(manifest, hit.path, live, key));
    if (value === undefined) unresolved.push(hit);
    else out = withValue(out, hit.path, value);
  }
  // Under another name than before, or without the one that stood before it, the value would show.
  if (unresolved.length === 0) unresolved.push(...shownBy(hits, { manifest, live, out, key }));
  if (unresolved.length > 0) throw refusal(unresolved);
  // Only strings were replaced, by strings.
  return out as T;
}

interface Resolved {
  manifest: unknown;
  live: unknown;
  out: unknown;
  key: Uint8Array;
}

/** Places where what `live` hides by itself, and not as a repetition, would not be hidden in `out`. */
function shownBy(hits: readonly MarkerHit[], { manifest, live, out, key }: Resolved): MarkerHit[] {
  const kind = own(live, 'kind');
  const hidden = (value: unknown) => walkRedacted(value, memoryless(key), typeof kind === 'string' ? kind : undefined);
  const [hiddenOut, hiddenLive] = [hidden(out), hidden(live)];
  return hits.filter(({ path }) => {
    if (path.reduce(own, hiddenOut) !== path.reduce(own, out)) return false;
    return valueAt(hiddenLive, path, manifest) !== valueAt(live, path, manifest);
  });
}

function memoryless(key: Uint8Array): WalkPorts {
  const mark = (value: string | Uint8Array) => markerOf(key, value);
  return { mark, fingerprint: mark, scrub: (text) => scrubShapes(text, mark), secretData: (marker) => marker };
}

/**
 * kubectl apply keeps what it was given in an annotation of the object: the manifest again, as JSON in a string. Its markers stand
 * for the same live values.
 */
function resolvedApplied(manifest: unknown, path: MarkerHit['path'], live: unknown, key: Uint8Array): unknown {
  if (path.length !== 3 || path[0] !== 'metadata' || path[2] !== LAST_APPLIED) return undefined;
  const written = valueAt(manifest, path, manifest);
  if (typeof written !== 'string') return undefined;
  try {
    const resolved = JSON.stringify(resolveMarkers<unknown>(JSON.parse(written), live, key));
    return written.endsWith('\n') ? `${resolved}\n` : resolved;
  } catch {
    // No JSON, or markers of other places: refused as any other.
    return undefined;
  }
}

function liveValue(manifest: unknown, path: readonly (string | number)[], live: unknown, shown: unknown): unknown {
  const written = valueAt(manifest, path, manifest);
  if (typeof written !== 'string') return undefined;
  const direct = matching(written, valueAt(live, path, manifest), valueAt(shown, path, manifest));
  if (direct !== undefined || path[0] !== 'stringData') return direct;
  // stringData is write-only: its live value is in data, base64.
  const inData = ['data', ...path.slice(1)];
  const encoded = matching(written, valueAt(live, inData, manifest), valueAt(shown, inData, manifest));
  return typeof encoded === 'string' ? decodeUtf8(decodeBase64(encoded) ?? Buffer.of(0xff)) : undefined;
}

function matching(written: string, real: unknown, shown: unknown): unknown {
  if (typeof shown !== 'string' || (typeof real !== 'string' && typeof real !== 'number')) return undefined;
  const decoded = decodeUtf8(decodeBase64(written) ?? Buffer.of(0xff))?.trimEnd();
  const same = written === shown || (decoded === shown && WHOLE_MARKER.test(shown));
  return same && shown !== real ? real : undefined;
}

/** Follows `path`; in lists whose elements have a `name`, the element of the same name counts, not that of the same index. */
function valueAt(root: unknown, path: readonly (string | number)[], manifest: unknown): unknown {
  let node = root;
  let guide = manifest;
  for (const step of path) {
    if (typeof node !== 'object' || node === null) return undefined;
    const guided = own(guide, step);
    node = Array.isArray(node) && typeof step === 'number' ? element(node, step, guided) : own(node, step);
    guide = guided;
  }
  return node;
}

function element(items: readonly unknown[], index: number, guide: unknown): unknown {
  const name = own(guide, 'name');
  if (typeof name !== 'string') return items[index];
  const named = items.filter((item) => own(item, 'name') === name);
  return named.length === 1 ? named[0] : undefined;
}

function own(node: unknown, key: string | number): unknown {
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined;
  // Checked above: an own property of an object.
  return (node as Record<string | number, unknown>)[key];
}

function withValue(node: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(node)) return node.map((item, index) => (index === step ? withValue(item, rest, value) : item));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, item]) => [key, key === step ? withValue(item, rest, value) : item]),
  );
}

function refusal(hits: readonly MarkerHit[]): AppError {
  return new AppError(
    'invalid_manifest',
    'The manifest holds redaction markers that stand for no live value at their place.',
    {
      problems: hits.slice(0, 50).map((hit) => ({
        field: pathText(hit.path),
        problem:
          hit.encoding === 'key'
            ? 'a redaction marker cannot be a key'
            : 'a redaction marker that is not the live value of this field',
      })),
      remedy:
        'Give the real value for each of these fields, or leave the field out of a patch so that it stays as it is.',
    },
  );
}

function pathText(path: readonly (string | number)[]): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  return text.replace(/^\./, '').slice(0, 300) || '(root)';
}
