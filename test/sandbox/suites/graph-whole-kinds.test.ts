/** Fault rows F52 to F56 against a whole live graph: what discovery says of kinds, and when it says nothing. */
import { afterEach, expect, test } from 'vitest';
import type { Match } from '../../faults/plan.ts';
import { plan } from '../../faults/row.ts';
import { failing } from '../../faults/rows-answers.ts';
import { coverage, toldTwice, type Whole, type WholeOptions, wholeBed } from '../whole-bed.ts';

const beds: Whole[] = [];
afterEach(async () => {
  await Promise.all(beds.splice(0).map((bed) => bed.close()));
});

async function bedOf(options: WholeOptions = {}): Promise<Whole> {
  const bed = await wholeBed(options);
  beds.push(bed);
  expect(await bed.synced()).toBe(true);
  return bed;
}

const CRDS = 'customresourcedefinitions.apiextensions.k8s.io';
const NAME = 'boats.whole.example.com';
const BOAT = 'Boat.whole.example.com';
const BOATS: Match = { verb: ['list', 'watch'], group: 'whole.example.com' };
const UNAVAILABLE = { code: 503, reason: 'ServiceUnavailable', message: 'service unavailable' };

/** `names`: field -> kind that its name is of. */
const definition = (
  scope: 'Namespaced' | 'Cluster',
  versions: readonly string[],
  fields: readonly string[] = ['secretRef'],
) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: NAME },
  spec: {
    group: 'whole.example.com',
    names: { plural: 'boats', singular: 'boat', kind: 'Boat', listKind: 'BoatList' },
    scope,
    versions: versions.map((name, index) => ({
      name,
      served: true,
      storage: index === 0,
      schema: schemaOf(fields),
    })),
  },
});

const schemaOf = (fields: readonly string[]) => ({
  openAPIV3Schema: {
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        properties: Object.fromEntries(
          fields.map((field) => [field, { type: 'object', properties: { name: { type: 'string' } } }]),
        ),
      },
    },
  },
});

function build({ sandbox }: Whole, name: string, namespace?: string, version = 'v1'): void {
  sandbox.operator.create('boats.whole.example.com', {
    apiVersion: `whole.example.com/${version}`,
    kind: 'Boat',
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    spec: { secretRef: { name: 'logbook' }, configMapRef: { name: 'charts' } },
  });
}

/** `synced team-a/dinghy`. */
function boats({ sync }: Whole): string {
  const view = sync.graph.view();
  const found: string[] = [];
  view.eachOfKind(BOAT, undefined, (id) => {
    found.push(`${view.node(id).namespace}/${view.node(id).name}`);
    return undefined;
  });
  return [view.kindState(BOAT).state, ...found.sort()].join(' ');
}

async function become(bed: Whole, wanted: string, ms = 5_000): Promise<void> {
  await bed.until(() => boats(bed) === wanted, ms);
  expect(boats(bed)).toBe(wanted);
}

/** The controller of definitions takes a moment. */
async function served(bed: Whole): Promise<void> {
  await bed.until(() => bed.sandbox.kinds.byKind('whole.example.com', 'v1', 'Boat') !== undefined, 3_000);
}

test('F52, F53, F54: a definition comes, goes, and comes again with another scope and other versions', async () => {
  const bed = await bedOf();
  bed.sandbox.operator.create(CRDS, definition('Namespaced', ['v1']));
  await served(bed);
  build(bed, 'dinghy', 'team-a');
  await become(bed, 'synced team-a/dinghy');

  // A version more, and then without the first: the same objects, told once.
  bed.sandbox.operator.modify(CRDS, '', NAME, (draft) => {
    draft['spec'] = definition('Namespaced', ['v1', 'v2']).spec;
  });
  await bed.pass(6_000);
  expect(boats(bed)).toBe('synced team-a/dinghy');
  bed.sandbox.operator.modify(CRDS, '', NAME, (draft) => {
    const { spec } = definition('Namespaced', ['v1', 'v2']);
    draft['spec'] = { ...spec, versions: spec.versions.map((each) => ({ ...each, served: each.name !== 'v1' })) };
  });
  await bed.pass(6_000);
  await become(bed, 'synced team-a/dinghy');
  build(bed, 'raft', 'team-a', 'v2');
  await become(bed, 'synced team-a/dinghy team-a/raft');
  expect(toldTwice(bed)).toEqual([]);

  bed.sandbox.operator.delete(CRDS, '', NAME);
  await become(bed, 'missing');
  bed.sandbox.operator.create(CRDS, definition('Cluster', ['v1']));
  await served(bed);
  build(bed, 'ferry');
  await become(bed, 'synced /ferry');
  bed.hands.life();
  expect(await bed.settled()).toEqual([]);
  expect(toldTwice(bed)).toEqual([]);
  expect(bed.sync.status()).toMatchObject({ health: 'healthy' });
});

