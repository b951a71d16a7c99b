/** A small Kubernetes API on 127.0.0.1 whose objects never change, and that keeps every request it was sent. No cluster needed. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { KubeObject } from '../../src/kernel/vocabulary.ts';
import { aggregated, aggregatedResource } from '../../src/kube/testing/fixtures.ts';
import { closed, listening } from './scripted-api.ts';

export interface ScriptedCluster {
  /** A context reaches it under a path of its own, `<url>/<context>`, so that requests tell which context they came by. */
  url: string;
  /** `GET /main/api/v1/pods?limit=500`, discovery left out. */
  requests: string[];
  /** The same with discovery. */
  all: string[];
  close(): Promise<void>;
}

export interface World {
  objects: readonly KubeObject[];
  /** Answers every list over all namespaces with everything there is, whatever its selectors ask for. */
  ignoresSelectors?: boolean;
}

const CORE_KINDS = [
  aggregatedResource('pods', 'Pod', { short: ['po'], subs: ['log', 'status'], categories: ['all'] }),
  aggregatedResource('services', 'Service', { short: ['svc'], categories: ['all'] }),
  aggregatedResource('configmaps', 'ConfigMap', { short: ['cm'] }),
  aggregatedResource('secrets', 'Secret'),
  aggregatedResource('events', 'Event', { short: ['ev'] }),
  aggregatedResource('nodes', 'Node', { short: ['no'], cluster: true }),
  aggregatedResource('namespaces', 'Namespace', { short: ['ns'], cluster: true }),
];
const APPS_KINDS = [aggregatedResource('deployments', 'Deployment', { short: ['deploy'], subs: ['scale', 'status'] })];
const RBAC_KINDS = [aggregatedResource('clusterroles', 'ClusterRole', { cluster: true })];
const DISCOVERY: Readonly<Record<string, unknown>> = {
  '/api': aggregated({ '': [{ version: 'v1', resources: CORE_KINDS }] }),
  '/apis': aggregated({
    apps: [{ version: 'v1', resources: APPS_KINDS }],
    'events.k8s.io': [{ version: 'v1', resources: [aggregatedResource('events', 'Event', { short: ['ev'] })] }],
    'rbac.authorization.k8s.io': [{ version: 'v1', resources: RBAC_KINDS }],
  }),
};
const KINDS = new Map([...CORE_KINDS, ...APPS_KINDS, ...RBAC_KINDS].map((r) => [r.resource, r.responseKind.kind]));

export async function scriptedCluster(world: World): Promise<ScriptedCluster> {
  const all: string[] = [];
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const line = `${request.method} ${request.url}`;
    all.push(line);
    const [, , ...rest] = (request.url ?? '').split('/');
    const url = new URL(`/${rest.join('/')}`, 'http://api');
    if (!(url.pathname in DISCOVERY)) requests.push(line);
    const { status = 200, ...answer } = answerTo(world, request.method ?? '', url, request.headers.accept ?? '', body);
    const text = 'text' in answer ? answer.text : JSON.stringify(answer.json);
    response.writeHead(status, { 'content-type': 'text' in answer ? 'text/plain' : 'application/json' }).end(text);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await listening(server);
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests, all, close: () => closed(server, sockets) };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

type Answer = { status?: number; text: string } | { status?: number; json: unknown };

interface Address {
  resource: string;
  namespace?: string;
  name?: string;
  subresource?: string;
}

