/** The graph of a real API server, held against fresh lists of everything. */
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { coverageOf } from '../../../src/graph/sync/coverage.ts';
import { createTransport } from '../../../src/kube/transport/create-transport.ts';
import type { ApiResource } from '../../../src/kube/types.ts';
import { controlPlane, freshNamespace, hasTestUsers, kubectl, tryKubectl } from '../../support/control-plane.ts';
import { type GraphBed, graphBed, held, listed, wait } from '../../support/graph-bed.ts';
import { createAsked } from '../../support/graph-life.ts';

const DEFINITION = 'boats.graph-sync.k8s-mcp.test';
const BOAT = 'Boat.graph-sync.k8s-mcp.test';
const beds: GraphBed[] = [];

/** Definitions come and go with other suites, and what they define with them. */
const isBuiltIn = (path: string) => !/^\/apis\/[^/]+\./.test(path) || /^\/apis\/[^/]+\.k8s\.io\//.test(path);
const SOON = { timeout: 30_000, interval: 100 };

async function bedOf(context: string, ...how: [Parameters<typeof graphBed>[2]?]): Promise<GraphBed> {
  const bed = await graphBed(controlPlane().kubeconfig, context, ...how);
  beds.push(bed);
  return bed;
}

function definition(scope: 'Namespaced' | 'Cluster'): string {
  return JSON.stringify({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: DEFINITION },
    spec: {
      group: 'graph-sync.k8s-mcp.test',
      names: { plural: 'boats', singular: 'boat', kind: 'Boat', listKind: 'BoatList' },
      scope,
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  });
}
/** Not with kubectl, which remembers the scope of a kind for longer than it lasts here. */
async function launch({ cluster }: GraphBed, name: string, namespace?: string): Promise<void> {
  const group = 'graph-sync.k8s-mcp.test';
  const resource: ApiResource = {
    group,
    version: 'v1',
    kind: 'Boat',
    resource: 'boats',
    singular: 'boat',
    shortNames: [],
    categories: [],
    namespaced: namespace !== undefined,
    verbs: ['create'],
    subresources: [],
    preferred: true,
  };
  const place = namespace === undefined ? {} : { namespace };
  const boat = { apiVersion: `${group}/v1`, kind: 'Boat', metadata: { name, ...place } };
  const signal = AbortSignal.timeout(30_000);
  const client = cluster.rawClient({ decide: () => ({ allow: true }) });
  const create = () =>
    client.create(resource, boat, { ...place, signal }).then(
      () => 'made',
      (error: Error) => error.message,
    );
  await expect.poll(create, { timeout: 30_000, interval: 300 }).toBe('made');
}

describe.skipIf(!hasTestUsers())('the live graph of a real server', () => {
  afterEach(async () => {
    await Promise.all(beds.splice(0).map((bed) => bed.close()));
  });
  afterAll(async () => {
    await tryKubectl(['delete', 'crd', '--ignore-not-found', '--wait=false', DEFINITION]);
  });

  test('syncs every kind, and holds of a namespace what lists of every kind hold, while objects come and go', async () => {
    const namespace = await freshNamespace('graph');
    const asked = createAsked();
    const bed = await bedOf('admin', (connection) => asked.counting(createTransport(connection)));
    const truth = (await bedOf('admin')).ports();
    const sync = bed.sync();
    await wait(sync);
    await expect.poll(() => coverageOf(sync, 'all'), SOON).toMatchObject({ syncing: [], forbidden: [], stale: [] });
    asked.forget();
    await kubectl(['create', 'deployment', 'web', '-n', namespace, '--image=registry.example/web:1', '--replicas=2']);
    await kubectl(['create', 'configmap', 'settings', '-n', namespace, '--from-literal=a=b']);
    await kubectl(['delete', 'configmap', 'settings', '-n', namespace]);
    // Other suites use the same server: what they change between the two looks is not held against the graph.
    const own = (lines: readonly string[]) => lines.filter((line) => line.includes(` ${namespace}/`));
    await expect
      .poll(
        async () => {
          const [here, there] = [own(held(sync.graph)), own(await listed(truth))];
          return here.length > 5 && here.join('\n') === there.join('\n');
        },
        { timeout: 60_000, interval: 500 },
      )
      .toBe(true);
    expect(Object.keys(asked.lists()).filter(isBuiltIn)).toEqual([]);
  });

  test('F52, F53, F54: follows a definition that is made, deleted, and made anew in another scope', async () => {
    const namespace = await freshNamespace('graph');
    const bed = await bedOf('admin');
    const sync = bed.sync();
    await wait(sync);
    const boats = () => {
      const view = sync.graph.view();
      const found: string[] = [];
      view.eachOfKind(BOAT, undefined, (id) => {
        found.push(`${view.node(id).namespace}/${view.node(id).name}`);
        return undefined;
      });
      return `${view.kindState(BOAT).state} ${found.join(' ')}`;
    };
    const define = async (scope: 'Namespaced' | 'Cluster') => {
      await kubectl(['apply', '-f', '-'], { stdin: definition(scope) });
      await kubectl(['wait', '--for=condition=Established', '--timeout=30s', `crd/${DEFINITION}`]);
    };
    await define('Namespaced');
    await launch(bed, 'dinghy', namespace);
    await expect.poll(boats, SOON).toBe(`synced ${namespace}/dinghy`);
    await kubectl(['delete', 'crd', DEFINITION]);
    await expect.poll(boats, SOON).toBe('missing ');
    await define('Cluster');
    await launch(bed, 'ferry');
    await expect.poll(boats, SOON).toBe('synced /ferry');
  });

  test('a viewer has no Secrets, and is told so', async () => {
    const bed = await bedOf('viewer');
    const sync = bed.sync();
    await wait(sync);
    const coverage = coverageOf(sync, ['Pod', 'Secret']);
    expect(coverage.synced).toEqual(['Pod']);
    expect(coverage.forbidden.map(({ kind }) => kind)).toEqual(['Secret']);
    expect(sync.graph.view().count('Secret').total).toBe(0);
  });
});
