import { expect, it } from 'vitest';
import { COVERAGE } from '../../../test/support/coverage.ts';
import { graphOf } from '../../graph/testing.ts';
import type { Finding } from '../types.ts';
import { summarise } from './collect.ts';

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
    const known = { findings: found, anomalies: [], ready: true, closed: [], asOf: 0, history: () => [] };
    const question = {
      scope: 'cluster',
      detailed: true,
      namespace: undefined,
      threshold: 1,
      lenient: true,
      kinds: [],
    } as const;
    const { hygiene } = summarise(question, { view: graphOf([]).view, known, coverage: COVERAGE, now: 0 });
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
