/**
 * Puts names in the place of what two servers cannot have in common, so that all else can be compared word by word.
 *
 * | what | becomes | and still shows |
 * |---|---|---|
 * | uids | `<uid 1>` in the order of appearance | where the same object is meant |
 * | resourceVersions of objects | `<rv 1>` by size | which is older, which are equal |
 * | resourceVersions of lists and bookmarks | see `listVersion` | how they relate to the items and to what was asked |
 * | moments | `<time>`, `<time µs>` | their precision |
 * | names made from `generateName`, hashes of pod templates | `<name 1>`, `<hash 1>` | where they are repeated |
 * | addresses, node ports and nodes that the server chose | `<address 1>`, `<port 1>`, `<node>` | where they are repeated |
 * | ages in tables | `<age>` | whether there is one |
 * | the name of a test user's binding, the hash of its certificate | `<binding of viewer>` | whose it is |
 * | continue tokens, certificates, tokens of service accounts | `<continue>`, ... | whether there is one |
 *
 * Nothing that a request of the sequence itself said is replaced. Not compared: the order of keys, how YAML is
 * laid out, descriptions of columns.
 */
import type { Entry, Transcript } from './transcript.ts';
import { isObject, walk } from './walk.ts';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const MOMENT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;
/** Random letters at the end of a generated name. */
const SUFFIX = 5;
const AGE = /^(\d+[smhdy])+$/;
/** Columns of tables that hold an age or a duration. */
const AGE_COLUMNS = new Set([
  'Age',
  'Last Seen',
  'First Seen',
  'Duration',
  'Last Schedule',
  'Created At',
  'RequestedDuration',
]);
/** Fields that hold an address that the server may have chosen. */
const ADDRESS_FIELDS = new Set(['clusterIP', 'clusterIPs', 'podIP', 'hostIP', 'ip', 'addresses']);
/** The volume of a pod that has the token of its service account. */
const TOKEN_VOLUME = /^kube-api-access-[a-z0-9]{5}$/;
const PORT_FIELDS = new Set(['nodePort', 'healthCheckNodePort']);

export function normalise(transcript: Transcript): Transcript {
  const pages = { lastListVersion: '' };
  const related = transcript.map((entry) =>
    entry.kind === 'note' ? entry : { ...entry, body: readTables(relateListVersions(entry.body, entry.path, pages)) },
  );
  const names = collectNames(related);
  return related.map((entry): Entry => {
    if (entry.kind === 'note') return { ...entry, value: names.inValue(entry.value) };
    const headers = Object.fromEntries(Object.entries(entry.headers).map(([key, value]) => [key, names.inText(value)]));
    return { ...entry, headers, body: sortedAt(inOneOrder(names.inValue(entry.body)), entry.unordered) };
  });
}

interface Names {
  inText(text: string): string;
  inValue(value: unknown): unknown;
}

