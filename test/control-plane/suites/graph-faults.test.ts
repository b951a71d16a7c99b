/** The graph of a real API server that is stopped, frozen, restarted, forgetful and strict: it is what fresh lists say, each time. */
import { readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { coverageOf } from '../../../src/graph/sync/coverage.ts';
import type { Sync } from '../../../src/graph/sync/types.ts';
import { createTransport } from '../../../src/kube/transport/create-transport.ts';
import { createMonitor } from '../../../src/monitor/create-monitor.ts';
import { DETECTORS } from '../../../src/monitor/detectors/index.ts';
import { hasTestUsers } from '../../support/control-plane.ts';
import { type BedOptions, type GraphBed, graphBed, held, listed, wait } from '../../support/graph-bed.ts';
import {
  type Asked,
  createAsked,
  createHurriedClock,
  createLife,
  type Journal,
  journal,
  type Life,
} from '../../support/graph-life.ts';
import { until } from '../api.ts';
import { type ApiServerAlone, startApiServerAlone } from '../api-server-alone.ts';
import { resolveBinaries } from '../binaries.ts';

/** So that a server that hangs is noticed soon; a busy machine may be slower without hanging. */
const HURRIED = { pingIntervalMs: 1_000, pingTimeoutMs: 1_000, connectTimeoutMs: 2_000 };
const NAMESPACES = ['one', 'two'];
/** Of a certificate: long enough to be used first, however busy the machine is. */
const SHORT_MS = 15_000;
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const READS = ['get', 'list', 'watch'];
/** What `narrow` may read everywhere; ConfigMaps besides, while they are granted. */
const NARROW = [
  { apiGroups: [''], resources: ['namespaces', 'secrets', 'services', 'serviceaccounts'], verbs: READS },
  { apiGroups: ['apps'], resources: ['deployments'], verbs: READS },
  { apiGroups: [''], resources: ['configmaps'], verbs: READS },
];

interface Watched {
  bed: GraphBed;
  sync: Sync;
  told: Journal;
  asked: Asked;
}

describe.skipIf(!hasTestUsers())('the live graph of a real server in trouble', () => {
  let server: ApiServerAlone;
  let life: Life;
  let reader: string;
  const beds: GraphBed[] = [];
  const usage: { files: number; rss: number }[] = [];

  beforeAll(async () => {
    const found = await resolveBinaries(() => {});
    if (found.kind === 'unavailable') throw new Error(found.reason);
    server = await startApiServerAlone(`alone-${process.pid}`, found.binaries);
    for (const name of NAMESPACES) await server.must('POST', '/api/v1/namespaces', { metadata: { name } });
    await grant('reader', [
      { apiGroups: ['*'], resources: ['*'], verbs: READS },
      { nonResourceURLs: ['*'], verbs: ['get'] },
    ]);
    await grant('narrow', NARROW);
    reader = server.kubeconfig('reader', signedIn('reader'));
    life = createLife(server.send, NAMESPACES, 6);
    await life.some(150);
  });
  afterEach(async () => {
    await life.rest();
    await Promise.all(beds.splice(0).map((bed) => bed.close()));
    usage.push({ files: readdirSync('/proc/self/fd').length, rss: process.memoryUsage().rss });
  });
  afterAll(async () => {
    await server?.stop();
  });

  /** Until the server's own rules have heard of a change of roles. */
  async function allowed(user: string, resourceAttributes: object): Promise<void> {
    const review = async () => {
      const asked = { spec: { user, resourceAttributes } };
      const answer = await server.must('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', asked);
      return (JSON.parse(answer) as { status: { allowed: boolean } }).status.allowed;
    };
    await until(`${user} may`, review, 30_000);
  }

  const base64 = (text: string) => Buffer.from(text).toString('base64');
  function signedIn(user: string): Record<string, string> {
    const { cert, key } = server.certificate(user);
    return { 'client-certificate-data': base64(cert), 'client-key-data': base64(key) };
  }

  async function grant(user: string, rules: readonly object[]): Promise<void> {
    await server.must('POST', `${RBAC}/clusterroles`, { metadata: { name: user }, rules });
    await server.must('POST', `${RBAC}/clusterrolebindings`, {
      metadata: { name: user },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: user },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
    });
  }

  async function watched(
    kubeconfig: string,
    context: string,
    options: BedOptions = {},
    timings: Partial<typeof HURRIED> = {},
  ): Promise<Watched> {
    const asked = createAsked();
    const bed = await graphBed(kubeconfig, context, (connection) =>
      asked.counting(createTransport(connection, { timings })),
    );
    beds.push(bed);
    const sync = bed.sync(options);
    const told = journal(sync.graph);
    await wait(sync);
    told.fewest();
    asked.forget();
    return { bed, sync, told, asked };
  }

  /** All of it, or what `reads` leaves. */
  async function isExact({ bed, sync, told }: Watched, timeout = 45_000): Promise<void> {
    await life.rest();
    const difference = async () => {
      const [here, there] = [held(sync.graph), await listed(bed.ports())];
      const known = new Set(there);
      const differing = [...here.filter((line) => !known.delete(line)).map((line) => `only held: ${line}`), ...known];
      const { stale, forbidden } = coverageOf(sync, 'all');
      return [...stale, ...forbidden, ...differing].slice(0, 10);
    };
    await expect.poll(difference, { timeout, interval: 250 }).toEqual([]);
    expect(told.told()).toEqual(held(sync.graph).map((line) => line.split(' ').slice(0, 3).join(' ')));
    expect(told.faults).toEqual([]);
  }

  const most = (counts: Readonly<Record<string, number>>) => Math.max(0, ...Object.values(counts));
  const untilWatching = ({ sync }: Watched) =>
    expect.poll(() => coverageOf(sync, 'all').stale, { timeout: 45_000, interval: 100 }).toEqual([]);

  test('follows changes at random', async () => {
    const graph = await watched(reader, 'reader');
    await life.some(300);
    await isExact(graph);
    expect(most(graph.asked.lists())).toBe(0);
  });

  test('F39: a restart costs one list of each kind, few more, and the graph is never empty meanwhile', async () => {
    const graph = await watched(reader, 'reader');
    const before = graph.sync.graph.view().totals.nodes;
    life.go();
    await server.restart();
    await sleep(1_000);
    await isExact(graph);
    // A kind whose list is refused as well, before the server has read its roles, is gone for a few seconds.
    expect(graph.told.fewest()).toBeGreaterThan(before * 0.5);
    expect(graph.sync.status().counts.relists).toBeLessThanOrEqual(graph.sync.kinds().length);
    expect(most(graph.asked.lists())).toBeLessThanOrEqual(3);
    expect(coverageOf(graph.sync, 'all')).toMatchObject({ syncing: [], forbidden: [], stale: [] });
  });

  test('a connection that was cut for a while is taken up where it ended', async () => {
    const graph = await watched(reader, 'reader');
    server.part();
    await life.some(100);
    await sleep(1_500);
    server.join();
    life.go();
    await untilWatching(graph);
    await isExact(graph);
    expect(most(graph.asked.lists())).toBe(0);
    expect(graph.asked.total()).toBeLessThan(20 * graph.sync.kinds().length);
  });

  test('a server that hangs for longer than a ping waits is taken up where it hung', async () => {
    const graph = await watched(reader, 'reader', {}, HURRIED);
    const before = graph.sync.graph.view().totals.nodes;
    await life.some(30);
    server.freeze();
    await sleep(4_500);
    expect(graph.sync.graph.view().totals.nodes).toBeGreaterThan(before * 0.5);
    server.thaw();
    life.go();
    await sleep(500);
    await untilWatching(graph);
    await isExact(graph);
    expect(most(graph.asked.lists())).toBe(0);
  });

  const BOATS = 'alone.k8s-mcp.test';
  function boats(scope: string, versions: readonly string[]): object {
    return {
      metadata: { name: `boats.${BOATS}` },
      spec: {
        group: BOATS,
        scope,
        names: { plural: 'boats', singular: 'boat', kind: 'Boat', listKind: 'BoatList' },
        versions: versions.map((name, index) => ({
          name,
          served: true,
          storage: index === 0,
          schema: { openAPIV3Schema: { type: 'object' } },
        })),
      },
    };
  }
  const launch = async (version: string, place: string, name: string) => {
    const path = `/apis/${BOATS}/${version}${place}/boats`;
    const boat = { apiVersion: `${BOATS}/${version}`, kind: 'Boat', metadata: { name } };
    await until('a boat', async () => (await server.send('POST', path, boat)).status === 201, 30_000);
  };

  test('a definition comes, changes its versions, goes, and comes again in another scope', async () => {
    const graph = await watched(reader, 'reader');
    life.go();
    const afloat = () =>
      held(graph.sync.graph)
        .filter((line) => line.startsWith('Boat.'))
        .map((line) => line.split(' ')[1]);
    const shows = (names: readonly string[]) => expect.poll(afloat, { interval: 50 }).toEqual(names);
    await server.must('POST', CRDS, boats('Namespaced', ['v1alpha1']));
    await launch('v1alpha1', '/namespaces/one', 'dinghy');
    await shows(['one/dinghy']);
    // The version that is watched is served no more.
    await server.must('PATCH', `${CRDS}/boats.${BOATS}`, boats('Namespaced', ['v2', 'v1alpha1']));
    await launch('v2', '/namespaces/two', 'ketch');
    await shows(['one/dinghy', 'two/ketch']);
    await server.must('DELETE', `${CRDS}/boats.${BOATS}`);
    await shows([]);
    await until('no boats', async () => (await server.send('GET', `${CRDS}/boats.${BOATS}`)).status === 404, 30_000);
    await server.must('POST', CRDS, boats('Cluster', ['v3']));
    await launch('v3', '', 'ferry');
    await shows(['/ferry']);
    await isExact(graph);
    await server.must('DELETE', `${CRDS}/boats.${BOATS}`);
    await shows([]);
  });

  const configMaps = ({ sync }: Watched) =>
    held(sync.graph).flatMap((line) => (line.startsWith('ConfigMap ') ? [line.split(' ')[1]?.split('/')[0]] : []));

  test('F22: a right that is taken away takes its objects out of answers, one namespace may stay, and all come back', async () => {
    const clock = createHurriedClock();
    const narrow = server.kubeconfig('narrow', signedIn('narrow'));
    const graph = await watched(narrow, 'narrow', { clock, settings: { watchTimeout: 2 } });
    for (const namespace of NAMESPACES)
      await server.send('POST', `/api/v1/namespaces/${namespace}/configmaps`, { metadata: { name: 'stays' } });
    const where = () => NAMESPACES.filter((namespace) => configMaps(graph).includes(namespace));
    await expect.poll(where).toEqual(NAMESPACES);
    life.go();
    await server.must('POST', `${RBAC}/namespaces/two/roles`, {
      metadata: { name: 'narrow' },
      rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: READS }],
    });
    const binding = {
      metadata: { name: 'narrow' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'narrow' },
      // `narrow` may already, by its other role: that this one is known is seen by somebody who has no other.
      subjects: ['narrow', 'witness'].map((name) => ({ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name })),
    };
    await server.must('POST', `${RBAC}/namespaces/two/rolebindings`, binding);
    await allowed('witness', { namespace: 'two', verb: 'watch', resource: 'configmaps' });
    // At first both namespaces refused whatever else there is.
    clock.jump(2 * 60_000);
    await server.must('PATCH', `${RBAC}/clusterroles/narrow`, { rules: NARROW.slice(0, 2) });
    await expect.poll(where, { interval: 50 }).toEqual(['two']);
    await expect
      .poll(() => graph.sync.graph.view().kindState('ConfigMap'))
      .toMatchObject({ state: 'synced', namespaces: ['two'] });
    await server.must('DELETE', `${RBAC}/namespaces/two/rolebindings/narrow`);
    await expect.poll(where, { interval: 50 }).toEqual([]);
    await expect
      .poll(() => coverageOf(graph.sync, ['ConfigMap', 'Secret']).forbidden.map(({ kind }) => kind))
      .toEqual(['ConfigMap']);
    await server.must('PATCH', `${RBAC}/clusterroles/narrow`, { rules: NARROW });
    await allowed('narrow', { verb: 'watch', resource: 'configmaps' });
    clock.jump(11 * 60_000);
    await expect.poll(where, { interval: 50 }).toEqual(NAMESPACES);
    await life.rest();
    const ofTheirs = (lines: readonly string[]) => lines.filter((line) => /^(ConfigMap|Secret|Service) /.test(line));
    const all = await graphBed(reader, 'reader');
    beds.push(all);
    const truth = async () =>
      ofTheirs(await listed(all.ports())).join('\n') === ofTheirs(held(graph.sync.graph)).join('\n');
    await expect.poll(truth, { interval: 250 }).toBe(true);
    expect(graph.told.faults).toEqual([]);
  });

  test('a token file that is written anew is read anew, and the old token is missed by nobody once it is revoked', async () => {
    const namespace = '/api/v1/namespaces/one';
    await server.send('POST', `${namespace}/serviceaccounts`, { metadata: { name: 'rotated' } });
    await server.must('POST', `${RBAC}/clusterrolebindings`, {
      metadata: { name: 'rotated' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'reader' },
      subjects: [{ kind: 'ServiceAccount', name: 'rotated', namespace: 'one' }],
    });
    const path = join(server.folder, 'token');
    const issue = async (name: string) => {
      const secret = JSON.parse(await server.must('POST', `${namespace}/secrets`, { metadata: { name } })) as {
        metadata: { uid: string };
      };
      const boundObjectRef = { apiVersion: 'v1', kind: 'Secret', name, uid: secret.metadata.uid };
      const answer = await server.must('POST', `${namespace}/serviceaccounts/rotated/token`, {
        spec: { boundObjectRef },
      });
      // Whole or not at all, as kubelets do it.
      writeFileSync(`${path}.new`, (JSON.parse(answer) as { status: { token: string } }).status.token, { mode: 0o600 });
      renameSync(`${path}.new`, path);
    };
    await issue('first-token');
    const kubeconfig = server.kubeconfig('rotated', { tokenFile: path });
    const graph = await watched(kubeconfig, 'rotated', { settings: { watchTimeout: 3 } });
    life.go();
    await issue('second-token');
    await server.must('DELETE', `${namespace}/secrets/first-token`);
    // The server believes a token for ten seconds more.
    await sleep(11_500);
    expect(coverageOf(graph.sync, 'all')).toMatchObject({ syncing: [], forbidden: [], stale: [] });
    await isExact(graph);
    expect(most(graph.asked.lists())).toBe(0);
  });

  test('a client certificate that is written anew takes over from the one that expires', async () => {
    const paths = {
      'client-certificate': join(server.folder, 'own.crt'),
      'client-key': join(server.folder, 'own.key'),
    };
    const write = (validMs?: number) => {
      const { cert, key } = server.certificate('reader', validMs);
      writeFileSync(paths['client-certificate'], cert);
      writeFileSync(paths['client-key'], key, { mode: 0o600 });
    };
    const ends = Date.now() + SHORT_MS;
    write(SHORT_MS);
    const graph = await watched(server.kubeconfig('own', paths), 'own', { settings: { watchTimeout: 2 } });
    life.go();
    await sleep(1_000);
    write();
    await sleep(Math.max(0, ends - Date.now()) + 2_000);
    expect(coverageOf(graph.sync, 'all')).toMatchObject({ syncing: [], forbidden: [], stale: [] });
    await isExact(graph);
    expect(most(graph.asked.lists())).toBe(0);
  });

  test('a server that has no time for more than a few requests gets them one after the other', async () => {
    const flow = '/apis/flowcontrol.apiserver.k8s.io/v1';
    await grant('slow', [
      { apiGroups: ['*'], resources: ['*'], verbs: READS },
      { nonResourceURLs: ['*'], verbs: ['get'] },
    ]);
    await server.must('POST', `${flow}/prioritylevelconfigurations`, {
      metadata: { name: 'slow' },
      spec: {
        type: 'Limited',
        limited: {
          nominalConcurrencyShares: 1,
          lendablePercent: 0,
          borrowingLimitPercent: 0,
          limitResponse: { type: 'Reject' },
        },
      },
    });
    await server.must('POST', `${flow}/flowschemas`, {
      metadata: { name: 'slow' },
      spec: {
        priorityLevelConfiguration: { name: 'slow' },
        matchingPrecedence: 2,
        rules: [
          {
            subjects: [{ kind: 'User', user: { name: 'slow' } }],
            resourceRules: [
              { verbs: ['*'], apiGroups: ['*'], resources: ['*'], clusterScope: true, namespaces: ['*'] },
            ],
          },
        ],
      },
    });
    await allowed('slow', { verb: 'watch', resource: 'configmaps' });
    const taken = async () => /"Dangling","status":"False"/.test(await server.must('GET', `${flow}/flowschemas/slow`));
    await until('the schema is in force', taken, 30_000);
    const graph = await watched(server.kubeconfig('slow', signedIn('slow')), 'slow');
    life.go();
    await sleep(1_000);
    await expect.poll(() => coverageOf(graph.sync, 'all').syncing, { timeout: 60_000, interval: 250 }).toEqual([]);
    const { bed } = await watched(reader, 'reader');
    await isExact({ ...graph, bed });
  });

  test('goaways and short watches cost no list', async () => {
    await server.restart(['--goaway-chance=0.02', '--min-request-timeout=2']);
    const graph = await watched(reader, 'reader', { settings: { watchTimeout: 2 } });
    life.go();
    const since = Date.now();
    await sleep(6_000);
    await isExact(graph);
    expect(most(graph.asked.lists())).toBe(0);
    // Two a second for each kind, where a watch lasts for one or two.
    const seconds = (Date.now() - since) / 1_000;
    expect(graph.asked.total()).toBeLessThan(2 * seconds * graph.sync.kinds().length);
  });

  test('without a watch cache, versions that etcd has forgotten are followed by one list each, and only what differs is told', async () => {
    await server.restart(['--watch-cache=false']);
    const graph = await watched(reader, 'reader');
    await life.some(50);
    await isExact(graph);
    server.part();
    await life.some(80);
    await server.compact();
    await sleep(500);
    const before = graph.sync.graph.view().totals.nodes;
    graph.told.fewest();
    graph.asked.forget();
    server.join();
    life.go();
    await sleep(2_000);
    await untilWatching(graph);
    await isExact(graph);
    expect(graph.sync.status().counts.relists).toBeGreaterThan(0);
    expect(most(graph.asked.lists())).toBe(1);
    expect(graph.told.fewest()).toBeGreaterThan(before * 0.8);
  });

  test('a webhook whose Service is missing is told, and no more once it is gone', async () => {
    const graph = await watched(reader, 'reader');
    const clock = createHurriedClock();
    const monitor = createMonitor({ graph: graph.sync.graph, detectors: DETECTORS, clock });
    const hooks = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
    const told = () => {
      clock.jump(60_000);
      const { anomalies } = monitor.anomalies();
      return anomalies.some(({ findings }) => findings.some((id) => id.startsWith('webhook-unavailable:')));
    };
    expect(told()).toBe(false);
    await server.must('POST', hooks, {
      metadata: { name: 'checks' },
      webhooks: [
        {
          name: 'checks.k8s-mcp.test',
          admissionReviewVersions: ['v1'],
          sideEffects: 'None',
          failurePolicy: 'Fail',
          clientConfig: { service: { namespace: 'one', name: 'no-such-service' } },
          rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
        },
      ],
    });
    await expect.poll(told, { interval: 250 }).toBe(true);
    await server.must('DELETE', `${hooks}/checks`);
    await expect.poll(told, { interval: 250 }).toBe(false);
    monitor.stop();
  });

  test('all this took neither files nor memory for good', () => {
    const [first, ...later] = usage;
    const last = later.at(-1);
    if (first === undefined || last === undefined) return;
    expect(last.files - first.files).toBeLessThan(40);
    expect((last.rss - first.rss) / 1e6).toBeLessThan(300);
  });
});
