#!/usr/bin/env node
/** argv -> settings -> surface. Loads only what the command needs: an agent waits for this file at every start. */
import { enableCompileCache } from 'node:module';
import { type HostEnv, readHostEnv } from './config/host-env.ts';
import { parseFlags, readSettings } from './config/read.ts';
import { TABLE } from './config/table.ts';
import { AppError, describeError, ERRORS, toAppError } from './kernel/errors.ts';
import { nearest } from './kernel/nearest.ts';
import { splitCommand } from './surfaces/cli/split-command.ts';

const COMMANDS = new Set(['serve', 'start', 'tools', 'call', 'doctor', 'help', 'version']);
const HELP = new Set(['--help', '-help', '-h']);
const VERSION = new Set(['--version', '-version', '-v']);

async function main(host: HostEnv): Promise<number> {
  const [first = ''] = host.argv;
  if (HELP.has(first) || first === 'help') return (await import('./app/shell.ts')).help();
  if (VERSION.has(first) || first === 'version') return (await import('./app/shell.ts')).version();
  // A program of its own, with flags of its own: some are spelled like ours.
  if (first === 'sandbox') {
    const settings = readSettings(new Map(), host.env);
    return (await import('./app/sandbox.ts')).sandboxCommand(host, settings, host.argv.slice(1));
  }
  const { command, program, rest } = splitCommand(host.argv, Object.values(TABLE), COMMANDS);
  switch (command) {
    case 'call':
    case 'tools':
    case 'doctor':
      return shellCommand(command, host, program, rest);
    case 'serve':
    case 'start':
      return HELP.has(rest[0] ?? '')
        ? (await import('./app/shell.ts')).help()
        : (await import('./app/serve.ts')).serve(host, [...program, ...rest], { sandboxInNeed: command === 'start' });
    default:
      return withoutCommand(host);
  }
}

async function shellCommand(
  command: 'call' | 'tools' | 'doctor',
  host: HostEnv,
  program: readonly string[],
  rest: readonly string[],
): Promise<number> {
  const { values, words } = parseFlags(program);
  if (words.length > 0) throw unknownCommand(words[0] ?? '');
  const settings = readSettings(values, host.env);
  const shell = await import('./app/shell.ts');
  return command === 'tools' ? shell.tools(settings, rest) : shell[command](host, settings, rest);
}

/** Seed 1's form: no command, stdio unless --transport names another. */
async function withoutCommand(host: HostEnv): Promise<number> {
  const { values, words } = parseFlags(host.argv);
  if (words.length > 0) throw unknownCommand(words[0] ?? '');
  const transport = values.get('transport') ?? host.env['K8S_MCP_TRANSPORT'] ?? 'stdio';
  if (transport !== 'stdio') return (await import('./app/serve.ts')).serve(host, host.argv);
  return (await import('./app/stdio.ts')).stdio(host, values);
}

function unknownCommand(word: string): AppError {
  return new AppError('invalid_argument', `There is no command ${JSON.stringify(word.slice(0, 60))}.`, {
    candidates: nearest(word, COMMANDS, 2),
    remedy: 'k8s-mcp --help lists the commands.',
  });
}

// A second start reads compiled code from disk; where that is not possible nothing is lost.
enableCompileCache();
const host = readHostEnv();
// Limits, pauses and connections at rest hold no process open: one that waits for nothing else would end without a word.
const open = setInterval(() => undefined, 2 ** 30);
main(host)
  .finally(() => clearInterval(open))
  .then(
    (code) => {
      process.exitCode = code;
    },
    (thrown: unknown) => {
      const error = toAppError(thrown);
      process.stderr.write(`k8s-mcp: ${describeError(error)}\n`);
      // A stack may quote what it was working on, so only who asked for it sees it.
      if (error.code === 'internal')
        process.stderr.write(
          host.env['K8S_MCP_DEBUG']
            ? `${String((thrown as Error)?.stack)}\n`
            : 'Set K8S_MCP_DEBUG=true to see where.\n',
        );
      process.exitCode = ERRORS[error.code].exit;
    },
  );
