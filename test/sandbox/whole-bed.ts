/** A whole live graph - discovery, every kind, coverage - over the real transport, through a fault proxy, on a sandbox: all in this process, in a time that is pumped. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClock, type SandboxClock } from '../../sandbox/clock.ts';
import { createSandbox, type Sandbox } from '../../sandbox/create-sandbox.ts';
import { BARE } from '../../sandbox/worlds/bare.ts';
import type { World } from '../../sandbox/worlds/types.ts';
import { coverageOf } from '../../src/graph/sync/coverage.ts';
import { createSync } from '../../src/graph/sync/create-sync.ts';
import { createMemoryBudget } from '../../src/graph/sync/memory-budget.ts';
import type { Sync, SyncScope, SyncSettings } from '../../src/graph/sync/types.ts';
import type { Graph, GraphNode, KindKey, NodeId } from '../../src/graph/types.ts';
import type { Cluster } from '../../src/kube/cluster.ts';
import { createCluster } from '../../src/kube/cluster.ts';
import type { ClusterReader } from '../../src/kube/cluster-reader.ts';
import { createKubeconfigStore } from '../../src/kube/kubeconfig/store.ts';
import { createTransport, type TransportOptions } from '../../src/kube/transport/create-transport.ts';
import { createFaultProxy, type FaultProxy } from '../faults/create-fault-proxy.ts';
import type { Plan } from '../faults/plan.ts';
import { EVERYTHING, held } from '../support/graph-bed.ts';

export interface WholeOptions {
  /** In force before anything is asked. */
  plan?: Plan;
  /** BARE without anybody living there unless given. */
  world?: World;
  /** ms of virtual time for each turn of the event loop; 20 unless given. */
  step?: number;
  /** Of the proxy's address: what the client signs in with, and as whom. One token unless given. */
  kubeconfig?: (proxy: FaultProxy, folder: string) => string;
  /** Context of the sandbox's kubeconfig as which the proxy asks; its administrator unless given. */
  as?: string;
  scope?: Partial<SyncScope>;
  settings?: Partial<SyncSettings>;
  timings?: TransportOptions['timings'];
  /** Seconds; 120 unless given. */
  watchTimeout?: number;
  /** How far the client's clock is ahead of the server's, ms. */
  aheadMs?: number;
  /** Sandboxes by the names that plans know them by; they share the time. */
  others?: Readonly<Record<string, Sandbox>>;
}

export interface Whole {
  readonly sandbox: Sandbox;
  readonly clock: SandboxClock;
  readonly proxy: FaultProxy;
  readonly cluster: Cluster;
  readonly reader: ClusterReader;
  readonly sync: Sync;
  readonly folder: string;
  /** `uid resourceVersion` as they changed in the graph, oldest first; `uid gone`. */
  readonly told: readonly string[];
  /** Of each Reflector that was made. */
  readonly relists: readonly ((reason: string) => void)[];
  /** Until it holds, or so much virtual time has passed. */
  until(holds: () => boolean, ms: number): Promise<boolean>;
  pass(ms: number): Promise<void>;
  /** Every kind that is read is synced. */
  synced(ms?: number): Promise<boolean>;
  states(): Record<string, number>;
  /** What the graph has and the cluster has not, and the reverse. */
  differences(of?: Sandbox): string[];
  /** Waits for the graph to be what the cluster is; what still differs then. */
  settled(ms?: number, of?: Sandbox): Promise<string[]>;
  readonly hands: Hands;
  nodeOf(id: NodeId): GraphNode | undefined;
  close(): Promise<void>;
}

export type Hands = ReturnType<typeof hands>;

const QUIET: World = { ...BARE, lives: false };
const CONTEXT = 'fault-proxy';