/** Every path of a resource that these kinds have; a Namespace object's path is `/api/v1/namespaces/<name>`. */
function addressOf(path: string): Address | undefined {
  const [, tail] = /^\/(?:api\/v1|apis\/[^/]+\/v1)\/(.+)$/.exec(path) ?? [];
  if (tail === undefined) return undefined;
  const [, namespace, inside] = /^namespaces\/([^/]+)\/(.+)$/.exec(tail) ?? [];
  const [resource = '', name, subresource] = (inside ?? tail).split('/');
  return {
    resource,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

function answerTo(world: World, method: string, url: URL, accept: string, body: string): Answer {
  const document = DISCOVERY[url.pathname];
  if (document !== undefined) return { json: document };
  const address = addressOf(url.pathname);
  if (address === undefined) return missing(url.pathname);
  const { resource, namespace, name, subresource } = address;
  const kind = KINDS.get(resource);
  const here = world.objects.filter(
    (object) => object.kind === kind && (namespace === undefined || object.metadata?.namespace === namespace),
  );
  if (method === 'POST') return { status: 201, json: stored(JSON.parse(body) as KubeObject) };
  if (name === undefined) return { json: listed(world, here, { kind, spans: namespace === undefined }, url, accept) };
  const object = here.find((candidate) => candidate.metadata?.name === name);
  if (object === undefined) return missing(name);
  if (subresource === 'log') return { text: `a line of ${name}\n` };
  if (method === 'GET') return { json: subresource === 'scale' ? scaleOf(object) : object };
  if (method === 'DELETE') return { json: { kind: 'Status', apiVersion: 'v1', status: 'Success' } };
  return { json: stored({ ...object, ...(JSON.parse(body) as KubeObject) }) };
}

function missing(name: string): Answer {
  const json = {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    reason: 'NotFound',
    code: 404,
    message: `${name} not found`,
  };
  return { status: 404, json };
}

function stored(object: KubeObject): KubeObject {
  return { ...object, metadata: { ...object.metadata, uid: 'stored', resourceVersion: '8' } };
}

function scaleOf({ metadata, spec }: KubeObject) {
  return { kind: 'Scale', apiVersion: 'autoscaling/v1', metadata, spec, status: spec };
}

/** As a server lists: selectors, pages, tables and bare metadata. The continue token is the index of the next object. */
function listed(
  { ignoresSelectors = false }: World,
  here: readonly KubeObject[],
  { kind, spans }: { kind: string | undefined; spans: boolean },
  url: URL,
  accept: string,
) {
  const query = url.searchParams;
  const chosen = ignoresSelectors && spans ? here : here.filter((object) => selected(object, query));
  const from = Number(query.get('continue') ?? 0);
  const limit = Number(query.get('limit') ?? chosen.length) || chosen.length;
  const items = chosen.slice(from, from + limit);
  const left = chosen.length - from - items.length;
  const more = left > 0 ? { continue: String(from + items.length), remainingItemCount: left } : {};
  const metadata = { resourceVersion: '7', ...more };
  if (accept.includes('as=Table')) return { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata, ...tableOf(items) };
  if (!accept.includes('PartialObjectMetadataList')) return { kind: `${kind}List`, metadata, items };
  const bare = items.map((item) => ({ kind: 'PartialObjectMetadata', metadata: item.metadata }));
  return { kind: 'PartialObjectMetadataList', metadata, items: bare };
}

function tableOf(items: readonly KubeObject[]) {
  const columnDefinitions = [{ name: 'Name', type: 'string', format: 'name', priority: 0 }];
  const rows = items.map(({ metadata }) => ({ cells: [metadata?.name], object: { metadata } }));
  return { columnDefinitions, rows };
}

function selected(object: KubeObject, query: URLSearchParams): boolean {
  const fields = terms(query.get('fieldSelector')).every(
    ({ key, equal, value }) => (fieldOf(object, key) === value) === equal,
  );
  const labels = object.metadata?.labels ?? {};
  return (
    fields && terms(query.get('labelSelector')).every(({ key, equal, value }) => (labels[key] === value) === equal)
  );
}

function fieldOf(object: KubeObject, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], object);
}

function terms(selector: string | null): { key: string; equal: boolean; value: string }[] {
  return (selector ?? '').split(',').flatMap((term) => {
    const [, key = '', operator, value = ''] = /^([^=!]+)(!=|==?)(.*)$/.exec(term) ?? [];
    return operator === undefined ? [] : [{ key, equal: operator !== '!=', value }];
  });
}
