import { createHmac } from 'node:crypto';
import { isSensitiveField, WITHHELD } from './sensitive.ts';

/** Longer texts are replaced by their length and fingerprint. */
const MAX_TEXT = 200;
const MAX_DEPTH = 6;
const MAX_ITEMS = 50;
/** Documents of one manifest that are named. */
const MAX_DOCUMENTS = 20;

/** Arguments as an audit line keeps them: short values as they are, manifests as what they name, long texts as a fingerprint. */
export function summariseArguments(value: unknown, key: Uint8Array, depth = 0): unknown {
  if (typeof value === 'string') return summariseText(value, key);
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? String(value) : value;
  if (depth >= MAX_DEPTH) return '<nested too deep>';
  if (Array.isArray(value)) {
    const items = value.slice(0, MAX_ITEMS).map((item) => summariseArguments(item, key, depth + 1));
    return value.length > MAX_ITEMS ? [...items, `<${value.length - MAX_ITEMS} more>`] : items;
  }
  const named = nameOfObject(value);
  if (named !== undefined) return `${named} ${fingerprint(JSON.stringify(value), key)}`;
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, MAX_ITEMS)
      .map(([name, item]) => [name, summariseField(name, item, key, depth)]),
  );
}

/** Arguments that hold a manifest or a patch, aliases too. However short, they may say what a Secret shall hold. */
const MANIFESTS: ReadonlySet<string> = new Set(['manifest', 'patch', 'yaml']);

function summariseField(name: string, item: unknown, key: Uint8Array, depth: number): unknown {
  if (isSensitiveField(name)) return WITHHELD;
  if (typeof item === 'string' && (MANIFESTS.has(name) || item.includes('\n'))) {
    return namesInManifest(item) === undefined ? withheldText(item, key) : summariseText(item, key);
  }
  return summariseArguments(item, key, depth + 1);
}

function withheldText(text: string, key: Uint8Array): string {
  return `<${text.length} characters ${fingerprint(text, key)}>`;
}

function summariseText(text: string, key: Uint8Array): string {
  const named = namesInManifest(text);
  if (named !== undefined) return `${named} ${fingerprint(text, key)}`;
  return text.length <= MAX_TEXT ? text : withheldText(text, key);
}

/** Keyed, since the hash of a manifest with one unknown password in it would give the password to whoever guesses. */
function fingerprint(text: string, key: Uint8Array): string {
  return `sha256:${createHmac('sha256', key).update(text).digest('hex').slice(0, 16)}`;
}

function nameOfObject(value: object): string | undefined {
  if (!('kind' in value) || typeof value.kind !== 'string' || !('metadata' in value)) return undefined;
  const metadata: unknown = value.metadata;
  if (typeof metadata !== 'object' || metadata === null) return undefined;
  const name = 'name' in metadata ? metadata.name : 'generateName' in metadata ? metadata.generateName : undefined;
  const namespace = 'namespace' in metadata ? metadata.namespace : undefined;
  return refText(value.kind, namespace, name);
}

/** `Kind namespace/name` of each document, or undefined for a text that is no manifest. */
function namesInManifest(text: string): string | undefined {
  if (text.length > 16 && /^\s*[[{]/.test(text)) return namesInJson(text);
  if (!/^kind:/m.test(text)) return undefined;
  const documents = text.split(/^---.*$/m, MAX_DOCUMENTS + 1);
  const names = documents
    .slice(0, MAX_DOCUMENTS)
    .map(nameOfYaml)
    .filter((name) => name !== undefined);
  if (names.length === 0) return undefined;
  return names.join(', ') + (documents.length > MAX_DOCUMENTS ? ', …' : '');
}

function namesInJson(text: string): string | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const objects = Array.isArray(parsed) ? parsed.slice(0, MAX_DOCUMENTS) : [parsed];
  const names = objects
    .map((object: unknown) => (typeof object === 'object' && object !== null ? nameOfObject(object) : undefined))
    .filter((name) => name !== undefined);
  return names.length === 0 ? undefined : names.join(', ');
}

/** Read line by line: an audit line must not need a whole parser, nor fail where one would. */
function nameOfYaml(document: string): string | undefined {
  const kind = /^kind:[ \t]*([\w.-]{1,63})/m.exec(document)?.[1];
  if (kind === undefined) return undefined;
  const start = document.search(/^metadata:/m);
  const block =
    start < 0 ? '' : (/^metadata:.*\n((?:[ \t]+.*\n?|\s*\n)*)/.exec(document.slice(start, start + 20_000))?.[1] ?? '');
  const field = (name: string) => new RegExp(`^ {1,8}${name}:[ \\t]*["']?([\\w.-]{1,253})`, 'm').exec(block)?.[1];
  return refText(kind, field('namespace'), field('name') ?? field('generateName'));
}

function refText(kind: string, namespace: unknown, name: unknown): string {
  const part = (value: unknown) => (typeof value === 'string' && value !== '' ? value.slice(0, 253) : undefined);
  const [shownNamespace, shownName = '(unnamed)'] = [part(namespace), part(name)];
  return `${kind.slice(0, 63)} ${shownNamespace === undefined ? '' : `${shownNamespace}/`}${shownName}`;
}
