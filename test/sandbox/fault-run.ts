/** A Reflector over the real wire and transport, through a fault proxy, on a sandbox: everything in this process, in a time that is pumped. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createClock, type SandboxClock } from '../../sandbox/clock.ts';
import { createSandbox, type Sandbox } from '../../sandbox/create-sandbox.ts';
import { BARE } from '../../sandbox/worlds/bare.ts';
import type { ClusterConnection } from '../../src/kube/connection.ts';
import { createReflector } from '../../src/kube/reflector/create-reflector.ts';
import { createMapSink, type Kept, keep, type MapSink } from '../../src/kube/reflector/testing/map-sink.ts';
import type { Reflector, ReflectorOptions } from '../../src/kube/reflector/types.ts';
import { createTransport, type TransportOptions } from '../../src/kube/transport/create-transport.ts';
import type { ApiResource } from '../../src/kube/types.ts';
import { createWire } from '../../src/kube/watch/create-wire.ts';
import type { Wire } from '../../src/kube/watch/types.ts';
import { createFaultProxy, type FaultProxy } from '../faults/create-fault-proxy.ts';
import type { Plan } from '../faults/plan.ts';
import type { Target } from '../faults/row.ts';

export const CONFIG_MAPS: Target = { group: '', resource: 'configmaps' };
const RESOURCE: ApiResource = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  resource: 'configmaps',
  singular: 'configmap',
  shortNames: ['cm'],
  categories: [],
  namespaced: true,
  verbs: ['list', 'watch'],
  subresources: [],
  preferred: true,
};

export interface Ground {
  readonly sandbox: Sandbox;
  readonly clock: SandboxClock;
  readonly kubeconfig: string;
  readonly others: Readonly<Record<string, Sandbox>>;
  /** Until it holds, or so much time of this ground has passed. */
  until(holds: () => boolean, ms: number): Promise<boolean>;
  pass(ms: number): Promise<void>;
  /** Hours in seconds: `step` ms at a time. */
  jump(ms: number, step: number): Promise<void>;
  close(): Promise<void>;
  upstreams: Readonly<Record<string, { kubeconfig: string }>>;
}

/** Time moves on by `step` with each turn of the event loop, of a millisecond or more: it is slow where the machine is. */
export async function createGround(step: number): Promise<Ground> {
  // Nobody else lives there: hours pass quickly.
  const world = { ...BARE, lives: false };
  const sandbox = createSandbox({ world, time: 'still' });
  const backup = createSandbox({ world, time: 'still' });
  const other = createSandbox({ world, time: 'still', seed: 2 });
  const kubeconfigs = await Promise.all(
    [sandbox, backup, other].map(async (each) => each.kubeconfig((await each.listen(0)).url)),
  );
  const clock = createClock('still', sandbox.clock.now());
  const advance = (ms: number) => {
    for (const each of [clock, sandbox.clock, backup.clock, other.clock]) each.advance(ms);
  };
  let pumping = true;
  const pump = (async () => {
    while (pumping) {
      await sleep(1);
      advance(step);
    }
  })();
  const until = async (holds: () => boolean, ms: number) => {
    const end = clock.now() + ms;
    while (!holds() && clock.now() < end) await sleep(1);
    return holds();
  };
  return {
    sandbox,
    clock,
    kubeconfig: kubeconfigs[0] ?? '',
    others: { backup, other },
    upstreams: { backup: { kubeconfig: kubeconfigs[1] ?? '' }, other: { kubeconfig: kubeconfigs[2] ?? '' } },
    until,
    pass: async (ms) => void (await until(() => false, ms)),
    async jump(ms, by) {
      for (let done = 0; done < ms; done += by) {
        advance(by);
        await sleep(1);
      }
    },
    async close() {
      pumping = false;
      await pump;
      for (const each of [sandbox, backup, other]) await each.stop();
    },
  };
}

export interface RunOptions {
  plan: Plan;
  /** Of this name, made for the run. */
  namespace: string;
  reflector?: Partial<ReflectorOptions<Kept>>;
  encoding?: 'auto' | 'json';
  timings?: TransportOptions['timings'];
  /** Bearer tokens; a 401 leads from one to the next. */
  tokens?: readonly string[];
}

export interface Run {
  readonly ground: Ground;
  readonly proxy: FaultProxy;
  readonly reflector: Reflector;
  readonly wire: Wire;
  readonly sink: MapSink;
  readonly namespace: string;
  put(name: string): void;
  remove(name: string): void;
  /** What the server has now, past the proxy. */
  truth(of?: Sandbox): Record<string, string>;
  close(): Promise<void>;
}

/** Six objects are there, the plan is set, and the Reflector starts. */
export async function startRun(ground: Ground, options: RunOptions): Promise<Run> {
  const { sandbox, clock } = ground;
  const { namespace, encoding = 'json', timings = {} } = options;
  const inNamespace = operate(sandbox, namespace);
  inNamespace.create();
  for (let index = 0; index < 6; index++) inNamespace.put(`c${index}`);
  const proxy = await createFaultProxy({
    upstream: { kubeconfig: ground.kubeconfig },
    others: ground.upstreams,
    clock,
    plan: options.plan,
  });
  const random = seeded(namespace);
  const connection = connectionTo(proxy, options.tokens ?? ['token']);
  const transport = createTransport(connection, { clock, random, timings });
  const wire = createWire(transport, { decide: () => ({ allow: true }) }, { clock, encoding });
  const sink = createMapSink();
  const reflector = createReflector<Kept>({
    target: { resource: RESOURCE, namespace, depth: 'object', fields: [] },
    wire,
    sink,
    project: keep,
    clock,
    random,
    watchTimeout: 120,
    maxRetries: 3,
    pageSize: 3,
    comparableVersions: () => true,
    ...options.reflector,
  });
  reflector.start();
  return {
    ground,
    proxy,
    reflector,
    wire,
    sink,
    namespace,
    put: inNamespace.put,
    remove: inNamespace.remove,
    truth: (of = sandbox) =>
      Object.fromEntries(
        of.operator
          .list('configmaps', namespace)
          .map(({ metadata }) => [metadata.uid ?? '', metadata.resourceVersion ?? '']),
      ),
    async close() {
      reflector.stop();
      await transport.close();
      await proxy.close();
    },
  };
}

/** The hands of the administrator, in one namespace. */
export function operate({ operator }: Sandbox, namespace: string) {
  let writes = 0;
  return {
    create: () =>
      void operator.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }),
    put(name: string) {
      const data = { text: `write ${writes++}: grüß Gott \u{1F44B} "quoted"\n` };
      const known = operator.list('configmaps', namespace).some(({ metadata }) => metadata.name === name);
      if (known)
        operator.modify('configmaps', namespace, name, (draft) => {
          draft['data'] = data;
        });
      else operator.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data });
    },
    remove: (name: string) => void operator.delete('configmaps', namespace, name),
  };
}

function connectionTo(proxy: FaultProxy, tokens: readonly string[]): ClusterConnection {
  let generation = 0;
  return {
    context: 'fault-proxy',
    server: new URL(proxy.url),
    tls: { ca: async () => proxy.ca, insecureSkipVerify: false },
    credentials: {
      current: async () => ({ headers: { authorization: `Bearer ${tokens[generation]}` }, generation }),
      async refresh(refused) {
        if (refused !== generation || generation + 1 >= tokens.length) return refused !== generation;
        generation++;
        return true;
      },
    },
    fingerprint: proxy.url,
  };
}

/** The same for the same text (mulberry32). */
function seeded(text: string): () => number {
  let state = [...text].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) | 0, 7);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
