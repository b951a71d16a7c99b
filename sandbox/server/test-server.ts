/** A server over real kinds, store and reader, with a scripted registry and access: what the server's own tests talk to. */
import { Agent, fetch, type RequestInit, type Response } from 'undici';
import { createReader } from '../api/create-reader.ts';
import { notFound } from '../api/failure.ts';
import { createClock } from '../clock.ts';
import { createDocuments } from '../kinds/create-documents.ts';
import { createKinds } from '../kinds/create-kinds.ts';
import { decodeBody } from '../kinds/decode-body.ts';
import type { Registry } from '../registry/types.ts';
import { createStore } from '../store/create-store.ts';
import type { Caller, KubeObject } from '../types.ts';
import { createServer } from './create-server.ts';
import type { Attributes, ServerParts } from './ports.ts';
import { createTrust } from './trust.ts';

const trust = createTrust(Date.now());

export interface TestServer {
  url: string;
  port: number;
  parts: ServerParts;
  store: ReturnType<typeof createStore>;
  clock: ReturnType<typeof createClock>;
  errors: unknown[];
  /** Asks over HTTP/2 as `admin`, unless headers say otherwise. */
  get(path: string, init?: RequestInit): Promise<Response>;
  server: ReturnType<typeof createServer>;
  stop(): Promise<void>;
}

export const podNamed = (name: string, namespace = 'default', extra: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, uid: `uid-${name}`, labels: { app: name } },
  spec: { containers: [{ name: 'main', image: 'nginx' }] },
  ...extra,
});

/** `admin` may all, `viewer` may get and list, others nothing. */
function allows({ user }: Caller, { verb }: Attributes): boolean {
  return user === 'admin' || (user === 'viewer' && ['get', 'list', 'watch'].includes(verb));
}

export async function startTestServer(change: (parts: ServerParts) => void = () => undefined): Promise<TestServer> {
  const kinds = createKinds();
  const store = createStore();
  const clock = createClock('still', Date.UTC(2026, 0, 1));
  const errors: unknown[] = [];
  const parts: ServerParts = {
    kinds,
    store,
    clock,
    reader: createReader({ store, clock, kinds }),
    registry: scriptedRegistry(store),
    trust,
    authenticate({ authorization, certificate }) {
      if (certificate) return { user: certificate.commonName, groups: certificate.organizations };
      if (authorization === undefined) return { user: 'system:anonymous', groups: [] };
      const token = authorization.replace(/^Bearer /, '');
      return token === 'bad' ? undefined : { user: token, groups: [] };
    },
    authorize: (caller, attributes) => ({ allowed: allows(caller, attributes) }),
    table: () => ({
      columns: [{ name: 'Name', type: 'string', format: 'name', description: 'd', priority: 0 }],
      row: (object) => ({ cells: [object.metadata.name] }),
    }),
    converter: () => undefined,
    decode: decodeBody,
    documents: createDocuments(kinds),
    logs(pod, options, sink) {
      sink.write(`log of ${pod.metadata.name}\n`);
      if (!options.follow) sink.end();
      return () => undefined;
    },
    metrics: ({ resource, name }) => ({ kind: 'NodeMetricsList', resource, name }),
    reviews: {
      'selfsubjectaccessreviews.authorization.k8s.io': (review, caller) => ({
        ...review,
        status: { allowed: caller.user === 'admin' },
      }),
    },
    admin: ({ path, body, method }) => (path === 'echo' ? { status: 200, body: { method, body } } : undefined),
    version: { major: '1', minor: '36', gitVersion: 'v1.36.3+k8s-mcp-sandbox' },
    onError: (thrown) => errors.push(thrown),
  };
  change(parts);
  const server = createServer(parts);
  const { url, port } = await server.start({ host: '127.0.0.1', port: 0 });
  const agent = new Agent({ allowH2: true, connect: { ca: trust.authority.cert } });
  return {
    url,
    port,
    parts,
    store,
    clock,
    errors,
    server,
    get: (path, init = {}) =>
      fetch(url + path, {
        dispatcher: agent,
        ...init,
        headers: { authorization: 'Bearer admin', 'user-agent': 'test', ...(init.headers as Record<string, string>) },
      }),
    async stop() {
      await server.stop();
      await agent.destroy();
    },
  };
}

/** Enough of a registry: what is put is there. */
function scriptedRegistry(store: ReturnType<typeof createStore>): Registry {
  const find: Registry['get'] = ({ resource, namespace, name }) => {
    const version = store.get(resource.id, namespace, name);
    if (version === undefined) throw notFound(resource, name);
    return version.body.object();
  };
  const put = (resource: string, object: KubeObject) => store.put({ resource, object }).body.object();
  return {
    get: find,
    create(target, object, context) {
      for (const text of context.strictErrors ?? []) context.warn(text);
      const { apiVersion, kind, ...rest } = object;
      const whole = { apiVersion: apiVersion ?? 'v1', kind: kind ?? target.resource.kind, ...rest };
      whole.metadata = {
        ...object.metadata,
        uid: 'made',
        ...(target.namespace ? { namespace: target.namespace } : {}),
      };
      return context.dryRun ? whole : put(target.resource.id, whole);
    },
    update: (target, object) => ({ object: put(target.resource.id, object), created: false }),
    patch: (target, patch) => ({
      object: put(target.resource.id, { ...find(target), patched: { type: patch.type, body: patch.body } }),
      created: false,
    }),
    delete(target, _options, context) {
      const object = find(target);
      if (!context.dryRun) store.remove(target.resource.id, target.namespace, target.name);
      return { kind: 'gone', object };
    },
  };
}
