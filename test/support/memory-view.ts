/** A cluster in memory, for tests of tools: real kind resolution, real paging, and every request kept. No sockets. */
import { expect } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../../src/kernel/clock.ts';
import { AppError } from '../../src/kernel/errors.ts';
import type { JsonObject, KubeObject } from '../../src/kernel/vocabulary.ts';
import { createRestMapper } from '../../src/kube/discovery/rest-mapper.ts';
import type {
  ApiResource,
  ClusterView,
  KubeClient,
  KubeList,
  KubeTable,
  ListQuery,
  LogQuery,
} from '../../src/kube/types.ts';
import { parseArguments } from '../../src/operations/arguments.ts';
import { podStatus } from '../../src/operations/query/pod-status.ts';
import type { CallContext, CommonInput, Operation, Plan } from '../../src/operations/types.ts';
import type { PolicyRules } from '../../src/policy/types.ts';
import { GRAPH_DEFAULTS, NO_GRAPH } from './without-graph.ts';

/** 2026-01-10T00:00:00Z: what `now` is in every test. */
export const NOW = Date.UTC(2026, 0, 10);

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

function kind(
  group: string,
  version: string,
  name: string,
  plural: string,
  extra: Partial<ApiResource> = {},
): ApiResource {
  return {
    group,
    version,
    kind: name,
    resource: plural,
    singular: name.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: true,
    verbs: VERBS,
    subresources: [],
    preferred: true,
    ...extra,
  };
}

export const KINDS: readonly ApiResource[] = [
  kind('', 'v1', 'Pod', 'pods', { shortNames: ['po'], subresources: ['log'] }),
  kind('', 'v1', 'Service', 'services', { shortNames: ['svc'] }),
  kind('', 'v1', 'Secret', 'secrets'),
  kind('', 'v1', 'ConfigMap', 'configmaps', { shortNames: ['cm'] }),
  kind('', 'v1', 'Event', 'events', { shortNames: ['ev'] }),
  kind('', 'v1', 'Namespace', 'namespaces', { shortNames: ['ns'], namespaced: false }),
  kind('', 'v1', 'Node', 'nodes', { shortNames: ['no'], namespaced: false }),
  kind('', 'v1', 'ComponentStatus', 'componentstatuses', { namespaced: false, verbs: ['get', 'list'] }),
  kind('apps', 'v1', 'Deployment', 'deployments', { shortNames: ['deploy'], subresources: ['scale'] }),
  kind('batch', 'v1', 'Job', 'jobs'),
  kind('batch', 'v1', 'CronJob', 'cronjobs', { shortNames: ['cj'] }),
  kind('events.k8s.io', 'v1', 'Event', 'events', { shortNames: ['ev'] }),
];

export interface World {
  objects?: KubeObject[];
  /** Text by `pod/container`. */
  logs?: Record<string, string>;
  rules?: Partial<PolicyRules>;
  /** Beside KINDS. */
  kinds?: readonly ApiResource[];
  defaultNamespace?: string;
  budgetTokens?: number;
  /** For tools that ask the live graph. */
  graph?: CallContext['graph'];
  /** Throws instead of answering, for a request line that matches. */
  fail?: { match: RegExp; error: AppError };
}

export interface Answer {
  text: string;
  output: Record<string, unknown>;
  /** `list pods team-a limit=500`, in order. */
  requests: string[];
}

export interface MemoryCluster {
  objects: KubeObject[];
  ctx: CallContext;
  call(operation: Operation, args: Record<string, unknown>): Promise<Answer>;
  plan(operation: Operation, args: Record<string, unknown>): Promise<Plan>;
}

/** A cluster with these objects. */
export function memoryCluster(world: World = {}): MemoryCluster {
  const requests: string[] = [];
  const objects = (world.objects ?? []).map((object) => structuredClone(object));
  const ctx = contextOf(world, { objects, requests, revision: 100 });
  const parsed = (operation: Operation, args: Record<string, unknown>): CommonInput =>
    parseArguments(operation, z.toJSONSchema(operation.input, { io: 'input' }) as JsonObject, args);
  return {
    objects,
    ctx,
    async call(operation, args) {
      requests.length = 0;
      const input = parsed(operation, args);
      await operation.resolve(input, ctx);
      const output = operation.output.parse(await operation.run(input, ctx));
      const answer = {
        text: operation.render(output, { now: ctx.now }),
        output: output as Record<string, unknown>,
        requests: [...requests],
      };
      // Surfaces that show the text alone show the same.
      const alone = (await operation.lines?.(input, ctx))?.join('\n');
      if (alone !== undefined) expect(alone).toBe(answer.text);
      return answer;
    },
    async plan(operation, args) {
      if (operation.plan === undefined) throw new Error(`${operation.name} has no plan`);
      const plan = await operation.plan(parsed(operation, args), ctx);
      if (plan === undefined) throw new Error(`${operation.name} needs no confirmation for this`);
      return plan;
    },
  };
}

interface Store {
  objects: KubeObject[];
  requests: string[];
  revision: number;
}

