import { expect, test } from 'vitest';
import { createClock } from '../clock.ts';
import { createKinds } from '../kinds/create-kinds.ts';
import { createStore } from '../store/create-store.ts';
import { createRegistry } from './create-registry.ts';
import { heapRoom } from './room.ts';
import { failureOf } from './test-registry.ts';

test('a full store takes no object more, and says so as etcd does', () => {
  const kinds = createKinds();
  let room = true;
  const registry = createRegistry({
    store: createStore(),
    kinds,
    clock: createClock('still', 0),
    random: () => 0.5,
    strategies: {},
    hasRoom: () => room,
  });
  const target = { resource: kinds.byId('namespaces')!, version: 'v1', namespace: '', name: '' };
  const context = {
    caller: { user: 'a', groups: [] },
    dryRun: false,
    fieldManager: 'a',
    fieldValidation: 'Ignore' as const,
    warn: () => undefined,
  };
  const create = (name: string) => () =>
    registry.create(target, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, context);
  create('a')();
  room = false;
  expect(failureOf(create('b'))).toMatchObject({ code: 500, message: 'etcdserver: mvcc: database space exceeded' });
  registry.delete({ ...target, name: 'a' }, {}, context);
});

test('an ordinary process has room', () => {
  expect(heapRoom()()).toBe(true);
});
