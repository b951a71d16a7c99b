#!/usr/bin/env node
/** argv -> settings -> surface. Loads only what the command needs: an agent waits for this file at every start. */
import { readHostEnv } from './config/host-env.ts';
import { parseFlags } from './config/read.ts';
import { AppError, describeError, ERRORS, toAppError } from './kernel/errors.ts';

async function main(): Promise<number> {
  const host = readHostEnv();
  const [first = '', ...rest] = host.argv;
  switch (first) {
    case 'call':
      return (await import('./app/shell.ts')).runCall(host, rest);
    case 'tools':
      return (await import('./app/shell.ts')).runTools(host, rest);
    case 'doctor':
      return (await import('./app/shell.ts')).runDoctorCommand(host, rest);
    case 'serve':
      return (await import('./app/serve.ts')).serve(host, rest);
    case 'start':
      return (await import('./app/serve.ts')).serve(host, rest);
    case 'help':
    case '--help':
    case '-help':
    case '-h':
      return (await import('./app/shell.ts')).runHelp();
    case 'version':
    case '--version':
    case '-version':
      return (await import('./app/shell.ts')).runVersion();
    default:
      return withoutCommand(host);
  }
}

/** Seed 1's form: no command, stdio unless --transport names another. */
async function withoutCommand(host: ReturnType<typeof readHostEnv>): Promise<number> {
  const { values, words } = parseFlags(host.argv);
  if (words.length > 0) {
    throw new AppError('invalid_argument', `There is no command ${JSON.stringify(words[0])}.`, {
      remedy: 'k8s-mcp --help lists the commands: serve, tools, call, doctor.',
    });
  }
  const transport = values.get('transport') ?? host.env['K8S_MCP_TRANSPORT'];
  if (transport !== undefined && transport !== 'stdio') return (await import('./app/serve.ts')).serve(host, host.argv);
  return (await import('./app/stdio.ts')).stdio(host, values);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (thrown: unknown) => {
    const error = toAppError(thrown);
    process.stderr.write(`k8s-mcp: ${describeError(error)}\n`);
    if (error.code === 'internal') process.stderr.write(`${thrown instanceof Error ? thrown.stack : ''}\n`);
    process.exitCode = ERRORS[error.code].exit;
  },
);