export async function wholeBed(options: WholeOptions = {}): Promise<Whole> {
  const { step = 20, others = {}, watchTimeout = 120 } = options;
  const sandbox = createSandbox({ world: options.world ?? QUIET, time: 'still' });
  const clock = createClock('still', sandbox.clock.now() + (options.aheadMs ?? 0));
  const sandboxes = [sandbox, ...Object.values(others)];
  const pump = startPump(step, (ms) => {
    for (const each of [clock, ...sandboxes.map((own) => own.clock)]) each.advance(ms);
  });
  const folder = mkdtempSync(join(tmpdir(), 'graph-whole-'));
  const upstreamOf = async (each: Sandbox) => ({
    kubeconfig: each.kubeconfig((await each.listen(0)).url),
    ...(options.as === undefined ? {} : { context: options.as }),
  });
  const upstream = await upstreamOf(sandbox);
  const otherUpstreams: Record<string, { kubeconfig: string }> = {};
  for (const [name, each] of Object.entries(others)) otherUpstreams[name] = await upstreamOf(each);
  const proxy = await createFaultProxy({
    upstream,
    others: otherUpstreams,
    clock,
    ...(options.plan === undefined ? {} : { plan: options.plan }),
  });
  const path = join(folder, 'kubeconfig');
  writeFileSync(path, options.kubeconfig?.(proxy, folder) ?? proxy.kubeconfig('token'), { mode: 0o600 });
  const shutdown = new AbortController();
  const store = createKubeconfigStore(
    {
      explicitPath: path,
      kubeconfigPath: undefined,
      kubeconfig: undefined,
      home: '/nowhere',
      processEnv: { PATH: process.env['PATH'] },
    },
    { clock, shutdown: shutdown.signal },
  );
  const random = seeded();
  const connection = await store.connect(CONTEXT);
  const transport = createTransport(connection, {
    clock,
    random,
    ...(options.timings === undefined ? {} : { timings: options.timings }),
  });
  const cluster = createCluster(connection, transport, clock);
  const common = { watchTimeout, maxRetries: 3 };
  const { reflectors, reader } = cluster.graphSources({
    ...common,
    clock,
    random,
    scope: { decide: () => ({ allow: true }) },
  });
  const relists: ((reason: string) => void)[] = [];
  const home = connection.namespace;
  const scope = { ...EVERYTHING, ...(home === undefined ? {} : { homeNamespace: home }), ...options.scope };
  const sync = createSync({
    reflectors(own) {
      const reflector = reflectors(own);
      relists.push((reason) => reflector.relist(reason));
      return reflector;
    },
    reader,
    clock,
    random,
    scope,
    settings: {
      mode: 'lazy',
      ...common,
      syncInterval: 0,
      memory: createMemoryBudget(1e9),
      lazyLimit: 20_000,
      ...options.settings,
    },
  });
  const told = listen(sync.graph);
  sync.start();

  const until = async (holds: () => boolean, ms: number) => {
    const end = clock.now() + ms;
    while (!holds() && clock.now() < end) await sleep(1);
    return holds();
  };
  const states = () => {
    const counts: Record<string, number> = {};
    for (const { state } of Object.values(sync.status().kinds)) counts[state] = (counts[state] ?? 0) + 1;
    return counts;
  };
  const differences = (of = sandbox) => {
    const [is, shouldBe] = [new Set(held(sync.graph)), new Set(truth(of, sync.kinds()))];
    return [
      ...[...is].filter((line) => !shouldBe.has(line)).map((line) => `+ ${line}`),
      ...[...shouldBe].filter((line) => !is.has(line)).map((line) => `- ${line}`),
    ].sort();
  };

  return {
    sandbox,
    clock,
    proxy,
    cluster,
    reader,
    sync,
    folder,
    told,
    relists,
    hands: hands(sandbox),
    nodeOf: (id) => nodeOf(sync.graph, id),
    until,
    pass: async (ms) => void (await until(() => false, ms)),
    synced: (ms = 120_000) =>
      until(() => {
        const { synced = 0, ...rest } = states();
        return synced > 0 && Object.keys(rest).length === 0;
      }, ms),
    states,
    differences,
    async settled(ms = 120_000, of = sandbox) {
      // To compare takes longer than a turn of the event loop.
      const end = clock.now() + ms;
      while (differences(of).length > 0 && clock.now() < end) await until(() => false, 20 * step);
      return differences(of);
    },
    async close() {
      sync.stop();
      shutdown.abort();
      await cluster.close();
      await proxy.close();
      await pump.stop();
      for (const each of sandboxes) await each.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Of the kinds as a graph plans them, from the store itself: what a list would say. */
function truth({ kinds, store }: Sandbox, read: readonly KindKey[]): string[] {
  const wanted = new Set(read);
  return kinds.all().flatMap((resource) => {
    const kind = resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`;
    if (!wanted.has(kind) || kind === 'Event') return [];
    return store.list(resource.id).map(({ body }) => {
      const { namespace = '', name, uid, resourceVersion } = body.object().metadata;
      return `${kind} ${namespace}/${name} ${uid} ${resourceVersion}`;
    });
  });
}

/** undefined: gone by now. */
function nodeOf(graph: Graph, id: NodeId): GraphNode | undefined {
  try {
    return graph.view().node(id);
  } catch {
    return undefined;
  }
}

/** Every version of every object as the graph tells of it. */
function listen(graph: Graph): string[] {
  const told: string[] = [];
  const last = new Map<number, string>();
  graph.onChange(({ nodes }) => {
    for (const id of nodes) {
      const node = nodeOf(graph, id);
      let line: string | undefined;
      if (node?.state === 'present' && node.kind !== 'Event') {
        const { kind, namespace, name, uid } = node;
        line = `${uid} ${graph.resourceVersionOf(kind, namespace, name)?.resourceVersion}`;
      }
      const before = last.get(id);
      if (line === before) continue;
      if (before !== undefined && line?.split(' ')[0] !== before.split(' ')[0])
        told.push(`${before.split(' ')[0]} gone`);
      if (line === undefined) last.delete(id);
      else {
        last.set(id, line);
        told.push(line);
      }
    }
  });
  return told;
}

/** What was told more than once: no object comes, changes to a version, or goes twice. */
export function toldTwice({ told }: Whole): string[] {
  return told.filter((line, index) => told.indexOf(line) !== index);
}

export const coverage = ({ sync }: Whole, kinds: readonly KindKey[] | 'all' = 'all') => coverageOf(sync, kinds);

/** The administrator's hands: objects of several kinds come, change and go. */
export function hands({ operator }: Pick<Sandbox, 'operator'>, namespace = 'team-a') {
  let writes = 0;
  let round = 0;
  const metadata = (name: string) => ({ name, namespace });
  return {
    put(name: string, padding = '') {
      const data = { text: `write ${writes++}: grüß Gott \u{1F44B}`, padding };
      if (operator.get('configmaps', namespace, name) === undefined)
        operator.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata(name), data });
      else
        operator.modify('configmaps', namespace, name, (draft) => {
          draft['data'] = data;
        });
    },
    remove: (name: string) => void operator.delete('configmaps', namespace, name),
    serve: (name: string) =>
      void operator.create('services', {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: metadata(name),
        spec: { selector: { app: name }, ports: [{ port: 80 }] },
      }),
    /** Something of everything. */
    life() {
      round += 1;
      this.put(`c${round % 4}`);
      this.put(`new-${round}`);
      if (round % 3 === 2) this.remove(`new-${round - 1}`);
      operator.create('secrets', { apiVersion: 'v1', kind: 'Secret', metadata: metadata(`s${writes}`) });
      operator.create('serviceaccounts', {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: metadata(`robot-${writes++}`),
      });
      operator.create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: `extra-${writes++}` } });
      operator.modify('nodes', '', 'node-0', (draft) => {
        draft.metadata.labels = { ...draft.metadata.labels, round: String(writes++) };
      });
    },
  };
}

function startPump(step: number, advance: (ms: number) => void) {
  let pumping = true;
  const running = (async () => {
    while (pumping) {
      await sleep(1);
      advance(step);
    }
  })();
  return {
    async stop() {
      pumping = false;
      await running;
    },
  };
}

/** The same at each run (mulberry32). */
function seeded(): () => number {
  let state = 7;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Requests of reflectors, by verb; discovery and single reads aside. */
export function asked({ proxy }: Whole): { lists: number; watches: number; discovery: number; other: number } {
  const of = (verb: string) => proxy.stats.log.filter(({ facts }) => facts.verb === verb).length;
  return { lists: of('list'), watches: of('watch'), discovery: of('discovery'), other: of('get') + of('other') };
}
