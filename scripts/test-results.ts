import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

/** How many tests ended how. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What suites came to: how many tests ended how, and a text for each that failed. */
export interface Outcome {
  readonly counts: Counts;
  readonly failed: readonly string[];
}

export const NOTHING: Outcome = { counts: { passed: 0, failed: 0, skipped: 0 }, failed: [] };

/** Lines told of one failure; the suite's own output has the rest. */
const LINES = 30;
/** Characters of each of them. */
const WIDTH = 240;

/** The part of vitest's results that is read here. */
export interface Failure {
  readonly message: string;
  /** How what was expected differs from what came. */
  readonly diff?: string;
}
export interface RanTest {
  readonly fullName: string;
  result(): { readonly state: string; readonly errors?: readonly Failure[] | undefined };
}
export interface RanFile {
  readonly relativeModuleId: string;
  state(): string;
  errors(): readonly Failure[];
  readonly children: { allTests(): Iterable<RanTest> };
}

/** What fails outside of a test (a file that does not load, an unhandled rejection) counts as one failed test, so that it cannot hide. */
export function outcomeOf(files: readonly RanFile[], unhandled: readonly Failure[]): Outcome {
  const own = unhandled.map((failure) => failed(`outside of the tests: ${told([failure])}`));
  return [...files.map(ofFile), ...own].reduce(both, NOTHING);
}

function ofFile(file: RanFile): Outcome {
  const tests = [...file.children.allTests()].map((test) => ofTest(file, test)).reduce(both, NOTHING);
  if (tests.counts.failed > 0 || file.state() !== 'failed') return tests;
  return both(tests, failed(`${file.relativeModuleId}: ${told(file.errors())}`));
}

function ofTest({ relativeModuleId }: RanFile, test: RanTest): Outcome {
  const { state, errors = [] } = test.result();
  if (state === 'failed') return failed(`${relativeModuleId} > ${test.fullName}: ${told(errors)}`);
  const passed = state === 'passed';
  return { counts: { passed: Number(passed), failed: 0, skipped: Number(!passed) }, failed: [] };
}

const failed = (text: string): Outcome => ({ counts: { passed: 0, failed: 1, skipped: 0 }, failed: [text] });

function told([first]: readonly Failure[]): string {
  const text = stripVTControlCharacters([first?.message ?? '', first?.diff ?? ''].join('\n')).trimEnd();
  return text
    .split('\n')
    .slice(0, LINES)
    .map((line) => line.slice(0, WIDTH))
    .join('\n');
}

/** A runner that failed without a failed test, or that died before it wrote its outcome, is a failure of its own. */
export function withRunner(outcome: Outcome | undefined, runner: { exitCode: number; suites: string }): Outcome {
  if (outcome !== undefined && (outcome.counts.failed > 0 || runner.exitCode === 0)) return outcome;
  if (runner.exitCode === 0) return NOTHING;
  const text = `${runner.suites}: no test failed, and the runner ended with code ${runner.exitCode}`;
  return both(outcome ?? NOTHING, failed(text));
}

/** The outcome in this file, or undefined when the runner never wrote one. */
export function readOutcome(file: string): Outcome | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Outcome;
  } catch {
    return undefined;
  }
}

export function both(a: Outcome, b: Outcome): Outcome {
  return {
    counts: {
      passed: a.counts.passed + b.counts.passed,
      failed: a.counts.failed + b.counts.failed,
      skipped: a.counts.skipped + b.counts.skipped,
    },
    failed: [...a.failed, ...b.failed],
  };
}

/** `12 passed, 0 failed`, and the skipped ones when there are any. */
export function summary({ passed, failed: wrong, skipped }: Counts): string {
  return `${passed} passed, ${wrong} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
