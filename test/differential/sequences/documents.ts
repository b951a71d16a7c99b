/** The documents that describe the API: discovery, OpenAPI, the version. */
import { clusterSequence, get, type Sequence, type Step, topic } from '../sequence.ts';

const accept = (value: string) => ({ headers: { accept: value } });

/** Only the parts of a document that another server can have too: the sandbox describes itself in fewer words. */
const shapeOf =
  (path: string, shape: (body: never) => unknown): Step =>
  async (on) => {
    const form = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
    const headers = { accept: /^.api/.test(path) ? form : 'application/json' };
    const { status, body } = await on.send({ ...get(path), headers, unrecorded: true });
    // Some documents are served as text.
    on.note(`${status} ${path}`, shape((typeof body === 'string' ? JSON.parse(body) : body) as never));
  };

interface Discovered {
  items: {
    metadata: { name?: string };
    versions: { version: string; freshness?: string; resources?: { resource: string }[] }[];
  }[];
}
/** Groups of definitions come and go with other sequences and other suites. */
const isBuiltIn = (group: string) => !group.includes('.') || group.endsWith('.k8s.io');

/** By their names. */
const builtIn = ({ items }: Discovered) =>
  byName(
    items.map((item) => [item.metadata.name ?? '', item]),
    isBuiltIn,
  );

function byName(entries: readonly (readonly [string, unknown])[], wanted: (name: string) => boolean) {
  return Object.fromEntries(entries.filter(([name]) => wanted(name)));
}

interface Schema {
  properties?: Record<string, Schema>;
  required?: string[];
  type?: string;
  items?: Schema;
  $ref?: string;
  allOf?: Schema[];
  additionalProperties?: Schema;
  format?: string;
  'x-kubernetes-group-version-kind'?: unknown;
}
interface Document {
  paths: Record<string, Record<string, unknown>>;
  components: { schemas: Record<string, Schema> };
}
const structure = (schema: Schema): unknown => ({
  type: schema.type,
  format: schema.format,
  required: schema.required?.toSorted(),
  ref: schema.$ref ?? schema.allOf?.[0]?.$ref,
  kinds: schema['x-kubernetes-group-version-kind'] === undefined ? undefined : 'some',
  items: schema.items && structure(schema.items),
  more: schema.additionalProperties && structure(schema.additionalProperties),
  properties:
    schema.properties &&
    Object.fromEntries(Object.entries(schema.properties).map(([key, value]) => [key, structure(value)])),
});

/** What is asked of an API, without the parameters, which the sandbox leaves out. */
const METHODS = new Set(['get', 'put', 'post', 'patch', 'delete']);

/** The schemas of the group's own kinds and all that they are made of. */
function reached({ components: { schemas } }: Document): Record<string, unknown> {
  const found = new Map<string, unknown>();
  const waiting = Object.keys(schemas).filter(
    (name) => schemas[name]?.['x-kubernetes-group-version-kind'] && !name.includes('.meta.v1.'),
  );
  for (const name of waiting) {
    const schema = schemas[name];
    if (schema === undefined || found.has(name)) continue;
    found.set(name, structure(schema));
    for (const [, next = ''] of JSON.stringify(schema).matchAll(/#\/components\/schemas\/([^"]+)"/g))
      waiting.push(next);
  }
  return Object.fromEntries(found);
}

const operations = ({ paths: all }: Document) =>
  Object.fromEntries(
    Object.entries(all)
      .filter(([path]) => !path.includes('/watch/') && !path.endsWith('/'))
      .map(([path, item]) => [
        path,
        Object.keys(item)
          .filter((key) => METHODS.has(key))
          .sort(),
      ]),
  );

const GROUPS = [
  'api/v1',
  'apis/apps/v1',
  'apis/batch/v1',
  'apis/networking.k8s.io/v1',
  'apis/autoscaling/v2',
  'apis/rbac.authorization.k8s.io/v1',
  'apis/policy/v1',
  'apis/storage.k8s.io/v1',
  'apis/coordination.k8s.io/v1',
  'apis/events.k8s.io/v1',
  'apis/discovery.k8s.io/v1',
  'apis/apiextensions.k8s.io/v1',
  'apis/admissionregistration.k8s.io/v1',
  'apis/scheduling.k8s.io/v1',
  'apis/node.k8s.io/v1',
  'apis/certificates.k8s.io/v1',
  'apis/flowcontrol.apiserver.k8s.io/v1',
  'apis/resource.k8s.io/v1',
  'apis/authorization.k8s.io/v1',
  'apis/authentication.k8s.io/v1',
  'apis/apiregistration.k8s.io/v1',
];

/** Definitions of discovery and watches, which no kind is made of. */
const ABOUT_THE_API =
  /\.(API\w+|WatchEvent|RawExtension|GroupVersionForDiscovery|ServerAddressByClientCIDR|version\.Info)$/;

const documents: Sequence[] = [
  clusterSequence('aggregated discovery', shapeOf('/api', builtIn), shapeOf('/apis', builtIn)),
  clusterSequence(
    'legacy discovery',
    get('/api', { headers: { accept: 'application/json' } }),
    ...GROUPS.map((group) => get(`/${group}`)),
    get('/apis/apps'),
    get('/apis/autoscaling'),
  ),
  clusterSequence('groups in the old form', async (on) => {
    const { body } = await on.send({ ...get('/apis'), unrecorded: true });
    on.note(
      'groups',
      byName(
        (body as { groups: { name: string }[] }).groups.map((group) => [group.name, group]),
        isBuiltIn,
      ),
    );
  }),
  clusterSequence(
    'discovery as other things',
    get('/api', accept('application/json;g=apidiscovery.k8s.io;v=v9;as=APIGroupDiscoveryList')),
    get('/apis/apps/v1', accept('application/vnd.kubernetes.protobuf')),
    get('/apis/apps/v1', accept('text/html')),
  ),
  clusterSequence(
    'the version',
    shapeOf('/version', (body: Record<string, string>) => ({
      keys: Object.keys(body).sort(),
      major: body['major'],
      minor: body['minor'],
    })),
  ),
  clusterSequence(
    'the index of OpenAPI v3',
    shapeOf('/openapi/v3', (body: { paths: Record<string, { serverRelativeURL: string }> }) =>
      byName(
        Object.entries(body.paths).map(([path, { serverRelativeURL }]) => [
          path,
          serverRelativeURL.replace(/hash=.*/, 'hash='),
        ]),
        // What kubectl looks for: the documents of groups in a version.
        (path) => /^(api|apis\/[^/]+)\/v\w+$/.test(path) && isBuiltIn(path.split('/').at(-2) ?? ''),
      ),
    ),
  ),
  ...GROUPS.map((group) =>
    clusterSequence(
      `OpenAPI v3 of ${group}`,
      shapeOf(`/openapi/v3/${group}`, (body: Document) => ({ operations: operations(body), schemas: reached(body) })),
    ),
  ),
  clusterSequence(
    'OpenAPI v2',
    shapeOf('/openapi/v2', (body: { definitions: Record<string, Schema> }) =>
      byName(
        Object.keys(body.definitions).map((name) => [name, 'there']),
        // Other suites install custom kinds on the same control plane meanwhile.
        (name) => name.startsWith('io.k8s.') && !ABOUT_THE_API.test(name),
      ),
    ),
  ),
];

export const DOCUMENTS = topic('document', ...documents);