/** Gives a name to each thing in the order in which it appears. */
function collectNames(transcript: Transcript): Names {
  const sent = transcript.map((entry) => (entry.kind === 'answer' ? entry.sent : '')).join('\n');
  const known = new Map<string, string>();
  const counts = new Map<string, number>();
  const versions = new Set<string>();
  const name = (text: string, kind: string, prefix = '') => {
    if (known.has(text) || text === '' || sent.includes(text)) return;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    known.set(text, `${prefix}<${kind} ${count}>`);
  };
  for (const entry of transcript) {
    if (entry.kind === 'note') continue;
    const refused = nameOfRefused(entry.body);
    const prefix = refused === '' ? undefined : /"generateName":"([^"]+)"/.exec(entry.sent)?.[1];
    if (prefix !== undefined && refused.startsWith(prefix.slice(0, refused.length - SUFFIX)))
      name(refused, 'name', refused.slice(0, -SUFFIX));
    walk(entry.body, (key, value, parents) => {
      if (typeof value === 'string') {
        for (const [uid] of value.matchAll(UUID)) name(uid, 'uid');
        if (key === 'resourceVersion' && /^\d+$/.test(value) && value !== '0') versions.add(value);
        if (key === 'pod-template-hash' || key === 'controller-revision-hash') name(value, 'hash');
        if (key === 'currentRevision' || key === 'updateRevision') name(value, 'revision');
        for (const [, hash = ''] of value.matchAll(/ReplicaSet "[^"]*-([a-z0-9]{8,10})"/g)) name(hash, 'hash');
        if (parents.some((parent) => ADDRESS_FIELDS.has(parent)) && /^[\d.]+$|:.*:/.test(value)) name(value, 'address');
      }
      if (typeof value === 'string' && key === 'name' && TOKEN_VOLUME.test(value))
        name(value, 'name', 'kube-api-access-');
      if (typeof value === 'number' && PORT_FIELDS.has(key) && value !== 0 && !sent.includes(String(value)))
        name(String(value), 'port');
      if (key === 'cells') nameCells(value, name, sent);
      if (isObject(value) && typeof value['generateName'] === 'string' && typeof value['name'] === 'string') {
        const prefix = value['generateName'];
        if (value['name'].startsWith(prefix)) name(value['name'], 'name', prefix);
      }
    });
  }
  const ranks = new Map([...versions].sort((a, b) => Number(a) - Number(b)).map((rv, at) => [rv, `<rv ${at + 1}>`]));
  const longestFirst = [...known].sort(([a], [b]) => b.length - a.length).filter(([text]) => !/^\d+$/.test(text));
  const ports = [...known].filter(([text]) => /^\d+$/.test(text));

  const inText = (text: string): string => {
    let result = text;
    for (const [from, to] of longestFirst) if (result.includes(from)) result = result.replaceAll(from, to);
    for (const [from, to] of ports)
      result = result.replaceAll(`:${from}/`, `:${to}/`).replaceAll(`Invalid value: ${from}:`, `Invalid value: ${to}:`);
    return result
      .replace(MOMENT, (moment, fraction?: string) => momentName(moment, fraction, sent))
      .replace(/-----BEGIN CERTIFICATE-----[\s\S]*-----END CERTIFICATE-----\n?/, '<certificate>')
      .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '<token>')
      .replace(
        /(resourceVersion\\*":\\*")(\d+)/g,
        (_, before: string, rv: string) => before + (ranks.get(rv) ?? '<rv>'),
      )
      .replace(/(too old resource version: )\d+ \(\d+\)/, '$1<rv> (<rv>)')
      .replace(/(ResourceVersion in record \()\d+/, '$1<rv>')
      .replace(/X509SHA256=[0-9a-f]{64}/g, 'X509SHA256=<hash of the certificate>')
      .replace(/"(?:k8s-mcp-test|sandbox)-(viewer|editor)/g, '"<binding of $1>')
      .replace(/(Too large resource version: \d+, current: )\d+/, '$1<rv>');
  };
  const inValue = (value: unknown, key = ''): unknown => {
    if (typeof value === 'string') {
      if (key === 'resourceVersion') return ranks.get(value) ?? value;
      if (key === 'continue' && value !== '') return '<continue>';
      if (key === 'nodeName' && !sent.includes(value)) return '<node>';
      if (key === 'serverAddress') return '<address of the server>';
      return inText(value);
    }
    if (typeof value === 'number') return PORT_FIELDS.has(key) ? (known.get(String(value)) ?? value) : value;
    if (Array.isArray(value)) return value.map((item) => inValue(item, key));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([inner, item]) => [inText(inner), inValue(item, inner)]));
  };
  return { inText, inValue };
}

/** Addresses and node ports that only a table shows. */
function nameCells(cell: unknown, name: (text: string, kind: string) => void, sent: string): void {
  if (typeof cell !== 'string') return;
  if (/^10\.96\.\d+\.\d+$/.test(cell)) name(cell, 'address');
  for (const [, port = ''] of cell.matchAll(/:(3[0-2]\d{3})\/[A-Z]+/g)) if (!sent.includes(port)) name(port, 'port');
}

/** Of an object that got a name and was refused then. */
function nameOfRefused(body: unknown): string {
  const details = isObject(body) ? body['details'] : undefined;
  return isObject(details) && typeof details['name'] === 'string' ? details['name'] : '';
}

function momentName(moment: string, fraction: string | undefined, sent: string): string {
  if (sent.includes(moment)) return moment;
  return fraction === undefined
    ? '<time>'
    : fraction.length === 7
      ? '<time µs>'
      : `<time ${fraction.length - 1} digits>`;
}

