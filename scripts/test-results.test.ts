import { describe, expect, it } from 'vitest';
import { add, countResults, failures, NOTHING, summary } from './test-results.ts';

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((test) => ({ status: test })),
});

describe('countResults', () => {
  it('counts passed, failed and skipped tests over all files', () => {
    const report = { testResults: [file('failed', 'passed', 'failed', 'pending'), file('passed', 'passed', 'todo')] };
    expect(countResults(report, 1)).toEqual({ passed: 2, failed: 1, skipped: 2 });
  });

  it('counts a file that does not load as one failure', () => {
    expect(countResults({ testResults: [file('failed'), file('passed', 'passed')] }, 1)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    });
  });

  it('counts a runner that failed without a failed test as one failure', () => {
    expect(countResults({ testResults: [file('passed', 'passed')] }, 1)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  it('counts a missing report as one failure', () => {
    expect(countResults(undefined, 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});

describe('failures', () => {
  it('names the file, the title and the first line of each failed test, and files that did not load', () => {
    const report = {
      testResults: [
        {
          name: '/root/src/a.test.ts',
          status: 'failed',
          assertionResults: [
            { status: 'passed', fullName: 'adds' },
            {
              status: 'failed',
              fullName: 'counts twice',
              failureMessages: ['\u001b[31mexpected 1\u001b[39m\n  at a.test.ts'],
            },
          ],
        },
        { name: '/root/src/b.test.ts', status: 'failed', message: 'cannot be read', assertionResults: [] },
        { name: '/root/src/c.test.ts', status: 'passed', assertionResults: [{ status: 'passed', fullName: 'works' }] },
      ],
    };
    expect(failures(report, '/root')).toEqual([
      'src/a.test.ts > counts twice: expected 1',
      'src/b.test.ts: cannot be read',
    ]);
    expect(failures(undefined, '/root')).toEqual([]);
  });
});

describe('summary', () => {
  it('leaves skipped tests out when there are none', () => {
    expect(summary(add(NOTHING, { passed: 3, failed: 0, skipped: 0 }))).toBe('3 passed, 0 failed');
    expect(summary({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
  });
});
