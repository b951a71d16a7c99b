import { expect, it } from 'vitest';
import { matchesGlob } from './glob.ts';
import { toolVisible } from './visible.ts';

const gates = { list: true, create: false, update: true, delete: false, exec: false, escalation: false };

it.each([
  [{ name: 'get_resource', toolset: 'resources' }, true],
  [{ name: 'create_resource', toolset: 'resources', gate: 'create' as const }, false],
  [{ name: 'update_resource', toolset: 'resources', gate: 'update' as const }, true],
  [{ name: 'k8s-get-pods', toolset: 'cluster' }, false],
])('shows a tool only when its toolset is on and its gate open: %o', (tool, visible) => {
  expect(toolVisible(tool, { gates, toolsets: ['resources'] })).toBe(visible);
});

it.each([
  ['*', '', true],
  ['dev-*', 'dev-1', true],
  ['dev-?', 'dev-12', false],
  ['*-eu-*x', 'a-eu-b-eu-x', true],
  ['prod', 'prod2', false],
  ['a.c', 'abc', false],
  ['**', 'any', true],
])('glob %s against %s: %s', (glob, text, matches) => {
  expect(matchesGlob(glob, text)).toBe(matches);
});
