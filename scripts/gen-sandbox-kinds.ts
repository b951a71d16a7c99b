/**
 * Writes what the sandbox knows of built-in kinds, `sandbox/kinds/data/`, from a running API server: which resources there are,
 * and the structure of their types, without descriptions. Run it by hand against a plain cluster of the wanted version, without
 * CRDs and add-ons: `KUBECONFIG=... K8S_MCP_KUBECTL_PATH=... node scripts/gen-sandbox-kinds.ts`.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:https';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ResourceInfo, ServedVersion, Subresource } from '../sandbox/types.ts';
import { METRICS_RESOURCES, METRICS_TYPES } from './gen/sandbox-metrics.ts';

const DATA = join(dirname(fileURLToPath(import.meta.url)), '..', 'sandbox', 'kinds', 'data');
const SCHEMAS = '#/components/schemas/';
const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

type Json = Record<string, unknown>;

interface ApiResource {
  resource: string;
  responseKind: { group: string; version: string; kind: string };
  scope: string;
  singularResource: string;
  verbs: string[];
  shortNames?: string[];
  categories?: string[];
  subresources?: {
    subresource: string;
    responseKind: { group: string; version: string; kind: string };
    verbs: string[];
  }[];
}

interface Discovery {
  items: { metadata: { name?: string }; versions: { version: string; resources: ApiResource[] }[] }[];
}

interface Answer {
  body: unknown;
  warning: string | undefined;
}

function connect(): (path: string, accept?: string) => Promise<Answer> {
  const kubectl = process.env['K8S_MCP_KUBECTL_PATH'] ?? 'kubectl';
  const view = execFileSync(kubectl, ['config', 'view', '--raw', '--minify', '--flatten', '-o', 'json'], {
    encoding: 'utf8',
  });
  const { clusters, users } = JSON.parse(view);
  const { cluster } = clusters[0];
  const { user } = users[0];
  const decode = (text?: string) => (text === undefined ? undefined : Buffer.from(text, 'base64'));
  const agent = new Agent({
    ca: decode(cluster['certificate-authority-data']),
    cert: decode(user['client-certificate-data']),
    key: decode(user['client-key-data']),
  });
  const authorization = user.token === undefined ? {} : { authorization: `Bearer ${user.token}` };
  return (path, accept = 'application/json') =>
    new Promise((resolve, reject) => {
      get(`${cluster.server}${path}`, { agent, headers: { accept, ...authorization } }, (message) => {
        const chunks: Buffer[] = [];
        message.on('data', (chunk) => chunks.push(chunk));
        message.on('end', () => {
          if (message.statusCode !== 200) return reject(new Error(`GET ${path}: ${message.statusCode}`));
          const warning = message.headers['warning'];
          resolve({
            body: JSON.parse(Buffer.concat(chunks).toString()),
            warning: typeof warning === 'string' ? warning : undefined,
          });
        });
      }).on('error', reject);
    });
}

const ask = connect();

/** Order of keys made the same everywhere; what only describes is left out. */
function structure(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(structure);
  if (typeof node !== 'object' || node === null) return node;
  const schema: Json = { ...node };
  delete schema['description'];
  delete schema['x-kubernetes-unions'];
  const { allOf } = schema;
  if (Array.isArray(allOf) && allOf.length === 1) {
    delete schema['allOf'];
    Object.assign(schema, allOf[0]);
  }
  // `{}` stands for every struct that is no pointer, and tells nothing.
  if (JSON.stringify(schema['default']) === '{}') delete schema['default'];
  if (typeof schema['$ref'] === 'string') schema['$ref'] = schema['$ref'].replace(SCHEMAS, '');
  if (schema['format'] === 'int-or-string') schema['x-kubernetes-int-or-string'] = true;
  const sorted = Object.entries(schema).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    sorted.map(([key, value]) => {
      if (key === 'default' || key === 'enum') return [key, value];
      if (key !== 'properties') return [key, structure(value)];
      return [
        key,
        Object.fromEntries(Object.entries(value as Json).map(([name, property]) => [name, structure(property)])),
      ];
    }),
  );
}

/** DeleteOptions and WatchEvent belong to every group; each document adds its own when it is served. */
function ownKinds(name: string, type: unknown): unknown {
  if (!/\.meta\.v1\.(DeleteOptions|WatchEvent)$/.test(name)) return type;
  return { ...(type as Json), 'x-kubernetes-group-version-kind': undefined };
}

const storageHash = (group: string, version: string, kind: string) =>
  createHash('sha256').update(`${group}/${version}/${kind}`).digest().subarray(0, 8).toString('base64');

