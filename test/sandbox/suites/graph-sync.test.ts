/** The graph of a sandbox in process, held against fresh lists of everything. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../../sandbox/create-sandbox.ts';
import { SHOP } from '../../../sandbox/shop/shop.ts';
import { coverageOf } from '../../../src/graph/sync/coverage.ts';
import { createGraphAccess } from '../../../src/graph/sync/create-access.ts';
import { createGraphPool } from '../../../src/graph/sync/create-graphs.ts';
import { readLive } from '../../../src/graph/sync/live.ts';
import { createMemoryBudget } from '../../../src/graph/sync/memory-budget.ts';
import type { SyncPorts } from '../../../src/graph/sync/types.ts';
import type { GraphView, KindKey } from '../../../src/graph/types.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { type GraphBed, graphBed, held, listed, wait } from '../../support/graph-bed.ts';

let sandbox: Sandbox;
let folder: string;
let kubeconfig: string;
const beds: GraphBed[] = [];

beforeAll(async () => {
  sandbox = createSandbox({
    world: {
      ...SHOP,
      users: [...SHOP.users, { context: 'nobody', signsInBy: 'token', namespace: 'shop' }],
    },
    time: 'still',
  });
  const { url } = await sandbox.listen(0);
  folder = mkdtempSync(join(tmpdir(), 'graph-sync-'));
  kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, sandbox.kubeconfig(url), { mode: 0o600 });
});
afterEach(async () => {
  await Promise.all(beds.splice(0).map((bed) => bed.close()));
});
afterAll(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function bedOf(context: string): Promise<GraphBed> {
  const bed = await graphBed(kubeconfig, context);
  beds.push(bed);
  return bed;
}

const question = { signal: new AbortController().signal, progress: () => {} };
const definition = (version: string, scope: 'Namespaced' | 'Cluster', versions = [version]) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'boats.sync.example.com' },
  spec: {
    group: 'sync.example.com',
    names: { plural: 'boats', singular: 'boat', kind: 'Boat', listKind: 'BoatList' },
    scope,
    versions: versions.map((name) => ({
      name,
      served: true,
      storage: name === version,
      schema: {
        openAPIV3Schema: {
          type: 'object',
          properties: {
            spec: {
              type: 'object',
              properties: {
                secretRef: { type: 'object', properties: { name: { type: 'string' } } },
              },
            },
          },
        },
      },
    })),
  },
});
const boat = (name: string, namespace?: string, version = 'v1') => ({
  apiVersion: `sync.example.com/${version}`,
  kind: 'Boat',
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  spec: { secretRef: { name: 'logbook' } },
});
const BOAT = 'Boat.sync.example.com';
const CRDS = 'customresourcedefinitions.apiextensions.k8s.io';
/** Definitions are taken up by the API server's controller, whose clock stands still here. */
const settle = () => sandbox.clock.advance(2_000);

async function equalsTheCluster(sync: { graph: Parameters<typeof held>[0] }, ports: SyncPorts): Promise<void> {
  let differences: string[] = [];
  await expect
    .poll(
      async () => {
        const [is, shouldBe] = [new Set(held(sync.graph)), new Set(await listed(ports))];
        differences = [
          ...[...is].filter((line) => !shouldBe.has(line)).map((line) => `+ ${line}`),
          ...[...shouldBe].filter((line) => !is.has(line)).map((line) => `- ${line}`),
        ];
        return differences;
      },
      { interval: 200 },
    )
    .toEqual([]);
}