test('F54: a schema that changes in place makes other references of the same objects; one that says the same changes nothing', async () => {
  const bed = await bedOf();
  const change = (fields: readonly string[], description: string) =>
    bed.sandbox.operator.modify(CRDS, '', NAME, (draft) => {
      const { spec } = definition('Namespaced', ['v1'], fields);
      const versions = spec.versions.map((each) => ({
        ...each,
        schema: { openAPIV3Schema: { ...each.schema.openAPIV3Schema, description } },
      }));
      draft['spec'] = { ...spec, versions };
    });
  const references = () => {
    const view = bed.sync.graph.view();
    const found: string[] = [];
    view.out(view.find(BOAT, 'team-a', 'dinghy') ?? -1, (id, { path }) => {
      found.push(`${path} ${view.node(id).kind}/${view.node(id).name}`);
      return undefined;
    });
    return found.filter((line) => line.startsWith('spec.')).sort();
  };
  bed.sandbox.operator.create(CRDS, definition('Namespaced', ['v1'], ['secretRef', 'configMapRef']));
  await served(bed);
  build(bed, 'dinghy', 'team-a');
  await become(bed, 'synced team-a/dinghy');
  expect(references()).toEqual(['spec.configMapRef.name ConfigMap/charts', 'spec.secretRef.name Secret/logbook']);
  const { told } = bed;
  const before = told.length;
  change(['secretRef', 'configMapRef'], 'the same fields');
  await bed.pass(6_000);
  expect(told.slice(before).filter((line) => line.endsWith('gone'))).toEqual([]);
  change(['secretRef'], 'fewer fields');
  expect(await bed.until(() => references().length === 1, 6_000)).toBe(true);
  expect(references()).toEqual(['spec.secretRef.name Secret/logbook']);
  expect(boats(bed)).toBe('synced team-a/dinghy');
  expect(await bed.settled()).toEqual([]);
});

test('F55: an API that is unavailable keeps its objects, which are said to be old', async () => {
  const bed = await bedOf({ step: 50 });
  bed.sandbox.operator.create(CRDS, definition('Namespaced', ['v1']));
  await served(bed);
  build(bed, 'dinghy', 'team-a');
  await become(bed, 'synced team-a/dinghy');
  const stale = plan(failing(BOATS, UNAVAILABLE), {
    match: { verb: 'discovery', path: '/apis' },
    at: { at: 'body' },
    do: {
      kind: 'edit',
      edits: [
        {
          edit: 'set',
          path: ['items', { where: 'metadata.name', is: 'whole.example.com' }, 'versions', '*', 'freshness'],
          to: 'Stale',
        },
      ],
    },
  });
  await bed.proxy.setPlan(stale);
  await bed.proxy.cutAll('rst');
  await become(bed, 'stale team-a/dinghy', 60_000);
  await bed.pass(60_000);
  expect(boats(bed)).toBe('stale team-a/dinghy');
  expect(coverage(bed).stale.map(({ kind }) => kind)).toEqual([BOAT]);
  expect(bed.sync.status().health).toBe('degraded');
  await bed.proxy.setPlan({ rules: [] });
  await become(bed, 'synced team-a/dinghy', 60_000);
  expect(await bed.settled()).toEqual([]);
  expect(bed.sync.status().counts.relists).toBe(0);
  expect(toldTwice(bed)).toEqual([]);
});

test('F56: discovery that fails in part: what there is, and the rest once it is there', async () => {
  const refused = { code: 403, reason: 'Forbidden', message: 'forbidden by the fault proxy' };
  const bed = await wholeBed({ step: 50, plan: plan(failing({ verb: 'discovery', path: '/apis' }, refused)) });
  beds.push(bed);
  await bed.until(() => bed.sync.graph.view().kindState('Namespace').state === 'synced', 60_000);
  expect(bed.sync.graph.view().kindState('Namespace').state).toBe('synced');
  expect(bed.sync.graph.view().count('Namespace').total).toBeGreaterThan(0);
  await bed.proxy.setPlan({ rules: [] });
  await bed.until(() => bed.sync.kinds().includes('Deployment.apps'), 60_000);
  expect(await bed.synced()).toBe(true);
  expect(bed.sync.kinds()).toContain('Deployment.apps');
  expect(await bed.settled()).toEqual([]);
});

test('F56: discovery that fails as a whole is a cluster that cannot be read, and no empty one', async () => {
  const bed = await wholeBed({ step: 50, plan: plan(failing({ verb: 'discovery', path: '/apis' }, UNAVAILABLE)) });
  beds.push(bed);
  await bed.until(() => bed.sync.problems().length > 0, 60_000);
  expect(bed.sync.status()).toMatchObject({ health: 'stale', nodes: 0 });
  expect(coverage(bed, ['Pod'])).toMatchObject({ synced: [], syncing: [{ kind: 'Pod' }] });
  await bed.proxy.setPlan({ rules: [] });
  await bed.until(() => bed.sync.kinds().includes('Deployment.apps'), 60_000);
  expect(await bed.synced()).toBe(true);
  expect(await bed.settled()).toEqual([]);
});

test('F56: discovery that fails later takes nothing away', async () => {
  const bed = await bedOf({ step: 100 });
  const kinds = bed.sync.kinds();
  await bed.proxy.setPlan(plan(failing({ verb: 'discovery' }, UNAVAILABLE)));
  bed.sandbox.operator.create(CRDS, definition('Namespaced', ['v1']));
  await bed.pass(60_000);
  expect(bed.sync.kinds()).toEqual(kinds);
  expect(bed.sync.status().health).toBe('healthy');
  await bed.proxy.setPlan({ rules: [] });
  await become(bed, 'synced', 60_000);
  bed.hands.life();
  expect(await bed.settled()).toEqual([]);
});
