import { describe, expect, it } from 'vitest';
import { ApiFailure } from '../api/failure.ts';
import type { Status } from '../api/types.ts';
import { createKinds } from '../kinds/create-kinds.ts';
import type { JsonObject } from './json.ts';
import { strategicMerge } from './strategic-merge.ts';

const kinds = createKinds();
const schema = kinds.byKind('apps', 'v1', 'Deployment')?.version.schema;

const DEPLOYMENT = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { app: 'web' }, finalizers: ['a.io/x'] },
  spec: {
    replicas: 2,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%' } },
    template: {
      spec: {
        containers: [
          {
            name: 'web',
            image: 'nginx',
            env: [
              { name: 'A', value: '1' },
              { name: 'B', value: '2' },
            ],
            args: ['x', 'y'],
            ports: [{ containerPort: 80, protocol: 'TCP' }],
          },
        ],
        tolerations: [{ key: 'a' }],
      },
    },
  },
};

const merge = (patch: unknown) => strategicMerge(DEPLOYMENT, patch, schema, kinds.resolve) as typeof DEPLOYMENT;
const inPod = (spec: JsonObject) => merge({ spec: { template: { spec } } }).spec.template.spec;
const inContainer = (container: JsonObject) => inPod({ containers: [{ name: 'web', ...container }] }).containers[0]!;

