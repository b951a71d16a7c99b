import { expect, test } from 'vitest';
import { createClock } from '../../../sandbox/clock.ts';
import type { ClusterReader } from '../../kube/cluster-reader.ts';
import type { ApiResource } from '../../kube/types.ts';
import type { WatchTarget } from '../../kube/watch/types.ts';
import { createGraph } from '../create-graph.ts';
import { createNamespaceFinder } from './namespaces.ts';
import type { SyncScope } from './types.ts';

const target = { resource: { kind: 'ConfigMap' } as ApiResource, depth: 'metadata', fields: [] } satisfies WatchTarget;
const scope: SyncScope = {
  allowedNamespaces: ['team-a'],
  forbiddenNamespaces: new Set(),
  denied: () => undefined,
};

test('a namespace that refused four kinds is asked no more, until a minute has passed since: rights are given later, too', async () => {
  const clock = createClock('still');
  let asked = 0;
  let granted = false;
  const reader = {
    async list() {
      asked += 1;
      if (!granted) throw new Error('forbidden');
      return { items: [], total: 0, resourceVersion: '1' };
    },
  } as unknown as ClusterReader;
  const finder = createNamespaceFinder(createGraph(), reader, scope, clock);
  const readable = () => finder.readable(target, new AbortController().signal);
  for (let kind = 0; kind < 6; kind++) expect(await readable()).toEqual([]);
  expect(asked).toBe(4);
  granted = true;
  clock.advance(30_000);
  expect(await readable()).toEqual([]);
  clock.advance(31_000);
  expect(await readable()).toEqual(['team-a']);
  expect(asked).toBe(5);
});