describe('an administrator', () => {
  test('has every object of every kind but Leases, in the version that a list has', async () => {
    const bed = await bedOf('sandbox');
    const sync = bed.sync();
    await wait(sync);
    const here = held(sync.graph);
    expect(here.length).toBeGreaterThan(600);
    expect(here).toEqual(await listed(bed.ports()));
    const coverage = coverageOf(sync, 'all');
    expect(coverage).toMatchObject({ syncing: [], forbidden: [], stale: [], namespaces: undefined, notes: [] });
    expect(coverage.left.map(({ kind }) => kind)).toEqual(['Lease.coordination.k8s.io']);
    expect(sync.status()).toMatchObject({ health: 'healthy', running: true, counts: { relists: 0, failures: 0 } });
  });

  test('sees what random hands change, while time goes by', async () => {
    const bed = await bedOf('sandbox');
    const sync = bed.sync();
    await wait(sync);
    const random = seeded(7);
    for (let round = 0; round < 12; round++) {
      for (let step = 0; step < 10; step++) change(random);
      sandbox.clock.advance(20_000);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await equalsTheCluster(sync, bed.ports());
    expect(sync.status().counts.relists).toBe(0);
  });

  test('F58: an object that changes a thousand times at once is applied a few times', async () => {
    const bed = await bedOf('sandbox');
    const sync = bed.sync();
    await wait(sync);
    let generations = 0;
    sync.graph.onChange(() => {
      generations += 1;
    });
    sandbox.operator.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'restless', namespace: 'shop' },
    });
    for (let turn = 0; turn < 1000; turn++) {
      sandbox.operator.modify('configmaps', 'shop', 'restless', (draft) => {
        draft['data'] = { turn: String(turn) };
      });
    }
    await equalsTheCluster(sync, bed.ports());
    expect(generations).toBeLessThan(60);
    sandbox.operator.delete('configmaps', 'shop', 'restless');
  });
});

describe('kinds that come and go', () => {
  test('F52, F53, F54: a definition made, deleted, and made anew in another scope is followed', async () => {
    const bed = await bedOf('sandbox');
    const sync = bed.sync();
    await wait(sync);
    sandbox.operator.create(CRDS, definition('v1', 'Namespaced'));
    settle();
    sandbox.operator.create('boats.sync.example.com', boat('dinghy', 'shop'));
    const boats = () => {
      const view = sync.graph.view();
      const found: string[] = [];
      view.eachOfKind(BOAT, undefined, (id) => {
        found.push(`${view.node(id).namespace}/${view.node(id).name}`);
        return undefined;
      });
      return `${view.kindState(BOAT).state} ${found.join(' ')}`;
    };
    await expect.poll(boats).toBe('synced shop/dinghy');
    // The schema says that it names a Secret.
    const view = sync.graph.view();
    const named: string[] = [];
    view.out(view.find(BOAT, 'shop', 'dinghy') ?? -1, (id, why) => {
      named.push(`${why.path} ${view.node(id).kind}/${view.node(id).name} ${view.whereabouts(id)}`);
      return undefined;
    });
    expect(named).toContain('spec.secretRef.name Secret/logbook gone');

    sandbox.operator.delete(CRDS, '', 'boats.sync.example.com');
    settle();
    await expect.poll(boats).toBe('missing ');

    sandbox.operator.create(CRDS, definition('v1', 'Cluster'));
    settle();
    sandbox.operator.create('boats.sync.example.com', boat('ferry'));
    await expect.poll(boats).toBe('synced /ferry');

    sandbox.operator.delete(CRDS, '', 'boats.sync.example.com');
    settle();
    await expect.poll(boats).toBe('missing ');
    expect(sync.status().health).toBe('healthy');
  });
});

