import { describe, expect, it } from 'vitest';
import { COVERAGE } from '../../../test/support/coverage.ts';
import { rendererOf } from './render.ts';
import type { AnomalyLine, Summary } from './types.ts';

const summary = (anomalies: readonly AnomalyLine[], hygiene: Summary['hygiene']): Summary => ({
  scope: 'anomalies',
  detailed: true,
  namespace: undefined,
  timestamp: '2026-01-10T00:00:00.000Z',
  health_status: { overall: 'critical', message: 'one thing is wrong' },
  gaps: { total: 0, kinds: [] },
  anomalies,
  anomalies_left: { below_threshold: 0, more: 0 },
  severity_breakdown: { critical: 1, warning: 0, info: 0 },
  cluster_stats: { total_resources: 0, resource_counts: {}, namespaces: 0 },
  key_metrics: {},
  namespace_breakdown: [],
  namespaces_left: 0,
  hygiene,
  closed: [],
  coverage: COVERAGE,
});
const anomaly = (title: string, symptoms: AnomalyLine['symptoms']): AnomalyLine => ({
  root: { kind: 'Deployment.apps', namespace: 'shop', name: 'web' },
  severity: 4,
  title,
  evidence: [],
  since: '2026-01-09T23:58:00.000Z',
  score: 1,
  blast: { objects: 0, entryPoints: 0 },
  symptoms,
});
const NONE = { total: 0, by_detector: [] };

describe('a summary as text', () => {
  it('does not tell a symptom again that stands in the title', () => {
    const crash = { title: 'crashes', count: 1, examples: ['Pod shop/web-1'] };
    const down = { title: 'is down', count: 1, examples: ['Service shop/web'] };
    const text = rendererOf(summary([anomaly('Pod shop/web-1: crashes <- Deployment shop/web', [crash, down])], NONE))(
      9_000,
    );
    expect(text).not.toContain('follows: crashes');
    expect(text).toContain('follows: is down: Service shop/web');
  });

  it('names who a title that stands for several is about', () => {
    const crash = { title: 'crashes', count: 3, examples: ['Pod shop/web-1', 'Pod shop/web-2'] };
    const text = rendererOf(summary([anomaly('3 Pods: crashes <- Deployment shop/web', [crash])], NONE))(9_000);
    expect(text).toContain('follows: crashes: Pod shop/web-1, Pod shop/web-2 and 1 more');
  });

  it('tells of hygiene whose the title is', () => {
    const group = {
      detector: 'no-probes',
      title: 'no readiness probe: web',
      count: 7,
      examples: ['Pod a/x', 'Pod a/y'],
    };
    const text = rendererOf(summary([], { total: 7, by_detector: [group] }))(9_000);
    expect(text).toContain('no-probes: 7, as Pod a/x: no readiness probe: web; also Pod a/y');
  });
});
