import { isCredentialName, isHarmlessValue } from './credential-names.ts';
import { decodeBase64, decodeUtf8, isMarker, WHOLE_MARKER } from './fingerprint.ts';
import { readRelease, secretsInManifest } from './release.ts';

/** What the walk asks of its redactor. */
export interface WalkPorts {
  /** The marker of a value, which is remembered. */
  mark(value: string | Uint8Array): string;
  /** The marker of a value that stays readable elsewhere. */
  fingerprint(value: string | Uint8Array): string;
  /** A string without credential shapes. */
  scrub(text: string): string;
  /** What stands for a value in Secret `data`: the marker, or its base64 for a client that decodes it. */
  secretData(marker: string): string;
}

/** Deeper objects are cut: no Kubernetes object comes near, and the stack is bounded. */
const MAX_DEPTH = 100;
/** Longest string that is parsed as JSON within a string, UTF-16 units (an object is at most 3 MiB, an annotation 256 KiB). */
const MAX_NESTED_JSON = 4 * 1024 * 1024;
/** The annotation in which kubectl apply keeps the manifest it was given. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const TOO_DEEP = '<redacted: nested too deep>';

interface Place {
  depth: number;
  /** The key that leads here; inherited by array elements. */
  name: string;
  /** The kind that items of a typed list leave out: `Secret` below a SecretList. */
  itemKind?: string | undefined;
  /** True below an object that says its kind: a bare `data` there is not a Secret's. */
  kinded: boolean;
}

type Fields = Record<string, unknown>;

/**
 * A copy of `value` with credentials replaced; parts that hold none are shared with the input, which stays as it is.
 * `kind` is what it is where it does not say so itself: a patch, an item of a list.
 */
export function walkRedacted(value: unknown, ports: WalkPorts, kind?: string): unknown {
  return walk(value, { depth: 0, name: '', kinded: kind !== undefined, itemKind: kind }, ports);
}

function walk(value: unknown, place: Place, ports: WalkPorts): unknown {
  if (typeof value !== 'object' || value === null) return redactLeaf(value, place.name, place.depth, ports);
  if (place.depth >= MAX_DEPTH) return TOO_DEEP;
  if (Array.isArray(value)) return redactArray(value, place, ports);
  return redactFields(value as Fields, place, ports);
}

function redactLeaf(value: unknown, name: string, depth: number, ports: WalkPorts): unknown {
  if (typeof value === 'string') return redactString(value, name, depth, ports);
  if (typeof value !== 'number' && typeof value !== 'bigint') return value;
  return /pass(word|wd|phrase)|_pwd$/i.test(name) && isCredentialName(name) ? ports.mark(String(value)) : value;
}

function redactString(value: string, name: string, depth: number, ports: WalkPorts): string {
  if (name === LAST_APPLIED) return redactNestedJson(value, depth, ports) ?? (value === '' ? value : ports.mark(value));
  if (isCredentialName(name)) return markValue(value, ports);
  if (name === 'auth' && (decodeUtf8(decodeBase64(value) ?? Buffer.of(0xff)) ?? '').includes(':'))
    return ports.mark(value);
  return redactNestedJson(value, depth, ports) ?? ports.scrub(value);
}

function markValue(value: string, ports: WalkPorts): string {
  return isHarmlessValue(value) || isMarker(value) ? value : ports.mark(value);
}

/** JSON inside a string: last-applied, other tools' copies of it, docker configs. undefined when it is not JSON. */
function redactNestedJson(value: string, depth: number, ports: WalkPorts): string | undefined {
  if (value.length > MAX_NESTED_JSON || !/^\s*[[{]/.test(value)) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    return undefined;
  }
  const clean = walk(parsed, { depth: depth + 1, name: '', kinded: false }, ports);
  // The text itself is scrubbed too: a key may hold what a value may not.
  return ports.scrub(clean === parsed ? value : JSON.stringify(clean) + (value.endsWith('\n') ? '\n' : ''));
}

function redactArray(items: readonly unknown[], place: Place, ports: WalkPorts): unknown {
  const inner = { ...place, depth: place.depth + 1 };
  let out: unknown[] | undefined;
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    const clean = redactArgument(item, items[index - 1], ports) ?? walk(item, inner, ports);
    if (clean === item) continue;
    out ??= [...items];
    out[index] = clean;
  }
  return out ?? items;
}

