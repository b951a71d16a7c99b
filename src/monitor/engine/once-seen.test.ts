import { expect, it } from 'vitest';
import { graphOf } from '../../graph/testing.ts';
import { createMonitor } from '../create-monitor.ts';
import type { Detector } from '../types.ts';

const MINUTE = 60_000;
const NOW = 100 * MINUTE;
const detector = (since: number | undefined): Detector => ({
  id: 'slow',
  class: 'incident',
  kinds: ['Service'],
  reads: [],
  detect: () => [
    {
      severity: 4,
      title: 'no endpoint',
      evidence: ['selects nothing'],
      holdMs: 5 * MINUTE,
      ...(since === undefined ? {} : { since }),
    },
  ],
});

async function told(moment: boolean, since?: number) {
  const { graph } = graphOf([{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'cart', namespace: 'shop' } }]);
  const monitor = createMonitor({ graph, detectors: [detector(since)], now: () => NOW, moment });
  const { anomalies, findings } = await monitor.within(1_000);
  monitor.stop();
  expect(findings).toHaveLength(anomalies.length);
  return anomalies.map(({ severity, evidence }) => ({ severity, evidence }));
}

it('what has no time of its own is told as a hint where the graph was read once, and waited for where it is kept', async () => {
  expect(await told(true)).toEqual([
    {
      severity: 2,
      evidence: ['selects nothing', 'seen once, and nothing says since when: not known to last'],
    },
  ]);
  expect(await told(false)).toEqual([]);
});

it('it is the cause of what counts, as in a graph that is kept', async () => {
  const hint = detector(undefined);
  const suffering: Detector = {
    id: 'suffers',
    class: 'incident',
    kinds: ['Deployment.apps'],
    reads: ['Service'],
    detect: (_node, { view }) => [
      {
        severity: 3,
        title: 'not available',
        evidence: ['0 of 2'],
        since: NOW - 6 * MINUTE,
        ...(view.find('Service', 'shop', 'cart') === undefined
          ? {}
          : { cause: view.find('Service', 'shop', 'cart') ?? 0 }),
      },
    ],
  };
  const { graph } = graphOf([
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'cart', namespace: 'shop' } },
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' } },
  ]);
  const monitor = createMonitor({ graph, detectors: [hint, suffering], now: () => NOW, moment: true });
  const { anomalies } = await monitor.within(1_000);
  monitor.stop();
  expect(anomalies.map(({ root, severity }) => ({ root: root.kind, severity }))).toEqual([
    { root: 'Service', severity: 3 },
  ]);
  expect(anomalies[0]?.evidence.join()).not.toContain('not known to last');
});

it('what has one counts by it in either', async () => {
  const grave = [{ severity: 4, evidence: ['selects nothing'] }];
  expect(await told(true, NOW - 6 * MINUTE)).toEqual(grave);
  expect(await told(false, NOW - 6 * MINUTE)).toEqual(grave);
  expect(await told(true, NOW - MINUTE)).toEqual([]);
});
