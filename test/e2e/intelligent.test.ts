/** The intelligent tools and their pages as clients see them: every face, both eras, a first sync that takes long. On a sandbox in this process. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClock } from '../../sandbox/clock.ts';
import { createSandbox } from '../../sandbox/create-sandbox.ts';
import { BARE } from '../../sandbox/worlds/bare.ts';
import { createFaultProxy, type FaultProxy } from '../faults/create-fault-proxy.ts';
import type { Plan } from '../faults/plan.ts';
import { allFaces, type Face, steady, TOKEN } from '../support/faces.ts';
import { type Era, type Served, scratchFolder, serve, stdioClient } from '../support/product.ts';

const CANARY = 'canary-5e0a9c';
const sandbox = createSandbox({ world: BARE, time: 'still' });
/** Of the delays of the proxy: they are over when a test says so. */
const delays = createClock('still');
let proxy: FaultProxy;
let folder: string;
let kubeconfig: string;
let tokenFile: string;

beforeAll(async () => {
  const { url } = await sandbox.listen(0);
  const text = sandbox.kubeconfig(url);
  proxy = await createFaultProxy({ upstream: { kubeconfig: text }, clock: delays });
  folder = scratchFolder();
  kubeconfig = join(folder, 'direct');
  writeFileSync(kubeconfig, text, { mode: 0o600 });
  tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, TOKEN);
  const pod = (name: string, namespace: string, image: string) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace },
    spec: {
      containers: [
        {
          name: 'main',
          image,
          env: [
            { name: 'DB_PASSWORD', value: `${CANARY}-env` },
            { name: 'DB_URL', value: `postgres://me:${CANARY}-url@db.team-a.svc:5432/x` },
          ],
          envFrom: [{ configMapRef: { name: 'settings' } }],
        },
      ],
    },
  });
  sandbox.operator.create('pods', pod('web', 'team-a', 'example.test/web:1'));
  sandbox.operator.create('events', {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'web.1', namespace: 'team-a' },
    involvedObject: { apiVersion: 'v1', kind: 'Pod', name: 'web', namespace: 'team-a' },
    type: 'Warning',
    reason: 'Failed',
    message: `\u001b[31mcannot sign in: password=${CANARY}-event\u001b[0m`,
    count: 1,
    lastTimestamp: new Date(sandbox.clock.now()).toISOString(),
  });
  sandbox.clock.advance(120_000);
});
afterAll(async () => {
  await proxy.close();
  await sandbox.stop();
});

const headers = { authorization: `Bearer ${TOKEN}` };
const serveHere = (args: readonly string[] = [], config = kubeconfig) =>
  serve({ kubeconfig: config, args: ['--auth-token-file', tokenFile, ...args] });

/** Strict: JSON.parse knows neither NaN nor Infinity, and what a number became by mistake is null. */
async function page(served: Served, path: string): Promise<Record<string, unknown>> {
  const answer = await fetch(new URL(path, served.url), { headers });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  const text = await answer.text();
  expect(text).not.toContain(CANARY);
  return JSON.parse(text) as Record<string, unknown>;
}

async function ask(served: Served, tool: string, args: object): Promise<string> {
  const answer = await fetch(new URL(`/tools/${tool}`, served.url), {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', accept: 'text/plain' },
    body: JSON.stringify(args),
  });
  expect(answer.status).toBe(200);
  return answer.text();
}

describe('/intelligent/status and /intelligent/health', () => {
  test('need the token where one is set', async () => {
    const served = await serveHere();
    for (const path of ['/intelligent/status', '/intelligent/health'])
      for (const wrong of [{}, { authorization: 'Bearer wrong' }]) {
        const answer = await fetch(new URL(path, served.url), { headers: wrong });
        expect(answer.status).toBe(401);
        expect(await answer.text()).not.toMatch(/graph_nodes_count|components/);
      }
  });

  test('tell the truth before the first sync and after it, and no name of an object', async () => {
    const served = await serveHere();
    expect(await page(served, '/intelligent/status')).toEqual({
      intelligent_mode_enabled: true,
      mode: 'lazy',
      knowledge_graph_available: false,
      cluster_sync_running: false,
      summary_generator_available: true,
      graph_nodes_count: 0,
      graph_edges_count: 0,
      sync_status: null,
    });
    expect((await page(served, '/intelligent/health'))['components']).toMatchObject({
      knowledge_graph: { available: false, nodes: 0, edges: 0 },
      cluster_sync: { running: false, status: { health: 'stopped', score: 0, last_sync_ago_seconds: null } },
    });
    await ask(served, 'k8s-cluster-summary', {});
    const after = await page(served, '/intelligent/status');
    const pods = sandbox.operator.list('pods').length;
    expect(after).toMatchObject({
      knowledge_graph_available: true,
      cluster_sync_running: true,
      sync_status: {
        is_running: true,
        health: 'healthy',
        kinds: { Pod: { state: 'synced', objects: pods, failures: 0 } },
      },
    });
    const { sync_status: status, graph_nodes_count: nodes } = after as {
      sync_status: { kinds: Record<string, { objects: number }>; graph_stats: { nodes_total: number } };
      graph_nodes_count: number;
    };
    const counted = Object.values(status.kinds).reduce((sum, { objects }) => sum + objects, 0);
    expect(nodes).toBe(counted);
    expect(status.graph_stats.nodes_total).toBe(nodes);
    expect(JSON.stringify(after)).not.toMatch(/team-a|"web"/);
    const health = await page(served, '/intelligent/health');
    expect(health['components']).toMatchObject({
      knowledge_graph: { available: true, nodes },
      cluster_sync: { status: { health: 'healthy', score: 1, total_resources: nodes } },
    });
    expect(served.log()).not.toContain(CANARY);
  });

  test('say so where no graph is kept, and count what there is from the start where one always is', async () => {
    const without = await serveHere(['--knowledge-graph', 'false']);
    expect(await ask(without, 'k8s-cluster-summary', {})).toContain('this was read live');
    expect(await page(without, '/intelligent/status')).toMatchObject({
      intelligent_mode_enabled: false,
      mode: 'false',
      knowledge_graph_available: false,
      sync_status: null,
    });
    const always = await serveHere(['--knowledge-graph', 'true']);
    await expect
      .poll(async () => (await page(always, '/intelligent/status'))['knowledge_graph_available'], { timeout: 30_000 })
      .toBe(true);
    await expect.poll(() => always.log()).toMatch(/\d+ nodes, \d+ edges, \d+ MB, synced in /);
  });
});

