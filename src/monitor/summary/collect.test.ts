import { describe, expect, it } from 'vitest';
import { COVERAGE } from '../../../test/support/coverage.ts';
import { graphOf } from '../../graph/testing.ts';
import type { KindState } from '../../graph/types.ts';
import type { Anomaly, Finding, Known } from '../types.ts';
import { type SummaryQuestion, summarise } from './collect.ts';
import { rendererOf } from './render.ts';

const NOTHING: Known = {
  findings: [],
  anomalies: [],
  ready: true,
  closed: [],
  needs: ['Pod', 'Deployment.apps', 'Node', 'Secret', 'Certificate.cert-manager.io'],
  asOf: 0,
  history: () => [],
};
const QUESTION: SummaryQuestion = {
  scope: 'cluster',
  detailed: true,
  namespace: undefined,
  threshold: 1,
  lenient: true,
  kinds: [],
};

const finding = (name: string, container: string): Finding => ({
  id: `no-probes:Pod/shop/${name}#${container}`,
  detector: 'no-probes',
  class: 'hygiene',
  severity: 1,
  object: { kind: 'Pod', namespace: 'shop', name },
  title: `no readiness probe: ${container}`,
  evidence: [],
  cause: undefined,
  since: 0,
  without: [],
});

it('names the same examples of hygiene whichever was found first, and the title is that of the first example', () => {
  const findings = [finding('web-3', 'a'), finding('web-1', 'proxy'), finding('web-2', 'b'), finding('web-1', 'main')];
  for (const found of [findings, findings.toReversed()]) {
    const known: Known = { ...NOTHING, findings: found };
    const { hygiene } = summarise(QUESTION, { view: graphOf([]).view, known, coverage: COVERAGE, now: 0 });
    expect(hygiene.by_detector).toEqual([
      {
        detector: 'no-probes',
        title: 'no readiness probe: main',
        count: 4,
        examples: ['Pod shop/web-1', 'Pod shop/web-2'],
      },
    ]);
  }
});

const DROPPED: KindState = { state: 'off', reason: 'dropped' };
const pod = (name: string, ready = 'True') => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop' },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready }] },
});
const anomaly = (kind: string, severity: Anomaly['severity'] = 4): Anomaly => ({
  root: { kind, namespace: 'shop', name: 'web' },
  severity,
  title: 'it burns',
  evidence: [],
  advice: undefined,
  since: 0,
  score: 1,
  blast: { objects: 0, entryPoints: 0 },
  symptoms: [],
  findings: [],
  objects: [],
});

function told(
  known: Partial<Known>,
  { states = {}, ...question }: Partial<SummaryQuestion> & { states?: Record<string, KindState> } = {},
) {
  const { view } = graphOf([pod('a')], { states });
  const on = { view, known: { ...NOTHING, ...known }, coverage: COVERAGE, now: 0 };
  const summary = summarise({ ...QUESTION, ...question }, on);
  return { summary, first: rendererOf(summary)(5_000).split('\n')[0] };
}