describe('who may not read all', () => {
  test('a viewer has no Secrets and no roles, and coverage names them', async () => {
    const bed = await bedOf('sandbox-viewer');
    const sync = bed.sync();
    await wait(sync);
    const coverage = coverageOf(sync, 'all');
    const forbidden = coverage.forbidden.map(({ kind }) => kind);
    expect(forbidden).toEqual(expect.arrayContaining(['Secret', 'Role.rbac.authorization.k8s.io', 'Node']));
    for (const kind of forbidden) expect(sync.graph.view().count(kind).total).toBe(0);
    expect(coverage.synced).toEqual(expect.arrayContaining(['Pod', 'ConfigMap', 'Namespace']));
    expect(coverage.namespaces).toBeUndefined();
  });

  test('F22: a developer of one namespace has that namespace, and what is elsewhere is unknown', async () => {
    const bed = await bedOf('sandbox-developer');
    const sync = bed.sync();
    await wait(sync);
    const view = sync.graph.view();
    expect(view.namespaces()).toEqual(['shop']);
    expect(view.kindState('Pod')).toEqual({ state: 'synced', namespaces: ['shop'] });
    expect(view.count('Pod').total).toBe(sandbox.operator.list('pods', 'shop').length);
    expect(view.kindState('Node').state).toBe('forbidden');
    expect(coverageOf(sync, 'all').namespaces).toEqual(['shop']);
  });

  test('nobody has nothing, and is told why', async () => {
    const bed = await bedOf('nobody');
    const sync = bed.sync();
    await wait(sync);
    expect(held(sync.graph)).toEqual([]);
    const coverage = coverageOf(sync, ['Pod', 'Node']);
    expect(coverage.synced).toEqual([]);
    expect(coverage.forbidden.map(({ kind }) => kind)).toEqual(['Pod', 'Node']);
    expect(coverage.forbidden[0]?.reason).toMatch(/pods/);
  });

  test('F21: what may no longer be listed leaves the graph', async () => {
    const bed = await bedOf('sandbox-viewer');
    const sync = bed.sync({ settings: {} });
    await wait(sync);
    expect(sync.graph.view().count('Pod').total).toBeGreaterThan(0);
    const bindings = 'clusterrolebindings.rbac.authorization.k8s.io';
    const binding = sandbox.operator.get(bindings, '', 'sandbox-sandbox-viewer');
    sandbox.operator.delete(bindings, '', 'sandbox-sandbox-viewer');
    try {
      // A watch once opened goes on: the next list is refused.
      const kinds = sync.kinds();
      expect(kinds).toContain('Pod');
      for (const relist of bed.relists) relist('the role is gone');
      await expect.poll(() => held(sync.graph)).toEqual([]);
      expect(coverageOf(sync, ['Pod']).forbidden.map(({ kind }) => kind)).toEqual(['Pod']);
    } finally {
      const { metadata, ...rest } = binding as { metadata: { name: string } };
      sandbox.operator.create(bindings, { ...rest, metadata: { name: metadata.name } } as never);
    }
  });

  test('allowed and forbidden namespaces bind what is kept', async () => {
    const bed = await bedOf('sandbox');
    const some = bed.sync({
      scope: { allowedNamespaces: ['shop', 'kube-system'], forbiddenNamespaces: new Set(['kube-system']) },
    });
    await wait(some);
    expect(some.graph.view().namespaces()).toEqual(['shop']);
    expect(some.graph.view().count('Namespace').total).toBe(1);
    expect(coverageOf(some, 'all').namespaces).toEqual(['shop']);
    const rest = bed.sync({ scope: { forbiddenNamespaces: new Set(['shop']) } });
    await wait(rest);
    expect(rest.graph.view().namespaces()).not.toContain('shop');
    expect(rest.graph.view().find('Namespace', '', 'shop')).toBeUndefined();
    expect(coverageOf(rest, 'all').notes).toEqual(['The namespaces forbidden here are left out.']);
  });

  test('a kind that the operator denies is never asked for', async () => {
    const bed = await bedOf('sandbox');
    const sync = bed.sync({
      scope: { denied: ({ kind }) => (kind === 'Secret' ? 'denied by the operator' : undefined) },
    });
    await wait(sync);
    expect(sync.graph.view().count('Secret').total).toBe(0);
    expect(coverageOf(sync, ['Secret']).left).toEqual([{ kind: 'Secret', reason: 'denied by the operator' }]);
  });
});

