import { describe, expect, it } from 'vitest';
import { failureOf, POD_SPEC, START, testRegistry } from '../test-registry.ts';

const configMap = (metadata: object) => ({ metadata });

describe('delete', () => {
  it('takes an object at once when nothing holds it', () => {
    const { create, delete: remove, exists } = testRegistry();
    create('configmaps', configMap({ name: 'a' }));
    expect(remove('configmaps', 'a').kind).toBe('gone');
    expect(exists('configmaps', 'a')).toBe(false);
  });

  it('waits for finalizers, and ends with the last of them', () => {
    const { create, delete: remove, patch, exists } = testRegistry();
    create('configmaps', configMap({ name: 'f', finalizers: ['a.b/c'] }));
    const marked = remove('configmaps', 'f');
    expect(marked.kind).toBe('waiting');
    expect(marked.object.metadata).toMatchObject({
      deletionTimestamp: '2026-11-21T21:00:00Z',
      deletionGracePeriodSeconds: 0,
      finalizers: ['a.b/c'],
    });
    const again = remove('configmaps', 'f');
    expect(again.object.metadata.resourceVersion).toBe(marked.object.metadata.resourceVersion);
    expect(
      failureOf(() => patch('configmaps', 'f', { metadata: { finalizers: ['a.b/c', 'd.e/f', 'b.e/f'] } })).message,
    ).toBe(
      'ConfigMap "f" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"b.e/f", "d.e/f"}',
    );
    patch('configmaps', 'f', { metadata: { finalizers: null } });
    expect(exists('configmaps', 'f')).toBe(false);
  });

  it('says by finalizers what shall become of dependents', () => {
    const { create, delete: remove } = testRegistry();
    create('configmaps', configMap({ name: 'a' }));
    create('configmaps', configMap({ name: 'b' }));
    expect(remove('configmaps', 'a', { propagationPolicy: 'Foreground' }).object.metadata.finalizers).toEqual([
      'foregroundDeletion',
    ]);
    expect(remove('configmaps', 'b', { propagationPolicy: 'Orphan' }).object.metadata.finalizers).toEqual(['orphan']);
  });

  it('checks its preconditions, in words that name the kind', () => {
    const { create, delete: remove } = testRegistry();
    const { uid, resourceVersion } = create('configmaps', configMap({ name: 'a' })).metadata;
    expect(failureOf(() => remove('configmaps', 'a', { preconditions: { uid: 'x' } }))).toMatchObject({
      code: 409,
      details: { name: 'a', kind: 'ConfigMap' },
      message: `Operation cannot be fulfilled on ConfigMap "a": the UID in the precondition (x) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    });
    expect(failureOf(() => remove('configmaps', 'a', { preconditions: { resourceVersion: '1' } })).message).toBe(
      `Operation cannot be fulfilled on ConfigMap "a": the ResourceVersion in the precondition (1) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
    );
  });

  it('gives pods on a node their grace, which can be shortened only', () => {
    const { create, delete: remove, clock, exists } = testRegistry();
    create('pods', { metadata: { name: 'p' }, spec: { ...POD_SPEC, nodeName: 'n' } });
    const marked = remove('pods', 'p', { gracePeriodSeconds: 50 });
    expect(marked.kind).toBe('waiting');
    expect(marked.object.metadata).toMatchObject({
      generation: 2,
      deletionTimestamp: '2026-11-21T21:00:50Z',
      deletionGracePeriodSeconds: 50,
    });
    clock.advance(10_000);
    expect(remove('pods', 'p', { gracePeriodSeconds: 100 }).object.metadata.deletionGracePeriodSeconds).toBe(50);
    expect(remove('pods', 'p').object.metadata.deletionGracePeriodSeconds).toBe(50);
    expect(remove('pods', 'p', { gracePeriodSeconds: 30 }).object.metadata).toMatchObject({
      deletionTimestamp: '2026-11-21T21:00:30Z',
      deletionGracePeriodSeconds: 30,
    });
    expect(remove('pods', 'p', { gracePeriodSeconds: 0 }).kind).toBe('gone');
    expect(exists('pods', 'p')).toBe(false);
  });

  it('takes a pod that never had a node at once, and shows it marked before', () => {
    const { create, delete: remove, store } = testRegistry();
    create('pods', { metadata: { name: 'p' }, spec: POD_SPEC });
    const seen: string[] = [];
    store.subscribe({ resource: 'pods' }, store.revision, ({ type }) => seen.push(type));
    expect(remove('pods', 'p').kind).toBe('gone');
    expect(seen).toEqual(['MODIFIED', 'DELETED']);
  });

  it('takes a service’s endpoints along', () => {
    const { create, delete: remove, exists } = testRegistry();
    create('services', { metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } });
    create('endpoints', { metadata: { name: 's' } });
    remove('services', 's');
    expect(exists('endpoints', 's')).toBe(false);
  });
});

describe('a namespace', () => {
  it('is terminated first, lets nothing new in, and goes when its own finalizer does', () => {
    const { create, delete: remove, registry, kinds, context, update, exists } = testRegistry();
    create('namespaces', { metadata: { name: 'n' } });
    expect(remove('namespaces', 'n')).toMatchObject({
      kind: 'waiting',
      object: {
        metadata: { deletionTimestamp: new Date(START).toISOString().replace('.000', '') },
        status: { phase: 'Terminating' },
      },
    });
    const resource = kinds.byId('configmaps')!;
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } };
    expect(
      failureOf(() => registry.create({ resource, version: 'v1', namespace: 'n', name: '' }, body, context)),
    ).toMatchObject({
      code: 403,
      message:
        'configmaps "x" is forbidden: unable to create new content in namespace n because it is being terminated',
      details: {
        causes: [
          { reason: 'NamespaceTerminating', message: 'namespace n is being terminated', field: 'metadata.namespace' },
        ],
      },
    });
    update('namespaces', { metadata: { name: 'n' }, spec: { finalizers: [] } }, 'finalize');
    expect(exists('namespaces', 'n')).toBe(false);
  });

  it('that is missing takes nothing in, and the system’s own stay', () => {
    const { registry, kinds, context, delete: remove } = testRegistry();
    const resource = kinds.byId('configmaps')!;
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } };
    expect(
      failureOf(() => registry.create({ resource, version: 'v1', namespace: 'nope', name: '' }, body, context)),
    ).toMatchObject({ code: 404, message: 'namespaces "nope" not found' });
    expect(failureOf(() => remove('namespaces', 'default'))).toMatchObject({
      code: 403,
      message: 'namespaces "default" is forbidden: this namespace may not be deleted',
    });
  });
});