const types = new Map<string, string>();
const typeOfKind = new Map<string, string>();
const resources = new Map<string, ResourceInfo>();

async function readTypes(path: string): Promise<void> {
  const { body } = await ask(`/openapi/v3/${path}`);
  const { components } = body as { components: { schemas: Record<string, Json> } };
  for (const [name, schema] of Object.entries(components.schemas)) {
    const text = JSON.stringify(structure(ownKinds(name, schema)));
    const known = types.get(name);
    if (known !== undefined && known !== text) throw new Error(`${name} differs between group versions`);
    types.set(name, text);
    const kinds = schema['x-kubernetes-group-version-kind'] as
      | { group: string; version: string; kind: string }[]
      | undefined;
    const [only] = kinds ?? [];
    if (kinds?.length === 1 && only !== undefined) typeOfKind.set(`${only.group}/${only.version}/${only.kind}`, name);
  }
}

async function deprecation(path: string, { resource, verbs }: ApiResource): Promise<Partial<ServedVersion>> {
  if (!verbs.includes('list')) return {};
  const { warning } = await ask(`/${path}/${resource}?limit=1`);
  const text = warning === undefined ? undefined : /^299 - "(.*)"$/.exec(warning)?.[1];
  return text === undefined ? {} : { deprecationWarning: text };
}

function subresources(group: string, version: string, { subresources = [] }: ApiResource): Record<string, Subresource> {
  return Object.fromEntries(
    subresources.map(({ subresource, responseKind, verbs }) => {
      const kind = responseKind.version === '' ? { group, version, kind: responseKind.kind } : responseKind;
      return [subresource, { kind, verbs }];
    }),
  );
}

async function readVersion(group: string, version: string, found: ApiResource[], order: string[]): Promise<void> {
  const path = group === '' ? `api/${version}` : `apis/${group}/${version}`;
  await readTypes(path);
  const { body } = await ask(`/${path}`);
  const { resources: legacy } = body as { resources: { name: string; storageVersionHash?: string }[] };
  for (const resource of found) {
    const { kind } = resource.responseKind;
    const type = typeOfKind.get(`${group}/${version}/${kind}`);
    const served: ServedVersion = {
      version,
      verbs: resource.verbs,
      subresources: subresources(group, version, resource),
      ...(type === undefined ? {} : { schema: { $ref: type } }),
      ...(await deprecation(path, resource)),
    };
    const id = group === '' ? resource.resource : `${resource.resource}.${group}`;
    const known = resources.get(id);
    if (known !== undefined) {
      resources.set(id, { ...known, versions: [...known.versions, served] });
      continue;
    }
    const hash = legacy.find(({ name }) => name === resource.resource)?.storageVersionHash;
    const ownVersion = order.find((candidate) => hash === storageHash(group, candidate, kind));
    // Events are one store under two groups.
    const elsewhere = hash !== undefined && ownVersion === undefined && hash === storageHash('', 'v1', kind);
    resources.set(id, {
      id,
      group,
      plural: resource.resource,
      singular: resource.singularResource,
      kind,
      listKind: `${kind}List`,
      namespaced: resource.scope === 'Namespaced',
      shortNames: resource.shortNames ?? [],
      categories: resource.categories ?? [],
      versions: [served],
      // The real one may store a version that it does not serve; nothing shows it.
      storageVersion: ownVersion ?? version,
      origin: 'builtin',
      ...(elsewhere ? { storedAs: resource.resource } : {}),
    });
  }
}

for (const path of ['/api', '/apis']) {
  const { body } = await ask(path, AGGREGATED);
  for (const { metadata, versions } of (body as Discovery).items) {
    const order = versions.map(({ version }) => version);
    for (const { version, resources: found } of versions) await readVersion(metadata.name ?? '', version, found, order);
  }
}
for (const resource of METRICS_RESOURCES) resources.set(resource.id, resource);
for (const [name, type] of Object.entries(METRICS_TYPES)) types.set(name, JSON.stringify(structure(type)));

const lines = (entries: readonly string[]) => `${entries.join('\n')}\n`;
const sortedTypes = [...types].sort(([a], [b]) => (a < b ? -1 : 1));
mkdirSync(DATA, { recursive: true });
writeFileSync(join(DATA, 'types.jsonl'), lines(sortedTypes.map(([name, text]) => `${name} ${text}`)));
writeFileSync(
  join(DATA, 'resources.jsonl'),
  lines([...resources.values()].map((resource) => JSON.stringify(resource))),
);
process.stdout.write(`${resources.size} resources, ${types.size} types\n`);