function contextOf(world: World, store: Store): CallContext {
  const cluster: ClusterView = {
    context: 'test',
    defaultNamespace: world.defaultNamespace ?? 'default',
    mapper: createRestMapper(
      async () => ({ resources: [...KINDS, ...(world.kinds ?? [])], failures: [] }),
      systemClock,
    ),
    client: clientOf(world, store),
  };
  return {
    principal: { id: 'tester', transport: 'stdio', authenticated: true },
    signal: new AbortController().signal,
    cluster,
    policy: {
      gates: { list: true, create: true, update: true, delete: true, exec: false, escalation: false },
      allowedNamespaces: undefined,
      forbiddenNamespaces: new Set(),
      deniedKinds: new Set(),
      contexts: undefined,
      writeContexts: undefined,
      defaultContext: 'test',
      maxResources: undefined,
      ...world.rules,
    },
    budgetTokens: world.budgetTokens ?? 8000,
    now: () => NOW,
    progress: () => {},
    command: undefined,
    ...NO_GRAPH,
    ...(world.graph === undefined ? {} : { graph: world.graph }),
    ...GRAPH_DEFAULTS,
    redactor: {
      object: (object) => object,
      clusterChunks: () => ({ push: (chunk) => chunk, end: () => '' }),
      text: (text) => text,
      texts: (value) => value,
      remember: () => {},
    },
    resolveMarkers: async (manifest) => manifest,
  };
}

function clientOf(world: World, store: Store): KubeClient {
  const { objects, requests } = store;
  const seen = (line: string) => {
    requests.push(line);
    if (world.fail?.match.test(line)) throw world.fail.error;
  };
  const find = (r: ApiResource, name: string, namespace: string | undefined) => {
    const found = objects.find(
      (o) => isOf(o, r) && o.metadata?.name === name && (!r.namespaced || o.metadata?.namespace === namespace),
    );
    if (found === undefined) throw new AppError('not_found', `${r.resource} "${name}" not found`);
    return found;
  };
  const stored = (object: KubeObject, dryRun: boolean | undefined, keep: () => void) => {
    const result = structuredClone(object);
    result.metadata = { ...result.metadata, resourceVersion: String(++store.revision) };
    if (dryRun !== true) {
      Object.assign(object, result);
      keep();
    }
    return structuredClone(result);
  };
  const page = (verb: string, r: ApiResource, q: ListQuery): KubeList => {
    const terms = Object.entries(q).flatMap(([key, value]) => (key === 'namespace' ? [] : [`${key}=${String(value)}`]));
    seen([verb, r.resource, q.namespace ?? '*', ...terms].join(' '));
    const all = objects.filter(
      (o) => isOf(o, r) && (q.namespace === undefined || o.metadata?.namespace === q.namespace) && selected(o, q),
    );
    const from = Number(q.continue ?? 0);
    const items = all.slice(from, from + (q.limit ?? all.length));
    const end = from + items.length;
    return {
      items: structuredClone(items),
      resourceVersion: '77',
      ...(end < all.length
        ? {
            continue: String(end),
            ...(q.labelSelector || q.fieldSelector ? {} : { remainingItemCount: all.length - end }),
          }
        : {}),
    };
  };
  return {
    async get(r, name, { namespace, subresource }) {
      seen(`get ${[r.resource, subresource].filter(Boolean).join('/')} ${namespace ?? '*'} ${name}`);
      const object = find(r, name, namespace);
      if (subresource !== 'scale') return structuredClone(object);
      return scaleOf(object);
    },
    list: async (r, q) => page('list', r, q),
    async listMetadata(r, q) {
      const list = page('list-metadata', r, q);
      return {
        ...list,
        items: list.items.map(({ apiVersion = '', kind = '', metadata = {} }) => ({ apiVersion, kind, metadata })),
      };
    },
    table: async (r, q) => tableOf(page('table', r, q)),
    async create(r, object, { namespace, dryRun }) {
      seen(`create ${r.resource} ${namespace ?? '*'} ${object.metadata?.name}`);
      const created = { ...object, metadata: { ...object.metadata, uid: `uid-${object.metadata?.name}` } };
      return stored(created, dryRun, () => objects.push(created));
    },
    async update(r, object, { namespace, dryRun, subresource }) {
      seen(
        `update ${[r.resource, subresource].filter(Boolean).join('/')} ${namespace ?? '*'} ${object.metadata?.name}`,
      );
      const live = find(r, object.metadata?.name ?? '', namespace);
      if (object.metadata?.resourceVersion !== live.metadata?.resourceVersion)
        throw new AppError('conflict', 'the object has been modified');
      if (subresource === 'scale') {
        const replicas = (object['spec'] as { replicas: number }).replicas;
        return scaleOf(
          stored(
            Object.assign(dryRun ? structuredClone(live) : live, { spec: { ...(live['spec'] as object), replicas } }),
            dryRun,
            () => {},
          ),
        );
      }
      return stored({ ...object, metadata: { ...live.metadata, ...object.metadata } }, dryRun, () =>
        objects.splice(objects.indexOf(live), 1, object),
      );
    },
    async patch(r, name, body, { namespace, type, dryRun }) {
      seen(`patch-${type} ${r.resource} ${namespace ?? '*'} ${name}`);
      const live = find(r, name, namespace);
      return stored(merged(live, body) as KubeObject, dryRun, () => {});
    },
    async delete(r, name, { namespace, preconditions, propagation, dryRun }) {
      seen(`delete ${r.resource} ${namespace ?? '*'} ${name} ${propagation} uid=${preconditions?.uid}`);
      const live = find(r, name, namespace);
      if (!dryRun) objects.splice(objects.indexOf(live), 1);
      return { apiVersion: 'v1', kind: 'Status', status: 'Success' };
    },
    async *logs(q: LogQuery) {
      const options = Object.entries(q).flatMap(([key, value]) =>
        ['namespace', 'pod', 'container'].includes(key) ? [] : [`${key}=${String(value)}`],
      );
      seen(['logs', q.namespace, `${q.pod}/${q.container}`, ...options].join(' '));
      const text = world.logs?.[`${q.pod}/${q.container}`] ?? '';
      const lines = text.split('\n');
      const tail = lines.slice(Math.max(0, lines.length - 1 - (q.tailLines ?? lines.length))).join('\n');
      // In pieces that do not end at lines.
      for (let at = 0; at < tail.length; at += 7) yield tail.slice(at, at + 7);
    },
    getPath: async () => ({}),
  };
}

