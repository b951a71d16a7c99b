import { setPriority } from 'node:os';
import { parseArgs } from 'node:util';
import { CLIS, HOW_TO_GET_THEM, type Resolved, resolveBinaries, resolveClis } from './binaries.ts';
import { startControlPlane } from './control-plane.ts';
import { instanceFolder, listInstances, readState, stopInstance } from './instance.ts';
import type { Tool } from './modules.ts';
import { isRunning } from './processes.ts';

const USAGE = `A real control plane with simulated nodes, for development and tests.

  npm run control-plane -- up [--nodes N] [--name X]    start one; the last line is KUBECONFIG=<path>
  npm run control-plane -- status                       list those that are there
  npm run control-plane -- down [--name X]              stop one and remove its data
  npm run control-plane -- clis                         find or build the command line tools that are tested with it;
                                                        the last lines are kubectl=<path>, helm=, istioctl= and argocd=
  npm run control-plane -- prepare                      build what is missing, the tools too, and start nothing
`;
/** Exit code for "cannot be had on this machine", which a caller may want to tell from "failed". */
const UNAVAILABLE = 3;
const MOST_NODES = 5000;
const PREPARE_NICENESS = 10;

const report = (line: string) => process.stderr.write(`[control-plane] ${line}\n`);

async function main(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      name: { type: 'string', default: 'default' },
      nodes: { type: 'string', default: '3' },
      help: { type: 'boolean' },
    },
  });
  switch (values.help ? 'help' : positionals[0]) {
    case 'up':
      return up(values.name, nodeCount(values.nodes));
    case 'status':
      return status();
    case 'down':
      return down(values.name);
    case 'prepare':
      // In the background of something else, tests most likely, which must not starve: inherited by the compiler.
      setPriority(PREPARE_NICENESS);
      return prepare();
    case 'clis':
      return clis();
    case 'help':
      process.stdout.write(USAGE);
      return 0;
    default:
      process.stderr.write(USAGE);
      return 2;
  }
}

async function up(name: string, nodes: number): Promise<number> {
  const running = readState(instanceFolder(name));
  if (running?.ready && running.processes.every(isRunning)) {
    report(`"${name}" is running already`);
    process.stdout.write(`KUBECONFIG=${running.kubeconfig}\n`);
    return 0;
  }
  const programs = ready(await resolveBinaries(report));
  if (programs === undefined) return UNAVAILABLE;
  const started = Date.now();
  const { kubeconfig, server } = await startControlPlane({ name, nodes, binaries: programs });
  report(`"${name}" serves on ${server} with ${nodes} nodes after ${((Date.now() - started) / 1000).toFixed(1)} s`);
  process.stdout.write(`KUBECONFIG=${kubeconfig}\n`);
  return 0;
}

function status(): number {
  const instances = listInstances();
  if (instances.length === 0) process.stdout.write('no control plane is up\n');
  for (const { name, kubeconfig, running } of instances) {
    process.stdout.write(`${name}\t${running ? 'running' : 'not running'}\t${kubeconfig}\n`);
  }
  return 0;
}

async function down(name: string): Promise<number> {
  const folder = instanceFolder(name);
  const known = readState(folder) !== undefined;
  await stopInstance(folder);
  report(known ? `"${name}" is stopped and its data removed` : `there was no "${name}"`);
  return 0;
}

async function prepare(): Promise<number> {
  if (ready(await resolveBinaries(report)) === undefined) return UNAVAILABLE;
  return ready(await resolveClis(report)) === undefined ? UNAVAILABLE : 0;
}

async function clis(): Promise<number> {
  const paths = ready(await resolveClis(report));
  if (paths === undefined) return UNAVAILABLE;
  for (const name of CLIS) process.stdout.write(`${name}=${paths[name]}\n`);
  return 0;
}

/** The paths of what was found, after saying why there are none if so. */
function ready<T extends Tool>(result: Resolved<T>) {
  if (result.kind === 'ready') return result.binaries;
  report(`not available: ${result.reason}`);
  return undefined;
}

function nodeCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 0 || count > MOST_NODES) {
    throw new Error(`--nodes ${text}: a whole number from 0 to ${MOST_NODES} is needed`);
  }
  return count;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  report(error instanceof Error ? error.message : `failed; ${HOW_TO_GET_THEM}`);
  process.exitCode = 1;
}