test('above the memory limit the least useful kinds go first, are named, and do not come back', async () => {
  const bed = await bedOf('sandbox');
  const sync = bed.sync();
  await wait(sync);
  const all = sync.graph.memory().total;
  const limited = bed.sync({ settings: { memory: createMemoryBudget(all * 0.85) } });
  await wait(limited);
  const left = coverageOf(limited, 'all').left.map(({ kind }) => kind);
  expect(left).toEqual(expect.arrayContaining(['Event', 'ConfigMap', 'Secret']));
  expect(left).not.toContain('Pod');
  expect(limited.graph.memory().total).toBeLessThanOrEqual(all * 0.85);
  expect(limited.graph.view().kindState('ConfigMap').state).toBe('off');
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(limited.graph.view().count('ConfigMap').total).toBe(0);
});

test('drift: a graph that was changed behind the back of its reflectors is found and repaired', async () => {
  const bed = await bedOf('sandbox');
  const denied = ({ kind }: { kind: string }) => (['Pod', 'Service'].includes(kind) ? undefined : 'not in this test');
  const sync = bed.sync({ scope: { denied }, settings: { syncInterval: 1 } });
  await wait(sync);
  const [pod] = sandbox.operator.list('pods', 'shop');
  const { name = '', uid = '' } = pod?.metadata ?? {};
  sync.graph.apply([{ type: 'delete', kind: 'Pod', namespace: 'shop', name, uid }]);
  expect(sync.graph.resourceVersionOf('Pod', 'shop', name)).toBeUndefined();
  await expect.poll(() => sync.status().counts.driftRepaired).toBe(1);
  await expect.poll(() => sync.graph.resourceVersionOf('Pod', 'shop', name)?.uid).toBe(uid);
  // The next checks find nothing any more.
  await expect.poll(() => sync.status().counts.driftChecks).toBeGreaterThan(3);
  expect(sync.status().counts.driftRepaired).toBe(1);
});

describe('a question', () => {
  const access = async (context: string, mode: 'lazy' | 'true' | 'false', lazyLimit = 20_000) => {
    const bed = await bedOf(context);
    const ports = bed.ports();
    const detection = () => ({ stop: () => {} });
    const pool = createGraphPool({ clock: systemClock, ttlMs: 60_000, memoryLimit: 1e9, detection });
    const { reader, scope } = ports;
    const graphs = createGraphAccess({
      pool,
      mode,
      key: bed.cluster,
      alwaysLive: false,
      lazyLimit,
      reader,
      scope,
      clock: systemClock,
      ports: (memory) => bed.ports({ settings: { memory } }),
      detection,
    });
    return { pool, graphs };
  };

  test('is answered by the graph of its cluster, which the next one shares', async () => {
    const { pool, graphs } = await access('sandbox', 'lazy');
    const first = await graphs.ask({ kinds: ['Pod'], ...question }, (graph) => graph);
    expect(first.view.count('Pod').total).toBe(sandbox.operator.list('pods').length);
    expect(first.coverage()).toMatchObject({ source: 'graph', synced: ['Pod'] });
    await graphs.ask({ kinds: 'all', ...question }, () => undefined);
    expect(pool.statuses()).toHaveLength(1);
    pool.stop();
  });

  test('that is read live lets go of what it was read into, answered or not', async () => {
    const bed = await bedOf('sandbox');
    const { reader, scope } = bed.ports();
    let stopped = 0;
    const detection = () => ({ stop: () => stopped++ });
    const pool = createGraphPool({ clock: systemClock, ttlMs: 60_000, memoryLimit: 1e9, detection });
    const fixed = { pool, key: bed.cluster, alwaysLive: false, lazyLimit: 1, reader, scope, clock: systemClock };
    const graphs = createGraphAccess({ ...fixed, mode: 'false', ports: () => bed.ports(), detection });
    const pods = { kinds: ['Pod'], ...question };
    await graphs.ask(pods, () => expect(stopped).toBe(0));
    expect(stopped).toBe(1);
    const failing = graphs.ask(pods, () => {
      throw new Error('no answer');
    });
    await expect(failing).rejects.toThrow('no answer');
    expect(stopped).toBe(2);
  });

  test('above the limit of objects it is read live, and says how to have a graph', async () => {
    const { pool, graphs } = await access('sandbox', 'lazy', 100);
    const open = await graphs.ask({ kinds: 'all', ...question }, (graph) => graph);
    expect(pool.statuses()).toEqual([]);
    expect(open.coverage().source).toBe('live');
    expect(open.coverage().notes[0]).toContain('ENABLE_KNOWLEDGE_GRAPH=true');
    expect(open.view.count('Pod').total).toBe(sandbox.operator.list('pods').length);
    expect(open.view.count('Node').total).toBe(sandbox.operator.list('nodes').length);
  });

  test('read live it has the same neighbours as in the graph', async () => {
    const bed = await bedOf('sandbox');
    const sync = bed.sync();
    await wait(sync);
    const ports = bed.ports();
    const [target] = sandbox.operator.list('deployments.apps', 'shop');
    const name = target?.metadata.name ?? '';
    const objects = [{ kind: 'Deployment.apps', namespace: 'shop', name }];
    const { graph, coverage } = await readLive(ports, { kinds: [], focus: { objects, depth: 3 }, ...question });
    expect(coverage.source).toBe('live');
    expect(coverage.namespaces).toEqual(['shop']);
    const inNamespace = (line: string) => !line.includes('ClusterRole') && !line.startsWith('ControllerRevision');
    const depends = (view: GraphView) => reach(view, 'Deployment.apps', 'shop', name, 3).filter(inNamespace);
    expect(depends(graph.view())).toEqual(depends(sync.graph.view()));
    expect(depends(graph.view()).length).toBeGreaterThan(5);
  });

  test('about nothing that may be read it fails with the reason', async () => {
    const { graphs } = await access('nobody', 'false');
    const open = await graphs.ask({ kinds: ['Pod'], focus: { namespace: 'shop' }, ...question }, (graph) => graph);
    expect(open.coverage().forbidden.map(({ kind }) => kind)).toContain('Pod');
    expect(open.view.totals.nodes).toBe(0);
  });
});

