import { expect, test } from 'vitest';
import { nearest, nearness } from './nearest.ts';

const KINDS = ['Pod', 'PodTemplate', 'Deployment', 'Service', 'ServiceAccount', 'Secret', 'StatefulSet', 'Node'];

test.each([
  ['Deploment', ['Deployment']],
  ['deployments', ['Deployment']],
  ['Sevrice', ['Service']],
  ['Pods', ['Pod']],
  ['template', ['PodTemplate']],
  ['xyzzy', []],
  ['', []],
])('%s is near %j', (typed, expected) => {
  const found = nearest(typed, KINDS, 3);
  expect(found.slice(0, expected.length)).toEqual(expected);
  if (expected.length === 0) expect(found).toEqual([]);
});

test('a very long word is cut before it is compared', () => {
  expect(nearest('a'.repeat(1_000_000), KINDS)).toEqual([]);
});

test.each([
  ['order', 'orders', 1],
  ['order', 'order-worker', 2.5],
  ['order', 'Order', 0],
  ['order', 'payments', undefined],
  ['', 'orders', undefined],
])('%j is as far from %j as %j', (typed, name, far) => {
  expect(nearness(typed, name)).toBe(far);
});