function refusal(run: () => unknown): Status {
  try {
    run();
  } catch (error) {
    if (error instanceof ApiFailure) return error.status;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a strategic merge patch', () => {
  it('merges lists by key and puts new items first', () => {
    expect(inPod({ containers: [{ name: 'a', image: 'y' }] }).containers.map(({ name }) => name)).toEqual(['a', 'web']);
    expect(
      inContainer({
        env: [
          { name: 'C', value: '3' },
          { name: 'A', value: '9' },
        ],
      }).env,
    ).toEqual([
      { name: 'C', value: '3' },
      { name: 'A', value: '9' },
      { name: 'B', value: '2' },
    ]);
  });

  it('leaves the original alone', () => {
    const before = JSON.stringify(DEPLOYMENT);
    inContainer({ env: [{ name: 'A', $patch: 'delete' }] });
    expect(JSON.stringify(DEPLOYMENT)).toBe(before);
  });

  it('orders by $setElementOrder', () => {
    const order = [{ name: 'B' }, { name: 'C' }, { name: 'A' }];
    expect(
      inContainer({ '$setElementOrder/env': order, env: [{ name: 'C', value: '3' }] }).env.map(({ name }) => name),
    ).toEqual(['B', 'C', 'A']);
    expect(inContainer({ '$setElementOrder/env': order.toReversed() }).env.map(({ name }) => name)).toEqual(['A', 'B']);
    expect(inContainer({ '$setElementOrder/args': ['a'], args: ['a'] }).args).toEqual(['a']);
  });

  it('deletes and replaces by directives', () => {
    expect(inContainer({ env: [{ name: 'A', $patch: 'delete' }] }).env).toEqual([{ name: 'B', value: '2' }]);
    expect(inContainer({ env: [{ name: 'Z', value: '1' }, { $patch: 'replace' }] }).env).toEqual([
      { name: 'Z', value: '1' },
    ]);
    expect(merge({ metadata: { labels: { $patch: 'replace', x: 'y' } } }).metadata.labels).toEqual({ x: 'y' });
    expect(merge({ metadata: { labels: { $patch: 'delete' } } }).metadata.labels).toEqual({});
    expect(inPod({ tolerations: [{ key: 'a', $patch: 'delete' }, { key: 'b' }] }).tolerations).toEqual([
      { key: 'a', $patch: 'delete' },
      { key: 'b' },
    ]);
  });

  it('keeps what $retainKeys lists', () => {
    expect(merge({ spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } }).spec.strategy).toEqual({
      type: 'Recreate',
    });
  });

  it('merges and empties lists of scalars', () => {
    const { metadata } = merge({ metadata: { finalizers: ['b.io/y', 'a.io/x'] } });
    expect(metadata.finalizers).toEqual(['b.io/y', 'a.io/x']);
    expect(merge({ metadata: { '$deleteFromPrimitiveList/finalizers': ['a.io/x'] } }).metadata.finalizers).toEqual([]);
    expect(inContainer({ args: ['z'] }).args).toEqual(['z']);
  });

  it('removes with null', () => {
    expect(merge({ metadata: { labels: { app: null, q: null } } }).metadata.labels).toEqual({});
    expect(inPod({ containers: null }).containers).toBeUndefined();
  });

  it('leaves out nulls and directives of what is new', () => {
    expect(merge({ metadata: { annotations: { a: null, b: 'c' } }, extra: { $patch: 'delete' } })).toMatchObject({
      metadata: { annotations: { b: 'c' } },
    });
    expect(Object.keys(merge({ extra: { $patch: 'delete' } }))).not.toContain('extra');
  });

  it('takes fields it does not know; those are the business of validation', () => {
    expect(merge({ spec: { foo: { a: 1 } } }).spec).toMatchObject({ foo: { a: 1 } });
    expect(inPod({ Containers: [{ name: 'x' }] })).toMatchObject({ Containers: [{ name: 'x' }] });
  });

  const container = (spec: JsonObject) => ({ spec: { template: { spec } } });
  it.each([
    [container({ containers: [{ image: 'x' }] }), 'map: map[image:x] does not contain declared merge key: name'],
    [
      container({ tolerations: null, containers: [{ name: 'x', image: 'y' }, 5] }),
      'list element types are not identical: [[map[args:[x y] env:[map[name:A value:1] map[name:B value:2]] image:nginx name:web ports:[map[containerPort:80 protocol:TCP]]]] [map[image:y name:x] 5]]',
    ],
    [
      container({ containers: [{ name: 'web', env: [{ $patch: 'merge' }] }] }),
      'merging lists cannot yet be specified in the patch',
    ],
    [
      container({ containers: [{ name: 'web', env: [{ name: 'Z', $patch: 'frob' }] }] }),
      'unknown patch type: frob in map: map[$patch:frob name:Z]',
    ],
    [
      container({ containers: [{ name: 'web', env: [{ $patch: 'delete' }] }] }),
      'map: map[$patch:delete] does not contain declared merge key: name',
    ],
    [{ spec: { strategy: { $patch: 'merge' } } }, 'unknown patch type: merge in map: map[$patch:merge]'],
    [
      container({
        '$setElementOrder/containers': [{ name: 'a' }, { name: 'web' }],
        containers: [
          { name: 'web', image: 'q' },
          { name: 'a', image: 'y' },
        ],
      }),
      "The order in patch list:\n[map[image:q name:web] map[image:y name:a]]\n doesn't match $setElementOrder list:\n[map[name:a] map[name:web]]\n",
    ],
    [container({ '$setElementOrder/containers': 5 }), 'expected a []interface {}, but received a int64'],
    [
      container({ '$setElementOrder/nopes': [{ name: 'web' }], nopes: [{ name: 'web' }] }),
      'unable to find api field in struct PodSpec for the json field "nopes"',
    ],
    [
      container({ '$setElementOrder/containers': [{ nme: 'web' }], containers: [{ name: 'web', image: 'y' }] }),
      'map: map[nme:web] does not contain declared merge key: name',
    ],
  ])('that makes no sense is a bare error: %j', (patch, message) => {
    expect(refusal(() => merge(patch))).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      code: 500,
    });
  });

  it.each([
    [{ spec: { strategy: { $retainKeys: ['type'], rollingUpdate: {} } } }, 'invalid patch format of retainKeys'],
    [{ spec: { strategy: { $retainKeys: 5 } } }, 'invalid patch format of retainKeys'],
    [container({ $setElementOrder: [{ name: 'web' }] }), 'invalid patch format of setElementOrder list'],
    [{ metadata: { $deleteFromPrimitiveList: ['a.io/x'] } }, 'invalid patch format of primitive list'],
    [[1], 'json: cannot unmarshal array into Go value of type map[string]interface {}'],
    ['x', 'json: cannot unmarshal string into Go value of type map[string]interface {}'],
  ])('in a wrong form is a bad request: %j', (patch, message) => {
    expect(refusal(() => merge(patch))).toMatchObject({ code: 400, reason: 'BadRequest', message });
  });

  it('of null changes nothing, and custom kinds have none', () => {
    expect(merge(null)).toEqual(DEPLOYMENT);
    expect(refusal(() => strategicMerge(DEPLOYMENT, {}, undefined, kinds.resolve))).toMatchObject({
      code: 400,
      message: 'strategic merge patch format is not supported',
    });
  });
});
