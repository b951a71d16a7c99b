/** Writes what a run of vitest came to into the file that OUTCOME_FILE names: its own JSON leaves out how what was expected differs from what came. */
import { writeFileSync } from 'node:fs';
import type { Reporter } from 'vitest/node';
import { outcomeOf } from './test-results.ts';

export default class OutcomeReporter implements Reporter {
  readonly onTestRunEnd: NonNullable<Reporter['onTestRunEnd']> = (files, unhandled) => {
    const file = process.env['OUTCOME_FILE'];
    if (file === undefined) throw new Error('OUTCOME_FILE is not set: npm test sets it for this reporter.');
    writeFileSync(file, JSON.stringify(outcomeOf(files, unhandled)));
  };
}