/** Says of a list's or bookmark's version what two servers can agree on: how it relates to what was asked and answered. */
function relateListVersions(body: unknown, path: string, pages: { lastListVersion: string }): unknown {
  const query = new URL(path, 'https://server').searchParams;
  if (Array.isArray(body))
    return body.map((event) => {
      if (!isObject(event) || event['type'] !== 'BOOKMARK' || !isObject(event['object'])) return event;
      return { ...event, object: bookmark(event['object']) };
    });
  if (!isObject(body) || !isObject(body['metadata'])) return body;
  if (!('items' in body) && !('rows' in body)) return body;
  const own = body['metadata']['resourceVersion'];
  if (typeof own !== 'string' || !/^[1-9]\d*$/.test(own)) return body;
  const newest = newestVersion(body['items'] ?? body['rows']);
  const asked = query.get('resourceVersion') ?? '';
  const said = [
    Number(own) >= newest ? 'not older than its items' : 'OLDER THAN ITS ITEMS',
    ...(/^[1-9]\d*$/.test(asked) ? [relation(Number(own), Number(asked), query.get('resourceVersionMatch'))] : []),
    ...(query.has('continue') ? [own === pages.lastListVersion ? 'of the page before' : 'not of the page before'] : []),
  ];
  pages.lastListVersion = own;
  return withVersion(body, `<rv ${said.join(', ')}>`);
}

function bookmark(object: Record<string, unknown>): unknown {
  if (!Array.isArray(object['rows'])) return withVersion(object, '<rv of bookmark>');
  const rows = object['rows'].map((row) => ({ ...row, object: withVersion(row.object, '<rv of bookmark>') }));
  return withVersion({ ...object, rows }, '<rv of bookmark>');
}

function relation(own: number, asked: number, match: string | null): string {
  if (match === 'Exact') return own === asked ? 'as asked' : 'NOT AS ASKED';
  return own >= asked ? 'not older than asked' : 'OLDER THAN ASKED';
}

function withVersion(object: Record<string, unknown>, resourceVersion: string): unknown {
  return { ...object, metadata: { ...(object['metadata'] as object), resourceVersion } };
}

function newestVersion(items: unknown): number {
  let newest = 0;
  walk(items, (key, value) => {
    if (key === 'resourceVersion' && typeof value === 'string') newest = Math.max(newest, Number(value) || 0);
  });
  return newest;
}

interface Column {
  name: string;
  type: string;
  description?: string;
}

/** Hides ages; of a watch, only the first table has columns. */
function readTables(body: unknown, known: Column[] = []): unknown {
  if (Array.isArray(body)) {
    const first = body.map((event) => columnsOf(event?.object)).find((columns) => columns.length > 0);
    return body.map((event) => (isObject(event) ? { ...event, object: readTables(event['object'], first) } : event));
  }
  if (!isObject(body) || body['kind'] !== 'Table' || !Array.isArray(body['rows'])) return body;
  const own = columnsOf(body);
  const columns = own.length > 0 ? own : known;
  const rows = body['rows'].map((row: { cells: unknown[] }) => ({
    ...row,
    cells: row.cells.map((cell, at) =>
      isAge(columns[at]) && typeof cell === 'string' && AGE.test(cell) ? '<age>' : cell,
    ),
  }));
  if (!Array.isArray(body['columnDefinitions'])) return { ...body, rows };
  // Descriptions are prose of the real API, which nothing goes by.
  return { ...body, rows, columnDefinitions: own.map(({ description: _, ...column }) => column) };
}

function isAge(column: Column | undefined): boolean {
  return column !== undefined && (column.type === 'date' || AGE_COLUMNS.has(column.name));
}

function columnsOf(body: unknown): Column[] {
  return isObject(body) && Array.isArray(body['columnDefinitions']) ? body['columnDefinitions'] : [];
}

/**
 * Managers stand in the order of the seconds in which they wrote, so that it depends on where a second ends;
 * the causes of a conflict of appliers come out of a Go map.
 */
function inOneOrder(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => inOneOrder(item)) as Record<string, string>[];
    const random = key === 'managedFields' || (key === 'causes' && items[0]?.['reason'] === 'FieldManagerConflict');
    return random ? items.sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1)) : items;
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([inner, item]) => [inner, inOneOrder(item, inner)]));
}

const orderOf = ({ operation, manager, subresource, message, field, apiVersion }: Record<string, string>) =>
  [operation, manager, subresource, apiVersion, message, field].join(' ');

/** Sorts the lists at these paths (`items`, `*` for every element), which the real server gives in no order. */
function sortedAt(body: unknown, paths: readonly string[]): unknown {
  return paths.reduce((result, path) => sortAt(result, path.split('.')), body);
}

function sortAt(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined)
    return Array.isArray(value) ? [...value].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : value;
  if (key === '*' && Array.isArray(value)) return value.map((item) => sortAt(item, rest));
  if (!isObject(value) || !(key in value)) return value;
  return { ...value, [key]: sortAt(value[key], rest) };
}