/** `--password=x y`, `PASSWORD=x`, or what follows a `--password`: as an argument the value runs to the end, whatever is in it. */
function redactArgument(item: unknown, previous: unknown, ports: WalkPorts): string | undefined {
  if (typeof item !== 'string') return undefined;
  const [head, name] = /^(?:--?)?([A-Za-z_][\w.-]{1,80})=/.exec(item) ?? [];
  if (
    head !== undefined &&
    name !== undefined &&
    isCredentialName(name) &&
    (head.startsWith('-') || !/\s/.test(item))
  ) {
    return head + markValue(item.slice(head.length), ports);
  }
  const follows = typeof previous === 'string' && /^--?[A-Za-z][\w.-]{1,80}$/.test(previous) && !item.startsWith('-');
  return follows && isCredentialName(previous.replace(/^-+/, '')) ? markValue(item, ports) : undefined;
}

/** Makes nothing new until something is hidden: nearly all objects of an answer pass as they are, thousands at a time. */
function redactFields(fields: Fields, place: Place, ports: WalkPorts): unknown {
  const ownKind = typeof fields['kind'] === 'string' ? fields['kind'] : undefined;
  const kind = ownKind ?? place.itemKind;
  const inside: Inside = { depth: place.depth + 1, kind, kinded: place.kinded || kind !== undefined };
  const rule = ruleFor(fields, kind, place, ports);
  let changes: Map<string, unknown> | undefined;
  for (const key of Object.keys(fields)) {
    const value = fields[key];
    const clean = rule?.(key, value) ?? walkField(value, key, inside, ports);
    if (clean !== value) changes = (changes ?? new Map<string, unknown>()).set(key, clean);
  }
  if (changes === undefined) return fields;
  const all = changes;
  // fromEntries defines own properties, so a key `__proto__` stays a key.
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, all.has(key) ? all.get(key) : value]));
}

/** Below one object: for all of its fields. */
interface Inside {
  depth: number;
  kind: string | undefined;
  kinded: boolean;
}

function walkField(value: unknown, key: string, { depth, kind, kinded }: Inside, ports: WalkPorts): unknown {
  if (typeof value !== 'object' || value === null) return redactLeaf(value, key, depth, ports);
  const itemKind = key === 'items' && kind?.endsWith('List') ? kind.slice(0, -'List'.length) : undefined;
  return walk(value, { depth, name: key, kinded, itemKind }, ports);
}

type Rule = (key: string, value: unknown) => unknown;

/** What is special about the fields of this object; undefined, also from the rule: nothing. */
function ruleFor(fields: Fields, kind: string | undefined, place: Place, ports: WalkPorts): Rule | undefined {
  const secret = kind === 'Secret' || (kind === undefined && !place.kinded && looksLikeSecretPatch(fields));
  const named = credentialOfNamedValue(fields, place);
  const patchesSecret = isSecretPatchStep(fields, kind);
  const helmConfigMap = kind === 'ConfigMap' && isHelmOwned(fields);
  if (!secret && !named && !patchesSecret && kind !== 'ConfigMap' && !('stringData' in fields)) return undefined;
  return (key, value) => {
    if (value === null || value === undefined) return undefined;
    if (key === 'stringData') return redactAll(value, ports, (text) => markValue(text, ports));
    if (secret && key === 'data') return redactSecretData(value, fields, ports);
    if (kind === 'ConfigMap' && key === 'binaryData') return redactBinary(value, ports);
    if (helmConfigMap && key === 'data')
      return redactAll(value, ports, (text) => redactSecretValue(text, fields, ports));
    if (named && key === 'value' && (typeof value === 'string' || typeof value === 'number'))
      return markValue(String(value), ports);
    if (patchesSecret && key === 'value')
      return redactAll(value, ports, (text) => redactSecretValue(text, fields, ports));
    return undefined;
  };
}

/** `{data: {password: "aHVudGVyMg=="}}` with no kind, as in a merge patch: strings only, else it is another program's answer. */
function looksLikeSecretPatch(fields: Fields): boolean {
  const data = fields['data'];
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return false;
  const values = Object.values(data);
  return values.length > 0 && values.every((value) => typeof value === 'string' || value === null);
}

/** `{name: DB_PASSWORD, value: …}` of env, Helm parameters and their like; also `password: {value: …}`. */
function credentialOfNamedValue(fields: Fields, place: Place): boolean {
  if (!('value' in fields)) return false;
  const name = fields['name'] ?? fields['key'];
  return (typeof name === 'string' && isCredentialName(name)) || isCredentialName(place.name);
}

/** A JSON patch step below `/data`: of a Secret as far as one can tell from it, unless it is known to be of another kind. */
function isSecretPatchStep(fields: Fields, kind: string | undefined): boolean {
  const { op, path } = fields;
  if (typeof op !== 'string' || typeof path !== 'string') return false;
  if (isCredentialName(path.slice(path.lastIndexOf('/') + 1))) return true;
  return (kind === undefined || kind === 'Secret') && /^\/(data|stringData)(\/|$)/.test(path);
}

