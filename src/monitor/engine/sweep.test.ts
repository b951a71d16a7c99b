import { describe, expect, it } from 'vitest';
import { graphOf } from '../../graph/testing.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { Detector } from '../types.ts';
import { createSweep } from './sweep.ts';

const made = (kind: string, name: string, namespace?: string): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: namespace === undefined ? { name } : { name, namespace },
});
const detector = (kinds: Detector['kinds']): Detector => ({
  id: 'all',
  class: 'incident',
  kinds,
  reads: [],
  detect: () => [],
});

describe('a sweep', () => {
  const { view } = graphOf([
    made('Node', 'n1'),
    made('Pod', 'p', 'a'),
    made('Pod', 'q', 'a'),
    made('Pod', 'p', 'b'),
    made('Secret', 's', 'b'),
  ]);
  const swept = (kinds: Detector['kinds']) => {
    const sweep = createSweep(detector(kinds), 0, true);
    const names: string[] = [];
    for (let id = sweep.next(view); id !== undefined; id = sweep.next(view)) {
      const { kind, namespace, name } = view.node(id);
      names.push(`${kind} ${namespace}/${name}`);
    }
    return names.sort();
  };

  it('comes by each object of the kinds once, in namespaces and outside', () => {
    expect(swept(['Pod', 'Node'])).toEqual(['Node /n1', 'Pod a/p', 'Pod a/q', 'Pod b/p']);
    expect(swept(['Deployment.apps'])).toEqual([]);
  });

  it('comes by all of the API where it looks at any kind', () => {
    expect(swept('any')).toEqual(['Node /n1', 'Pod a/p', 'Pod a/q', 'Pod b/p', 'Secret b/s']);
  });
});
