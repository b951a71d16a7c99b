import { expect, it } from 'vitest';
import { jsonBytes } from './fit.ts';
import { shrink } from './shrink.ts';
import type { TypedSummary } from './types.ts';

const SUMMARY: TypedSummary = {
  scope: 'cluster',
  detailed: true,
  namespace: undefined,
  timestamp: '2026-05-01T10:00:00.000Z',
  health_status: { overall: 'warning', message: 'Schlüssel "fehlt" …' },
  gaps: { total: 0, kinds: [] },
  anomalies: Array.from({ length: 12 }, (_, index) => ({
    root: { kind: 'Pod', namespace: 'shop', name: `cart-${index}` },
    severity: 3,
    title: `Pod shop/cart-${index}: → restarts`,
    evidence: ['one', 'two'],
    since: '2026-05-01T09:00:00.000Z',
    score: 3.5,
    blast: { objects: 1, entryPoints: 0 },
    symptoms: [],
  })),
  anomalies_left: { below_threshold: 0, more: 1 },
  severity_breakdown: { critical: 0, warning: 13, info: 0 },
  cluster_stats: { total_resources: 2, resource_counts: { Pod: 2 }, namespaces: 1 },
  key_metrics: {},
  namespace_breakdown: [],
  namespaces_left: 0,
  hygiene: { total: 0, by_detector: [] },
  closed: [],
  coverage: {
    synced: 1,
    totals: { syncing: 0, forbidden: 0, stale: 0, left: 0 },
    syncing: [],
    forbidden: [],
    stale: [],
    left: [],
    as_of: '2026-05-01T10:00:00.000Z',
    source: 'graph',
    namespaces: undefined,
    catchingUp: false,
    notes: [],
  },
};
const bytes = jsonBytes(SUMMARY);

it('leaves a summary that has just as many bytes as it may', () => {
  expect(shrink(SUMMARY, bytes)).toBe(SUMMARY);
});

it('gives up no more than it must, and counts what it gave up', () => {
  const { anomalies, anomalies_left: left } = shrink(SUMMARY, bytes - 1);
  expect(anomalies).toHaveLength(10);
  expect(left?.more).toBe(3);
  const { anomalies: without } = shrink(SUMMARY, 0);
  expect(without).toEqual([]);
});

it.each([1.1, 0.9, 0.7, 0.5, 0.4, 0.3, 0.2, 0.1])('has at most %f of its bytes', (share) => {
  expect(jsonBytes(shrink(SUMMARY, bytes * share))).toBeLessThanOrEqual(bytes * share);
});