function isHelmOwned(fields: Fields): boolean {
  const metadata = fields['metadata'];
  const labels = typeof metadata === 'object' && metadata !== null ? (metadata as Fields)['labels'] : undefined;
  return typeof labels === 'object' && labels !== null && (labels as Fields)['owner'] === 'helm';
}

/** Every string below `value`, however it is nested. */
function redactAll(value: unknown, ports: WalkPorts, redact: (text: string) => string, depth = 0): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value === 'number') return ports.mark(String(value));
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return TOO_DEEP;
  if (Array.isArray(value)) return value.map((item) => redactAll(item, ports, redact, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, redactAll(v, ports, redact, depth + 1)]));
}

const PASSWORD_TIME = 'admin.passwordMtime';
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)$/;

function redactSecretData(data: unknown, owner: Fields, ports: WalkPorts): unknown {
  const redact = (value: unknown) => redactAll(value, ports, (text) => redactSecretValue(text, owner, ports));
  const time = isFields(data) ? data[PASSWORD_TIME] : undefined;
  if (!isFields(data) || typeof time !== 'string' || !isFields(owner['metadata'])) return redact(data);
  // When Argo CD's password was set is no secret. argocd that cannot read it takes the account for new, and writes all settings anew.
  const isTime = TIME.test(decodeUtf8(decodeBase64(time) ?? Buffer.of(0xff)) ?? '');
  if (owner['metadata']['name'] !== 'argocd-secret' || !isTime) return redact(data);
  const { [PASSWORD_TIME]: _, ...rest } = data;
  // The order of the fields stays: the value is put back where it was.
  const clean = redact(rest) as Fields;
  return Object.fromEntries(Object.keys(data).map((key) => [key, key === PASSWORD_TIME ? time : clean[key]]));
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The decoded value counts, so that it equals the same value in stringData or env. */
function redactSecretValue(text: string, owner: Fields, ports: WalkPorts): string {
  if (text === '' || WHOLE_MARKER.test(text)) return WHOLE_MARKER.test(text) ? ports.secretData(text) : text;
  const bytes = decodeBase64(text);
  const decoded = bytes && decodeUtf8(bytes);
  if (decoded !== undefined && WHOLE_MARKER.test(decoded)) return ports.secretData(decoded);
  // A service account's token Secret holds its own namespace: remembered, the word would vanish from the whole answer.
  if (decoded !== undefined && isOwnName(decoded, owner)) return ports.secretData(ports.fingerprint(decoded));
  if (decoded !== undefined) {
    // A megabyte that no text repeats as it is: what is in it is remembered, and not the whole.
    if (collectRelease(decoded, owner, ports)) return ports.secretData(ports.fingerprint(decoded));
    // Before the whole is remembered, or nothing of it would be left to look at.
    collectInner(decoded, ports);
  }
  const marker = ports.mark(bytes ?? text);
  ports.mark(text);
  return ports.secretData(marker);
}

function isOwnName(value: string, { metadata }: Fields): boolean {
  if (typeof metadata !== 'object' || metadata === null) return false;
  const { name, namespace } = metadata as Fields;
  return value === namespace || value === name;
}

/** Credentials inside a secret file (docker config, kubeconfig, .env): each is remembered, since a log shows it alone. */
function collectInner(decoded: string, ports: WalkPorts): void {
  redactNestedJson(decoded, 1, ports) ?? ports.scrub(decoded);
}

/** Remembers the credentials of a Helm release: its values and notes, and the Secrets among its manifests. False where it is none. */
function collectRelease(decoded: string, owner: Fields, ports: WalkPorts): boolean {
  if (owner['type'] !== 'helm.sh/release.v1' && !isHelmOwned(owner)) return false;
  const release = readRelease(decoded);
  if (release === undefined) return false;
  const { manifests, ...rest } = release;
  walk(rest, { depth: 0, name: '', kinded: true }, ports);
  for (const manifest of manifests) {
    for (const secret of secretsInManifest(manifest)) walk(secret, { depth: 0, name: '', kinded: false }, ports);
    ports.scrub(manifest);
  }
  return true;
}

function redactBinary(value: unknown, ports: WalkPorts): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  let changed = false;
  const entries = Object.entries(value).map(([key, text]): [string, unknown] => {
    if (typeof text !== 'string') return [key, text];
    const decoded = decodeUtf8(decodeBase64(text) ?? Buffer.of(0xff));
    // Binary that is text is judged as text would be, so that base64 is no hiding place.
    const clean = isCredentialName(key) ? redactSecretValue(text, {}, ports) : decoded;
    const shown = clean === decoded && decoded !== undefined ? ports.scrub(decoded) : clean;
    if (shown === undefined || shown === decoded) return [key, text];
    changed = true;
    return [key, shown];
  });
  return changed ? Object.fromEntries(entries) : value;
}
