import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const RUN = join(import.meta.dirname, '..', 'conformance', 'run.ts');

test('the official MCP conformance suite: nothing fails with the fixtures, nothing unexpected without', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [RUN], { encoding: 'utf8' });
  expect(stdout + stderr).toMatch(/^2026-07-28 with fixtures: 37 scenarios passed, 0 failed/m);
  expect(stdout).toMatch(/^2025-11-25 with fixtures: 30 scenarios passed, 0 failed/m);
  expect(stdout).toMatch(/^2026-07-28 as shipped, against the baseline: 37 scenarios passed, 0 failed/m);
  expect(stdout).toMatch(/^2025-11-25 as shipped, against the baseline: 30 scenarios passed, 0 failed/m);
  expect(status).toBe(0);
}, 180_000);
