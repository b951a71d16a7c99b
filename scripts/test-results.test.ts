import { describe, expect, it } from 'vitest';
import {
  both,
  type Failure,
  NOTHING,
  outcomeOf,
  type RanFile,
  readOutcome,
  summary,
  withRunner,
} from './test-results.ts';

interface Scripted {
  name?: string;
  state?: string;
  errors?: Failure[];
  tests?: Record<string, string | Failure>;
}

const file = ({ name = 'src/a.test.ts', state = 'passed', errors = [], tests = {} }: Scripted): RanFile => ({
  relativeModuleId: name,
  state: () => state,
  errors: () => errors,
  children: {
    allTests: () =>
      Object.entries(tests).map(([fullName, end]) => ({
        fullName,
        result: () => (typeof end === 'string' ? { state: end } : { state: 'failed', errors: [end] }),
      })),
  },
});

describe('the outcome of a run', () => {
  it('counts passed, failed and skipped tests over all files, and tells what failed and how', () => {
    const broken = { message: '\u001b[31mexpected 1\u001b[39m', diff: '- Expected\n+ Received' };
    const files = [
      file({ state: 'failed', tests: { adds: 'passed', 'counts > twice': broken, waits: 'skipped' } }),
      file({ name: 'src/b.test.ts', tests: { works: 'passed' } }),
    ];
    expect(outcomeOf(files, [])).toEqual({
      counts: { passed: 2, failed: 1, skipped: 1 },
      failed: ['src/a.test.ts > counts > twice: expected 1\n- Expected\n+ Received'],
    });
  });

  it('cuts what is told of one failure', () => {
    const long = { message: `${'x'.repeat(1000)}\n`.repeat(1000) };
    const [text = ''] = outcomeOf([file({ tests: { all: long } })], []).failed;
    expect(text.length).toBeLessThan(30 * 241 + 30);
  });

  it('counts a file that does not load, and what nobody caught, as one failure each', () => {
    const files = [
      file({ state: 'failed', errors: [{ message: 'cannot be read' }] }),
      file({ tests: { a: 'passed' } }),
    ];
    expect(outcomeOf(files, [{ message: 'nobody caught it' }])).toEqual({
      counts: { passed: 1, failed: 2, skipped: 0 },
      failed: ['src/a.test.ts: cannot be read', 'outside of the tests: nobody caught it'],
    });
  });

  it('has a runner that failed by itself, or never said how it went, as one failure', () => {
    const well = outcomeOf([file({ tests: { a: 'passed' } })], []);
    const text = 'unit: no test failed, and the runner ended with code 1';
    const runner = { exitCode: 1, suites: 'unit' };
    expect(withRunner(well, runner)).toEqual({ counts: { passed: 1, failed: 1, skipped: 0 }, failed: [text] });
    expect(withRunner(readOutcome('/nowhere'), runner).failed).toEqual([text]);
    expect(withRunner(well, { ...runner, exitCode: 0 })).toBe(well);
    const bad = outcomeOf([file({ tests: { a: { message: 'wrong' } } })], []);
    expect(withRunner(bad, runner)).toBe(bad);
  });
});

describe('summary', () => {
  it('leaves skipped tests out when there are none', () => {
    expect(summary(both(NOTHING, { ...NOTHING, counts: { passed: 3, failed: 0, skipped: 0 } }).counts)).toBe(
      '3 passed, 0 failed',
    );
    expect(summary({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
  });
});
