import { expect, test } from 'vitest';
import { createClock } from '../clock.ts';
import { STRATEGIES } from '../registry/strategies/index.ts';
import type { KubeObject } from '../types.ts';
import type { Machine } from '../world/types.ts';
import { createCrdController } from './crd-controller.ts';
import { CRD_CLEANUP, markCrdDeleted } from './crd-deletion.ts';
import { createKinds } from './create-kinds.ts';
import { CRDS } from './custom-resource.ts';

function crd(plural: string, kind: string, shortNames: string[] = []): KubeObject {
  const object: KubeObject = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.example.com` },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural, kind, ...(shortNames.length === 0 ? {} : { shortNames }) },
      versions: [
        {
          name: 'v1beta1',
          served: true,
          storage: false,
          deprecated: true,
          schema: { openAPIV3Schema: { type: 'object' } },
        },
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object' } } } },
          subresources: { status: {} },
          additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
        },
      ],
    },
  };
  STRATEGIES[CRDS]?.defaults?.(object);
  STRATEGIES[CRDS]?.prepareCreate?.(object);
  return object;
}

/** A cluster of maps; an object that is marked and has no finalizer left is gone. */
function world() {
  const objects = new Map<string, KubeObject>();
  const key = (resource: string, namespace: string, name: string) => `${resource}/${namespace}/${name}`;
  const clock = createClock('still', Date.UTC(2026, 0, 1));
  const machine = {
    clock,
    get: (resource: string, namespace: string, name: string) => objects.get(key(resource, namespace, name)),
    list: (resource: string) =>
      [...objects].filter(([id]) => id.startsWith(`${resource}/`)).map(([, object]) => object),
    modify(resource: string, namespace: string, name: string, change: (draft: KubeObject) => unknown) {
      const draft = structuredClone(objects.get(key(resource, namespace, name))!);
      change(draft);
      const { deletionTimestamp, finalizers = [] } = draft.metadata;
      if (deletionTimestamp !== undefined && finalizers.length === 0) objects.delete(key(resource, namespace, name));
      else objects.set(key(resource, namespace, name), draft);
      return draft;
    },
    delete(resource: string, namespace: string, name: string) {
      const object = objects.get(key(resource, namespace, name));
      if (object?.metadata.finalizers === undefined) objects.delete(key(resource, namespace, name));
      else object.metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
    },
  } as unknown as Machine;
  const kinds = createKinds();
  const controller = createCrdController(kinds);
  const put = (resource: string, object: KubeObject) =>
    objects.set(key(resource, object.metadata.namespace ?? '', object.metadata.name), object);
  const sync = (name: string) => controller.reconcile(name, machine);
  const status = (name: string) => objects.get(key(CRDS, '', name))?.['status'];
  return { objects, kinds, put, sync, status, machine };
}

test('a definition is accepted, established and served', () => {
  const { kinds, put, sync, status } = world();
  put(CRDS, crd('widgets', 'Widget', ['wd']));
  sync('widgets.example.com');
  expect(status('widgets.example.com')).toEqual({
    acceptedNames: {
      plural: 'widgets',
      singular: 'widget',
      kind: 'Widget',
      listKind: 'WidgetList',
      shortNames: ['wd'],
    },
    conditions: [
      {
        type: 'NamesAccepted',
        status: 'True',
        lastTransitionTime: '2026-01-01T00:00:00Z',
        reason: 'NoConflicts',
        message: 'no conflicts found',
      },
      {
        type: 'Established',
        status: 'True',
        lastTransitionTime: '2026-01-01T00:00:00Z',
        reason: 'InitialNamesAccepted',
        message: 'the initial names have been accepted',
      },
    ],
    storedVersions: ['v1'],
  });
  const resource = kinds.byId('widgets.example.com');
  expect(resource).toMatchObject({ kind: 'Widget', storageVersion: 'v1', origin: 'custom', shortNames: ['wd'] });
  expect(resource?.versions.map(({ version, deprecationWarning }) => [version, deprecationWarning])).toEqual([
    ['v1', undefined],
    ['v1beta1', 'example.com/v1beta1 Widget is deprecated'],
  ]);
  expect(resource?.versions[0]?.printerColumns).toEqual([{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }]);
  const { generation } = kinds;
  sync('widgets.example.com');
  expect(kinds.generation).toBe(generation);
});

test('names that another definition of the group has are refused, until they are free', () => {
  const { objects, kinds, put, sync, status } = world();
  put(CRDS, crd('widgets', 'Widget'));
  put(CRDS, crd('gadgets', 'Widget'));
  sync('widgets.example.com');
  sync('gadgets.example.com');
  expect(status('gadgets.example.com')).toMatchObject({
    conditions: [
      { type: 'NamesAccepted', status: 'False', reason: 'ListKindConflict', message: '"WidgetList" is already in use' },
      { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' },
    ],
  });
  expect(kinds.byId('gadgets.example.com')).toBeUndefined();
  objects.delete(`${CRDS}//widgets.example.com`);
  sync('widgets.example.com');
  sync('gadgets.example.com');
  expect(kinds.byId('widgets.example.com')).toBeUndefined();
  expect(kinds.byId('gadgets.example.com')?.kind).toBe('Widget');
});

test('the objects of a definition go before it does', () => {
  const { objects, kinds, put, sync, status, machine } = world();
  put(CRDS, crd('widgets', 'Widget'));
  sync('widgets.example.com');
  const widget = (name: string, finalizers?: string[]): KubeObject => ({
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: { name, namespace: 'default', ...(finalizers === undefined ? {} : { finalizers }) },
  });
  put('widgets.example.com', widget('plain'));
  put('widgets.example.com', widget('held', ['example.com/hold']));
  machine.modify(CRDS, '', 'widgets.example.com', (draft) => markCrdDeleted(draft, '2026-01-01T00:00:00Z'));
  expect(sync('widgets.example.com')).toBe(1000);
  expect(objects.has('widgets.example.com/default/plain')).toBe(false);
  expect(status('widgets.example.com')).toMatchObject({
    conditions: [{}, {}, { type: 'Terminating', status: 'True', reason: 'InstanceDeletionInProgress' }],
  });
  expect(kinds.byId('widgets.example.com')?.versions[0]?.verbs).toEqual([
    'delete',
    'deletecollection',
    'get',
    'list',
    'watch',
  ]);
  expect(objects.get(`${CRDS}//widgets.example.com`)?.metadata.finalizers).toEqual([CRD_CLEANUP]);
  objects.delete('widgets.example.com/default/held');
  expect(sync('widgets.example.com')).toBeUndefined();
  expect(objects.has(`${CRDS}//widgets.example.com`)).toBe(false);
  sync('widgets.example.com');
  expect(kinds.byId('widgets.example.com')).toBeUndefined();
});