/** What an object depends on, by names and states, within so many steps. */
function reach(view: GraphView, kind: KindKey, namespace: string, name: string, depth: number): string[] {
  const start = view.find(kind, namespace, name);
  if (start === undefined) return [];
  const seen = new Set([start]);
  let edge = [start];
  for (let step = 0; step < depth; step++) {
    const next: number[] = [];
    for (const id of edge) {
      view.out(id, (target) => {
        if (!seen.has(target)) next.push(target);
        seen.add(target);
        return undefined;
      });
    }
    edge = next;
  }
  return [...seen]
    .map((id) => `${view.node(id).kind} ${view.node(id).namespace}/${view.node(id).name} ${view.node(id).state}`)
    .sort();
}

function change(random: () => number): void {
  const { operator } = sandbox;
  const pick = <T>(all: readonly T[]): T | undefined => all[Math.floor(random() * all.length)];
  const dice = random();
  if (dice < 0.3) {
    const pod = pick(operator.list('pods'));
    if (pod) operator.delete('pods', pod.metadata.namespace ?? '', pod.metadata.name);
  } else if (dice < 0.6) {
    const deployment = pick(operator.list('deployments.apps'));
    if (!deployment) return;
    operator.modify('deployments.apps', deployment.metadata.namespace ?? '', deployment.metadata.name, (draft) => {
      (draft['spec'] as { replicas: number }).replicas = 1 + Math.floor(random() * 3);
    });
  } else if (dice < 0.8) {
    operator.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `random-${Math.floor(random() * 1e9)}`, namespace: 'shop' },
    });
  } else {
    const config = pick(
      operator.list('configmaps', 'shop').filter(({ metadata }) => metadata.name.startsWith('random-')),
    );
    if (config) operator.delete('configmaps', 'shop', config.metadata.name);
  }
}

/** Mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