describe('a verdict', () => {
  const states = { Pod: DROPPED, 'Deployment.apps': DROPPED, Node: DROPPED };

  it('is healthy where all kinds that incidents are found by are known; what is not served is not missed', () => {
    expect(told({}).first).toBe('HEALTHY: cluster: nothing wrong is seen; 1 of 1 pods well');
  });

  it('names kinds that are not known before anything else, and is not healthy', () => {
    const { first, summary } = told({}, { states: { 'Deployment.apps': DROPPED, Node: DROPPED, Secret: DROPPED } });
    expect(first).toBe(
      'UNKNOWN: cluster: Deployment, Node and Secret were not read; nothing wrong is seen in the rest; 1 of 1 pods well',
    );
    expect(summary.gaps).toMatchObject({ total: 3, kinds: [{ kind: 'Deployment.apps', how: 'unread' }, {}, {}] });
  });

  it.each<[string, KindState]>([
    ['may not be read', { state: 'forbidden', reason: 'no' }],
    ['was not read', { state: 'syncing', done: 0, total: 7 }],
    ['was not kept up to date', { state: 'stale', since: 0, reason: 'refused' }],
  ])('is not healthy where a kind of its scope %s', (words, state) => {
    expect(told({}, { states: { Node: state } }).first).toMatch(`UNKNOWN: cluster: Node ${words}; nothing wrong`);
  });

  it('stands where an identity may not read what is beside what runs, and says so', () => {
    const forbidden: KindState = { state: 'forbidden', reason: 'no' };
    const first = (kind: string, namespace?: string) =>
      told({}, { states: { [kind]: forbidden }, ...(namespace === undefined ? {} : { namespace }) }).first;
    expect(first('Secret')).toBe(
      'HEALTHY: cluster: Secret may not be read; nothing wrong is seen in the rest; 1 of 1 pods well',
    );
    expect(first('Node', 'shop')).toMatch('HEALTHY: namespace shop: Node may not be read; nothing wrong');
    for (const kind of ['Pod', 'Deployment.apps']) expect(first(kind, 'shop')).toMatch('UNKNOWN: namespace shop');
  });

  it('of a namespace is not healthy where its objects are of those that are not read', () => {
    const only: KindState = { state: 'synced', namespaces: ['shop'] };
    expect(told({}, { states: { Secret: only }, namespace: 'shop' }).summary.gaps.total).toBe(0);
    expect(told({}, { states: { Secret: only }, namespace: 'data' }).first).toMatch('UNKNOWN: namespace data: Secret');
  });

  it('counts at least, and of what was read, where only a sample was', () => {
    expect(told({ anomalies: [anomaly('Pod'), anomaly('Service')] }, { states }).first).toBe(
      'CRITICAL: cluster: Pod was read in part, Deployment and Node were not read; at least 2 things are wrong (2 critical); 1 of the 1 pods that were read well',
    );
  });

  it('does not call a little wrong all that is wrong where not all is known', () => {
    expect(told({ anomalies: [anomaly('Pod', 2)] }).first).toMatch('MINOR ISSUES: cluster: one thing is wrong');
    expect(told({ anomalies: [anomaly('Pod', 2)] }, { states }).first).toMatch(/^UNKNOWN: .* at least one thing is/);
  });

  it('is of the scope, whatever kinds are listed', () => {
    const known = { anomalies: [anomaly('Service')] };
    const { summary, first } = told(known, { kinds: ['Ingress.networking.k8s.io'] });
    expect(first).toBe('CRITICAL: cluster: one thing is wrong (1 critical); 1 of 1 pods well');
    expect(summary).toMatchObject({
      anomalies: [],
      anomalies_left: { of_other_kinds: 1 },
      severity_breakdown: { critical: 1 },
      cluster_stats: { total_resources: 1, resource_counts: {} },
    });
    const text = rendererOf(summary)(5_000);
    expect(text).toContain('Anomalies:\n1 of other kinds not shown (without resource_types)');
    expect(text).toContain('Objects: 1 in 1 namespace, 0 relations; of the kinds asked for:\nnone');
  });
});

it('counts the nodes under pressure as ready, as kubectl does', () => {
  const node = (name: string, ready: string, pressure: string) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name },
    status: {
      conditions: [
        { type: 'Ready', status: ready },
        { type: 'MemoryPressure', status: pressure },
      ],
    },
  });
  const nodes = [node('a', 'True', 'False'), node('b', 'True', 'True'), node('c', 'False', 'False')];
  const { view } = graphOf(nodes);
  const summary = summarise(QUESTION, { view, known: NOTHING, coverage: COVERAGE, now: 0 });
  expect(rendererOf(summary)(5_000).split('\n')[0]).toContain('2 of 3 nodes ready');
});

it('counts namespaces that hold nothing which is read too', () => {
  const namespaces = ['shop', 'a', 'b'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
  const { view } = graphOf([...namespaces, pod('web')]);
  const summary = summarise(QUESTION, { view, known: NOTHING, coverage: COVERAGE, now: 0 });
  expect(summary.cluster_stats.namespaces).toBe(3);
});

it('tells once what many detectors wait for', () => {
  const closed = ['crash-loop', 'image-pull', 'oom-killed', 'not-ready'].map((detector) => ({
    detector,
    why: detector === 'not-ready' ? 'Node is being read (0); Pod is being read (3 of 9)' : 'Pod is being read (3 of 9)',
  }));
  const { summary, first } = told({ closed, ready: false });
  expect(first).toMatch('UNKNOWN: cluster: the cluster is not known in full yet; nothing wrong is seen in the rest');
  expect(rendererOf(summary)(5_000)).toContain(
    [
      'Not looked for yet:',
      'Pod is being read (3 of 9): crash-loop, image-pull, oom-killed and 1 more',
      'Node is being read (0): not-ready',
    ].join('\n'),
  );
});
