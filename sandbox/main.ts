#!/usr/bin/env node
/** The sandbox as a program: `k8s-mcp sandbox ...` runs this. */
import { enableCompileCache } from 'node:module';
import { describeError, ERRORS, toAppError } from '../src/kernel/errors.ts';
import { HELP } from './cli/help.ts';
import { type Command, parseCommand } from './cli/options.ts';

async function main(argv: readonly string[]): Promise<number> {
  const command: Command = parseCommand(argv);
  switch (command.kind) {
    case 'help':
      process.stdout.write(HELP);
      return 0;
    case 'run':
      return (await import('./cli/run.ts')).run(command.folder, command.options);
    default:
      return (await import('./cli/ask.ts')).ask(command);
  }
}

enableCompileCache();
main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (thrown: unknown) => {
    const error = toAppError(thrown);
    process.stderr.write(`sandbox: ${describeError(error)}\n`);
    if (error.code === 'internal') process.stderr.write(`${String((thrown as Error)?.stack)}\n`);
    process.exitCode = ERRORS[error.code].exit;
  },
);
