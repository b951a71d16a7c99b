import { defineConfig } from 'vitest/config';

/** Where a project starts processes of the product: a dozen seconds for each on a busy machine. */
const WITH_PROCESSES_MS = 120_000;

/** Suites of commands start hundreds of real tools, some of them in one test: a minute on two free cores, more than three on busy ones. */
const WITH_TOOLS_MS = 360_000;

/** Property tests run for half a minute when the build of the control plane takes both cores. */
const UNIT_MS = 120_000;

/** `expect.poll` gives up after a second, within which a busy machine may not even start a process. Short of every project's limit. */
const POLL = { poll: { timeout: 30_000 } };

/** Suites of the control plane that also hold on the sandbox: what the product does on a cluster, whichever it is. */
const ON_BOTH = [
  'tools',
  'writes',
  'same-answer',
  'namespaces',
  'secrets',
  'custom-kinds',
  'shell',
  'confirmation',
  'guard',
  'command-everyday-changes',
].map((suite) => `test/control-plane/suites/${suite}.test.ts`);

/**
 * Five projects by what they need: `unit` and `contract` nothing, `e2e` processes and sockets, `control-plane` a cluster,
 * which its global setup provides once for the run, `sandbox` the same suites on the sandbox in its place, and the real tools on
 * its default world. They run in this order (groupOrder), so that failures that are quick to show are shown first.
 */
export default defineConfig({
  test: {
    // On two cores vitest would start one worker: much of the work is waiting for processes and sockets.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            'src/**/*.test.ts',
            'sandbox/**/*.test.ts',
            'scripts/**/*.test.ts',
            'test/support/**/*.test.ts',
            'test/faults/**/*.test.ts',
            'test/control-plane/*.test.ts',
          ],
          setupFiles: ['test/support/property-seed.ts'],
          expect: POLL,
          testTimeout: UNIT_MS,
          hookTimeout: UNIT_MS,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          expect: POLL,
          testTimeout: WITH_PROCESSES_MS,
          hookTimeout: WITH_PROCESSES_MS,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          expect: POLL,
          testTimeout: WITH_PROCESSES_MS,
          hookTimeout: WITH_PROCESSES_MS,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'sandbox',
          include: [...ON_BOTH, 'test/sandbox/suites/**/*.test.ts'],
          globalSetup: ['test/sandbox/global-setup.ts'],
          expect: POLL,
          testTimeout: WITH_TOOLS_MS,
          hookTimeout: WITH_TOOLS_MS,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'control-plane',
          include: ['test/control-plane/suites/**/*.test.ts'],
          globalSetup: ['test/control-plane/global-setup.ts'],
          maxWorkers: 2,
          expect: POLL,
          testTimeout: WITH_TOOLS_MS,
          hookTimeout: WITH_TOOLS_MS,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
