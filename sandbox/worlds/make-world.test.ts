import { describe, expect, it } from 'vitest';
import { createSandbox } from '../create-sandbox.ts';
import type { KubeObject } from '../types.ts';
import type { Pod } from '../world/kubelet/pod-types.ts';
import { BARE } from './bare.ts';
import { ageOf } from './make-world.ts';
import type { World, WorldStep } from './types.ts';

const HOUR = 3_600_000;

function deployment(name: string): KubeObject {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'team-a', labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'nginx:1.29' }] } },
    },
  };
}

const STEPS: readonly WorldStep[] = [
  ...BARE.objects,
  deployment('old'),
  { liveMs: 2_000, skipMs: 48 * HOUR },
  deployment('young'),
  { liveMs: 2_000, skipMs: HOUR },
];
const WORLD: World = { ...BARE, objects: STEPS, ageMs: 90_000, settled: true };

describe('a world that is made over some time', () => {
  const sandbox = createSandbox({ world: WORLD, time: 'still' });
  const { operator, clock } = sandbox;
  const pods = () => operator.list<Pod>('pods', 'team-a');

  it('is as old as its steps and its last age say', () => {
    expect(ageOf(WORLD)).toBe(49 * HOUR + 94_000);
    const hours = (name: string) => {
      const { creationTimestamp } = operator.get('deployments.apps', 'team-a', name)?.metadata ?? {};
      return Math.floor((clock.now() - Date.parse(creationTimestamp ?? '')) / HOUR);
    };
    expect([hours('old'), hours('young')]).toEqual([49, 1]);
  });

  it('has pods that were born running, and no events of their births', () => {
    expect(pods().map(({ status }) => status?.phase)).toEqual(['Running', 'Running', 'Running', 'Running']);
    expect(operator.list('events')).toEqual([]);
  });

  it('has nodes that nobody took for silent while time was skipped', () => {
    clock.advance(120_000);
    const taints = operator.list<KubeObject & { spec: { taints?: unknown[] } }>('nodes').map(({ spec }) => spec.taints);
    expect(taints).toEqual([undefined, undefined, undefined]);
  });

  it('lives on as any other: a new pod is pulled and started, with its events', () => {
    const [first] = pods();
    operator.delete('pods', 'team-a', first?.metadata.name ?? '');
    clock.advance(60_000);
    expect(pods().map(({ status }) => status?.phase)).toEqual(['Running', 'Running', 'Running', 'Running']);
    const reasons = operator.list<KubeObject & { reason: string }>('events').map(({ reason }) => reason);
    expect([...new Set(reasons)].sort()).toEqual([
      'Created',
      'Killing',
      'Pulled',
      'Scheduled',
      'Started',
      'SuccessfulCreate',
    ]);
  });
});