describe('every face gives the same answer', () => {
  let faces: Face[];
  beforeAll(async () => {
    faces = await allFaces({ kubeconfig }, tokenFile);
  });

  const QUESTIONS: [string, Record<string, unknown>][] = [
    ['k8s-relation-query', { query_type: 'dependencies', target_resources: ['pod/team-a/web'] }],
    ['k8s-relation-query', { resource_type: 'Pod', resource_name: 'web', namespace: 'team-a' }],
    ['k8s-relation-query', { query_type: 'cluster_topology' }],
    ['k8s-relation-query', { query_type: 'anomaly_correlation', target_resources: ['pod/team-a/web'] }],
    ['k8s-cluster-summary', {}],
    ['k8s-cluster-summary', { summary_type: 'namespace', namespace: 'team-a', anomaly_threshold: 'low' }],
  ];
  test.each(QUESTIONS)('%s %j', async (tool, args) => {
    const told = [];
    for (const face of faces) {
      const { ok, text } = await face.call(tool, args);
      expect(text).not.toContain(CANARY);
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
      told.push({ ok, text: steady(text) });
    }
    expect(told[0]).toMatchObject({ ok: true });
    for (const other of told) expect(other).toEqual(told[0]);
  });

  const REFUSALS: [string, Record<string, unknown>, RegExp][] = [
    ['k8s-relation-query', { target_resources: ['pod/team-a/wbe'] }, /^not_found: There is no Pod team-a\/wbe\./],
    ['k8s-relation-query', { target_resources: ['pod/team-a/web'], max_depth: 11 }, /^invalid_argument: /],
    ['k8s-cluster-summary', { max_size_kb: 51 }, /^invalid_argument: /],
    ['k8s-cluster-summary', { focus_namespace: 'team-z' }, /^not_found: There is no namespace "team-z"\./],
  ];
  test.each(REFUSALS)('%s %j, refused', async (tool, args, said) => {
    for (const face of faces)
      expect(await face.call(tool, args), face.name).toMatchObject({ ok: false, text: expect.stringMatching(said) });
  });
});

describe('a first sync that takes long', () => {
  const DELAY_MS = 1_000;
  /** The first list counts them only. */
  const SLOW_PODS: Plan = {
    rules: [
      {
        match: { verb: 'list', resource: 'pods' },
        counts: { from: 2 },
        at: { at: 'request' },
        do: { kind: 'delay', ms: DELAY_MS },
      },
    ],
  };
  const slowConfig = () => {
    const path = join(scratchFolder(), 'slow');
    writeFileSync(path, proxy.kubeconfig(), { mode: 0o600 });
    return path;
  };

  test.each(['2025', '2026'] as Era[])('is told of while it runs, era %s', async (era) => {
    const config = slowConfig();
    const served = await serveHere([], config);
    const clients = [await stdioClient(era, { kubeconfig: config }), await served.client(era, { headers })];
    for (const client of clients) {
      await proxy.setPlan(SLOW_PODS);
      const notes: string[] = [];
      const told = () => notes.some((note) => /^syncing: .*Pod 0/.test(note));
      // The Pods come when it was told that they are waited for.
      const going = setInterval(() => told() && delays.advance(DELAY_MS), 100);
      const result = await client
        .callTool(
          { name: 'k8s-relation-query', arguments: { target_resources: ['pod/team-a/web'] } },
          { onprogress: ({ message = '' }) => void notes.push(message), timeout: 50_000 },
        )
        .finally(() => clearInterval(going));
      expect(result.isError ?? false).toBe(false);
      expect(told(), notes.join(' | ')).toBe(true);
    }
  });

  test('that outlives its wait gives the part that is known, marked, with how far it is; later all of it', async () => {
    await proxy.setPlan(SLOW_PODS);
    const served = await serveHere([], slowConfig());
    const [summary, topology] = await Promise.all([
      ask(served, 'k8s-cluster-summary', {}),
      ask(served, 'k8s-relation-query', { query_type: 'cluster_topology' }),
    ]);
    expect(summary).toMatch(/^context: .*\nUNKNOWN: cluster: /);
    expect(summary).toContain('PARTIAL, still being read: Pod 0');
    expect(topology).toContain('PARTIAL, still being read: Pod 0');
    expect(await page(served, '/intelligent/status')).toMatchObject({
      knowledge_graph_available: false,
      cluster_sync_running: true,
      sync_status: { last_full_sync: null, stats: { last_sync_duration: null } },
    });
    await proxy.setPlan({ rules: [] });
    delays.advance(DELAY_MS);
    await expect
      .poll(() => ask(served, 'k8s-cluster-summary', {}), { timeout: 40_000, interval: 1_000 })
      .not.toContain('PARTIAL');
  }, 120_000);
});
