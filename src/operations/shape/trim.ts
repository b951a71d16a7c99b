const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
/** Deeper parts are left as they are. */
const MAX_DEPTH = 100;
/** These come first, in this order; the rest as the server sent it. */
const FIRST = ['apiVersion', 'kind', 'metadata', 'spec', 'data', 'status'];
const FIRST_OF_METADATA = ['name', 'namespace', 'labels', 'annotations'];

type Fields = Record<string, unknown>;

/**
 * `object` as it is worth showing: without managedFields, last-applied, selfLink, nulls and empty maps and lists; the
 * telling keys first. `full` keeps all but changes the order. The input stays as it is.
 */
export function trimObject(object: unknown, { full = false }: { full?: boolean } = {}): unknown {
  if (!isFields(object)) return object;
  const trimmed = full ? object : dropEmpty(withoutNoise(object), 0);
  if (!isFields(trimmed)) return {};
  const metadata = trimmed['metadata'];
  const ordered = inOrder(trimmed, FIRST);
  return isFields(metadata) ? { ...ordered, metadata: inOrder(metadata, FIRST_OF_METADATA) } : ordered;
}

function withoutNoise(object: Fields): Fields {
  const metadata = object['metadata'];
  if (!isFields(metadata)) return object;
  const { managedFields: _, selfLink: __, ...kept } = metadata;
  const annotations = kept['annotations'];
  if (!isFields(annotations)) return { ...object, metadata: kept };
  const { [LAST_APPLIED]: ___, ...others } = annotations;
  return { ...object, metadata: { ...kept, annotations: others } };
}

/** Without nulls and what is empty; undefined when nothing is left. An empty `emptyDir: {}` says something and stays. */
function dropEmpty(value: unknown, depth: number): unknown {
  if (value === null || value === undefined) return undefined;
  if (typeof value !== 'object' || depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) {
    // The places of elements count: an element that is empty stays.
    const items = value.map((item) => dropEmpty(item, depth + 1) ?? item);
    return items.length === 0 ? undefined : items;
  }
  const entries: [string, unknown][] = [];
  for (const [key, item] of Object.entries(value)) {
    const kept = TELLING_WHEN_EMPTY.has(key) && isFields(item) ? item : dropEmpty(item, depth + 1);
    if (kept !== undefined) entries.push([key, kept]);
  }
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Fields whose presence is the message: an empty selector selects all. */
const TELLING_WHEN_EMPTY: ReadonlySet<string> = new Set([
  'emptyDir',
  'selector',
  'podSelector',
  'namespaceSelector',
  'labelSelector',
  'objectSelector',
  'running',
]);

function inOrder(fields: Fields, first: readonly string[]): Fields {
  const head = first.filter((key) => Object.hasOwn(fields, key)).map((key): [string, unknown] => [key, fields[key]]);
  return Object.fromEntries([...head, ...Object.entries(fields).filter(([key]) => !first.includes(key))]);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
