import { describe, expect, it } from 'vitest';
import type { Pod } from '../kubelet/pod-types.ts';
import { podRequests, qosClass } from './requests.ts';
import { namedNodes, nodeAccepted, tolerates } from './selectors.ts';

const container = (cpu: string, more: object = {}) => ({ name: 'c', resources: { requests: { cpu } }, ...more });
const pod = (spec: object): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: { containers: [], ...spec },
});
const node = (labels: Record<string, string>) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n', labels } });

describe('what a pod asks for', () => {
  it('is the sum of its containers, or the largest moment before them, with sidecars in both', () => {
    expect(podRequests(pod({ containers: [container('1'), container('500m')] }))).toEqual({ cpu: 1.5 });
    expect(podRequests(pod({ containers: [container('1')], initContainers: [container('3')] }))).toEqual({ cpu: 3 });
    const initContainers = [container('1', { restartPolicy: 'Always' }), container('3')];
    expect(podRequests(pod({ containers: [container('1')], initContainers }))).toEqual({ cpu: 4 });
    expect(podRequests(pod({ containers: [container('4')], initContainers, overhead: { cpu: '250m' } }))).toEqual({
      cpu: 5.25,
    });
  });

  it('decides its class', () => {
    const both = { cpu: '1', memory: '1Gi' };
    expect(qosClass(pod({ containers: [{ name: 'c' }] }))).toBe('BestEffort');
    expect(qosClass(pod({ containers: [container('1')] }))).toBe('Burstable');
    expect(qosClass(pod({ containers: [{ name: 'c', resources: { requests: both, limits: both } }] }))).toBe(
      'Guaranteed',
    );
    expect(qosClass(pod({ containers: [{ name: 'c', resources: { limits: both } }, { name: 'd' }] }))).toBe(
      'Burstable',
    );
  });
});

describe('node affinity', () => {
  const wanting = (operator: string, values: string[]) =>
    pod({
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: 'k', operator, values }] }],
          },
        },
      },
    });
  it.each([
    ['In', ['a', '5'], true, false],
    ['NotIn', ['a'], true, true],
    ['Exists', [], true, false],
    ['DoesNotExist', [], false, true],
    ['Gt', ['4'], true, false],
    ['Lt', ['4'], false, false],
    ['Gt', ['x'], false, false],
  ])('%s %j', (operator, values, withLabel, without) => {
    expect(nodeAccepted(wanting(operator, values), node({ k: '5' }))).toBe(withLabel);
    expect(nodeAccepted(wanting(operator, values), node({}))).toBe(without);
  });

  it('names nodes only when every term does', () => {
    const named = (...terms: object[]) =>
      namedNodes(
        pod({
          affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } },
        }),
      );
    const one = { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['a'] }] };
    expect(named(one)).toEqual(new Set(['a']));
    expect(named(one, { matchExpressions: [{ key: 'k', operator: 'Exists' }] })).toBeUndefined();
  });
});

it('A taint is tolerated by key, value and effect, or by a toleration of everything.', () => {
  const taint = { key: 'gpu', value: 'yes', effect: 'NoSchedule' };
  expect(tolerates([{ key: 'gpu', operator: 'Exists' }], taint)).toBe(true);
  expect(tolerates([{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }], taint)).toBe(true);
  expect(tolerates([{ key: 'gpu', value: 'no' }], taint)).toBe(false);
  expect(tolerates([{ key: 'gpu', operator: 'Exists', effect: 'NoExecute' }], taint)).toBe(false);
  expect(tolerates([{ operator: 'Exists' }], taint)).toBe(true);
});
