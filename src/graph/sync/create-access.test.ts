import { expect, test } from 'vitest';
import { NAMESPACES, object, PODS, scriptedCluster } from '../../../test/support/scripted-sync.ts';
import { createGraphAccess } from './create-access.ts';
import { createGraphPool } from './create-graphs.ts';

test('a live reading takes ages by the clock of the cluster, which it asks first, and says that it is of a moment', async () => {
  const cluster = scriptedCluster([NAMESPACES, PODS]);
  cluster.objects.set('namespaces ', [object(NAMESPACES, 'sea')]);
  cluster.objects.set('pods ', [object(PODS, 'boat')]);
  const { reader, scope, clock } = cluster.ports;
  let offset = 0;
  const moments: (boolean | undefined)[] = [];
  const detection = (_graph: unknown, _clock: unknown, moment?: boolean) => {
    moments.push(moment);
    return { stop: () => {} };
  };
  const access = createGraphAccess({
    pool: createGraphPool({ clock, ttlMs: 1_000, memoryLimit: 1e9, detection }),
    mode: 'false',
    key: {},
    alwaysLive: false,
    lazyLimit: 20_000,
    reader: {
      ...reader,
      async checkClock() {
        offset = 19 * 60_000;
      },
      clockOffset: () => offset,
    },
    scope,
    clock,
    ports: () => cluster.ports,
    detection,
  });
  const question = { kinds: 'all' as const, signal: new AbortController().signal, progress: () => {} };
  const ahead = await access.ask(question, (graph) =>
    [graph.now(), graph.coverage().asOf].map((at) => at - clock.now()),
  );
  expect(ahead).toEqual([19 * 60_000, 19 * 60_000]);
  expect(moments).toEqual([true]);
});
