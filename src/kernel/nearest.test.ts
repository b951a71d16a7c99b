import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

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
