import { expect, test } from 'vitest';
import { graphOf } from '../../graph/testing.ts';
import { createMonitor } from '../create-monitor.ts';
import type { Detector } from '../types.ts';
import { readersByKind } from './readers.ts';

const detector = (id: string, reads: readonly string[], affected?: Detector['affected']): Detector => ({
  id,
  class: 'incident',
  kinds: ['Service'],
  reads,
  ...(affected === undefined ? {} : { affected }),
  detect: () => [],
});

test('One way to say what is affected is asked once for all detectors that have it', () => {
  const above = () => [];
  const beside = () => [];
  const readers = readersByKind([
    detector('a', ['Pod', 'Node'], above),
    detector('b', ['Pod']),
    detector('c', ['Pod'], above),
    detector('d', ['Pod'], beside),
  ]);
  expect(readers.get('Pod')).toEqual({
    near: [1],
    far: [
      { affected: above, indexes: [0, 2] },
      { affected: beside, indexes: [3] },
    ],
  });
  expect(readers.get('Node')).toEqual({ near: [], far: [{ affected: above, indexes: [0] }] });
  expect(readers.get('Secret')).toBeUndefined();
});

test('A failure to say what is affected is laid to those alone who look already', () => {
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's', namespace: 'a' }, spec: {} };
  const pod = (restarts: number) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'a', labels: { restarts: `${restarts}` } },
  });
  const graph = graphOf([service, pod(0)], { states: { Secret: { state: 'syncing', done: 0, total: 1 } } });
  let fails = true;
  const affected = () => {
    if (fails) throw new Error('no such field');
    return [];
  };
  const detectors = [detector('looking', ['Pod'], affected), detector('waiting', ['Pod', 'Secret'], affected)];
  const monitor = createMonitor({ graph: graph.graph, detectors });
  monitor.findings();
  graph.apply(pod(1));
  monitor.findings();
  fails = false;
  graph.graph.setKindState('Secret', { state: 'synced' });
  expect(monitor.anomalies().closed).toEqual([{ detector: 'looking', why: 'failed on Pod a/p: no such field' }]);
  monitor.stop();
});