function isOf(object: KubeObject, r: ApiResource): boolean {
  return object.kind === r.kind && object.apiVersion === (r.group === '' ? r.version : `${r.group}/${r.version}`);
}

function selected(object: KubeObject, { labelSelector, fieldSelector }: ListQuery): boolean {
  const labels = object.metadata?.labels ?? {};
  const label = (term: string) => labels[term.split('=')[0] ?? ''] === term.split('=')[1];
  const fields = (term: string) => {
    const [path = '', value] = term.split('=');
    let at: unknown = object;
    for (const name of path.split('.')) at = (at as Record<string, unknown> | undefined)?.[name];
    return at === value;
  };
  return (labelSelector?.split(',').every(label) ?? true) && (fieldSelector?.split(',').every(fields) ?? true);
}

function scaleOf(object: KubeObject): KubeObject {
  const replicas = (object['spec'] as { replicas: number }).replicas;
  const metadata = structuredClone(object.metadata ?? {});
  return { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata, spec: { replicas }, status: { replicas: 1 } };
}

function tableOf({ items, ...facts }: KubeList): KubeTable {
  const names =
    items[0]?.kind === 'Pod' ? ['Name', 'Ready', 'Status', 'Restarts', 'Age', 'IP', 'Node'] : ['Name', 'Age', 'Labels'];
  return {
    ...facts,
    columns: names.map((name) => ({ name, type: 'string', priority: ['IP', 'Node', 'Labels'].includes(name) ? 1 : 0 })),
    rows: items.map((item) => ({
      name: item.metadata?.name ?? '',
      ...(item.metadata?.namespace === undefined ? {} : { namespace: item.metadata.namespace }),
      cells:
        item.kind === 'Pod' ? podRow(item) : [item.metadata?.name, '9d', JSON.stringify(item.metadata?.labels ?? {})],
    })),
  };
}

function podRow(pod: KubeObject): unknown[] {
  const { status, ready, total, restarts } = podStatus(pod);
  const spec = pod['spec'] as { nodeName?: string } | undefined;
  return [
    pod.metadata?.name,
    `${ready}/${total}`,
    status,
    String(restarts),
    '9d',
    '<none>',
    spec?.nodeName ?? '<none>',
  ];
}

/** JSON merge patch: enough for the tools' own logic. */
function merged(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> = typeof target === 'object' && target !== null ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}

/** A running pod of two containers; `over` replaces parts of its status. */
export function pod(
  name: string,
  over: { namespace?: string; labels?: Record<string, string>; status?: object; spec?: object } = {},
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: over.namespace ?? 'default',
      uid: `uid-${name}`,
      resourceVersion: '5',
      creationTimestamp: '2026-01-01T00:00:00Z',
      labels: over.labels ?? { app: 'web' },
    },
    spec: {
      nodeName: 'node-1',
      containers: [
        { name: 'app', image: 'web:1' },
        { name: 'side', image: 'proxy:2' },
      ],
      ...over.spec,
    },
    status: {
      phase: 'Running',
      podIP: '10.0.0.1',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [running('app'), running('side')],
      ...over.status,
    },
  };
}

/** The status of a container that runs and is ready. */
export function running(name: string): object {
  return {
    name,
    ready: true,
    restartCount: 0,
    started: true,
    state: { running: { startedAt: '2026-01-01T00:00:10Z' } },
    lastState: {},
  };
}

/** The status of a container in CrashLoopBackOff. */
export function crashing(name: string, restartCount = 5): object {
  return {
    name,
    ready: false,
    restartCount,
    state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container' } },
    lastState: { terminated: { exitCode: 1, reason: 'Error', finishedAt: '2026-01-09T23:57:00Z' } },
  };
}
