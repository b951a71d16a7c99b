import { expect, it } from 'vitest';
import { matchesGlob } from './glob.ts';
import { shownTool } from './visible.ts';

const WRITES = {
  effect: 'destructive',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
} as const;
const gates = { list: true, create: false, update: true, delete: false, exec: false, escalation: false };

it.each([
  [{ name: 'get_resource', toolset: 'resources' }, true],
  [{ name: 'create_resource', toolset: 'resources', gate: 'create' as const }, false],
  [{ name: 'update_resource', toolset: 'resources', gate: 'update' as const }, true],
  [{ name: 'k8s-get-pods', toolset: 'cluster' }, false],
])('shows a tool only when its toolset is on and its gate open: %o', (tool, visible) => {
  const shown = shownTool({ ...tool, ...WRITES }, { gates, toolsets: ['resources'], permissive: false });
  expect(shown).toHaveLength(visible ? 1 : 0);
});

it('shows a tool whose effect follows the gates as one that only reads while all of them are closed', () => {
  const tool = { ...WRITES, name: 'kubectl', toolset: 'cli', effectFollowsGates: true as const };
  const closed = { ...gates, update: false };
  const shown = (open: typeof gates, permissive = false) =>
    shownTool(tool, { gates: open, toolsets: ['cli'], permissive })[0];
  expect(shown(closed)).toMatchObject({ effect: 'read', annotations: { readOnlyHint: true, destructiveHint: false } });
  expect(shown(gates)).toMatchObject({ effect: 'destructive', annotations: { readOnlyHint: false } });
  expect(shown(closed, true)).toMatchObject({ effect: 'destructive', annotations: { destructiveHint: true } });
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
