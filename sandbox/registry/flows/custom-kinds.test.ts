import { describe, expect, it } from 'vitest';
import { customResource } from '../../kinds/custom-resource.ts';
import { failureOf, testRegistry } from '../test-registry.ts';

const NAMES = { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' };
const WIDGETS = 'widgets.example.com';
const spec = {
  type: 'object',
  properties: {
    replicas: { type: 'integer' },
    x: { type: 'string', default: 'dx' },
    any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  },
};
const definition = {
  metadata: { name: WIDGETS },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: NAMES,
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
        },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec,
              status: { type: 'object', properties: { replicas: { type: 'integer' } } },
            },
          },
        },
      },
    ],
  },
};

function withWidgets() {
  const test = testRegistry();
  const made = test.create('customresourcedefinitions.apiextensions.k8s.io', definition);
  test.kinds.addCustom(customResource({ ...made, status: { acceptedNames: NAMES } })!);
  return test;
}

describe('a custom kind', () => {
  it('is pruned and completed by its schema, and told of unknown fields', () => {
    const { create, warnings } = withWidgets();
    const draft = {
      metadata: { name: 'a' },
      spec: { replicas: 1, foo: 1, any: { q: 1 } },
      bar: 1,
      status: { replicas: 2 },
    };
    const made = create(WIDGETS, draft);
    expect(made['spec']).toEqual({ replicas: 1, x: 'dx', any: { q: 1 } });
    expect(made).not.toHaveProperty('status');
    expect(made.metadata.generation).toBe(1);
    expect(warnings).toEqual(['unknown field "bar"', 'unknown field "spec.foo"']);
  });

  it('keeps all but the status when its status is written', () => {
    const { create, patch } = withWidgets();
    create(WIDGETS, { metadata: { name: 'a' }, spec: { replicas: 1 } });
    const body = { metadata: { labels: { x: 'y' } }, spec: { replicas: 5 }, status: { replicas: 3 } };
    const written = patch(WIDGETS, 'a', body, 'status');
    expect(written).toMatchObject({ metadata: { generation: 1 }, spec: { replicas: 1 }, status: { replicas: 3 } });
    expect(written.metadata.labels).toBeUndefined();
  });

  it('has words of its own for what it refuses', () => {
    const { create, patch, registry, target, context } = withWidgets();
    create(WIDGETS, { metadata: { name: 'a' }, spec: { replicas: 1 } });
    expect(failureOf(() => create(WIDGETS, { metadata: { name: 'b' }, spec: { replicas: 'x' } })).message).toBe(
      'Widget.example.com "b" is invalid: [spec.replicas: Invalid value: "string": spec.replicas in body must be of type integer: "string", .spec.replicas: Invalid value: 0: .spec.replicas accessor error: x is of the type string, expected int64]',
    );
    expect(failureOf(() => patch(WIDGETS, 'a', { spec: { x: '5' } }, undefined, 'strategic'))).toMatchObject({
      code: 415,
      reason: 'UnsupportedMediaType',
      message:
        'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
    });
    const put = (body: object) => () => registry.update(target(WIDGETS, 'a'), body as never, context);
    const widget = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'a' }, spec: {} };
    expect(failureOf(put(widget)).message).toBe(
      'widgets.example.com "a" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    );
    expect(failureOf(put({ ...widget, apiVersion: 'v1' })).message).toBe(
      'the API version in the data (v1) does not match the expected API version (example.com/v1)',
    );
    expect(failureOf(put({ ...widget, kind: 'Gadget' })).message).toBe(
      'Gadget.example.com "a" is invalid: kind: Invalid value: "Gadget": must be Widget',
    );
  });

  it('is scaled by the paths of its definition', () => {
    const { create, patch, get, registry, target } = withWidgets();
    create(WIDGETS, { metadata: { name: 'a' }, spec: { replicas: 1 } });
    patch(WIDGETS, 'a', { spec: { replicas: 4 } }, 'scale');
    expect(get(WIDGETS, 'a')).toMatchObject({ spec: { replicas: 4 } });
    expect(failureOf(() => patch(WIDGETS, 'a', { spec: { replicas: -1 } }, 'scale')).message).toBe(
      'Widget.example.com "a" is invalid: .spec.replicas: Invalid value: -1: should be a non-negative integer',
    );
    patch(WIDGETS, 'a', { spec: { replicas: null } });
    expect(failureOf(() => registry.get(target(WIDGETS, 'a', 'scale'))).message).toBe(
      'Internal error occurred: the spec replicas field ".spec.replicas" does not exist',
    );
  });

  it('stays defined until its objects are gone', () => {
    const { delete: remove } = withWidgets();
    const { kind, object } = remove('customresourcedefinitions.apiextensions.k8s.io', WIDGETS);
    expect(kind).toBe('waiting');
    expect(object.metadata.finalizers).toEqual(['customresourcecleanup.apiextensions.k8s.io']);
  });
});
