/** `k8s-mcp sandbox [run]`: starts one, says where it is, and keeps it up until it is told to end. */
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { AppError } from '../../src/kernel/errors.ts';
import { createSandbox, type Sandbox } from '../create-sandbox.ts';
import { writePrivately } from '../server/kubeconfig.ts';
import { type Claim, claimFolder, type SandboxState } from '../server/state-file.ts';
import { worldOf } from '../worlds/world-of.ts';
import type { RunOptions } from './options.ts';
import { PROGRAM } from './program.ts';

export async function run(folder: string, options: RunOptions): Promise<number> {
  const claim = await settledClaim(folder, options);
  if (claim.kind === 'taken') return taken(claim.state, options);
  const started = performance.now();
  const kubeconfig = join(folder, 'kubeconfig');
  const ended = untilTold(options);
  let sandbox: Sandbox | undefined;
  try {
    if (!options.companion) process.stderr.write(`sandbox: making the world ${options.world} ...\n`);
    sandbox = createSandbox({
      world: await worldOf(options),
      seed: options.seed,
      onStop: ended.tell,
      ...(options.companion ? {} : { onProgress: everySecond(sayHowMany) }),
    });
    const { url } = await sandbox.listen(options.port);
    writePrivately(kubeconfig, sandbox.kubeconfig(url));
    claim.publish({ url, kubeconfig });
    const summary = `${url}, ${contents(sandbox, options.world)}`;
    if (options.companion) process.stdout.write(`${JSON.stringify({ kubeconfig, summary, attached: false })}\n`);
    else process.stdout.write(up(summary, kubeconfig, options, (performance.now() - started) / 1000));
    await ended.told;
    return 0;
  } finally {
    await sandbox?.stop();
    claim.release();
  }
}

/** How long a server waits for another start that has the folder and is not up yet. */
const OTHERS_START_MS = 45_000;
const LOOK_EVERY_MS = 100;

/** Two servers that start at once share one sandbox: the second waits until the first is up, or has given up. */
async function settledClaim(folder: string, { companion }: RunOptions): Promise<Claim> {
  const until = performance.now() + OTHERS_START_MS;
  for (;;) {
    const claim = claimFolder(folder, Date.now());
    const isStarting = claim.kind === 'taken' && claim.state.url === '';
    if (!isStarting || !companion || performance.now() > until) return claim;
    await setTimeout(LOOK_EVERY_MS);
  }
}

/** A server that finds one running works on it; a person is told where it is. */
function taken({ pid, url, kubeconfig, startedAt }: SandboxState, { companion }: RunOptions): number {
  if (companion && url !== '') {
    const summary = `${url}, up since ${startedAt}`;
    process.stdout.write(`${JSON.stringify({ kubeconfig, summary, attached: true })}\n`);
    return 0;
  }
  throw new AppError('conflict', `A sandbox runs already: ${url || 'it is starting'} (process ${pid}).`, {
    remedy: `Use it (kubeconfig ${kubeconfig || 'to come'}), end it with ${PROGRAM} stop, or start another with --folder.`,
  });
}

const PROGRESS_MS = 1_000;

function sayHowMany(objects: number, expected: number): void {
  const shown = (count: number) => count.toLocaleString('en-US');
  process.stderr.write(`sandbox: ${shown(objects)} of ${shown(expected)} objects ...\n`);
}

/** A world is made in one go: no timer would run meanwhile. */
function everySecond(say: (objects: number, expected: number) => void): typeof say {
  let last = performance.now();
  return (objects, expected) => {
    if (performance.now() - last < PROGRESS_MS) return;
    last = performance.now();
    say(objects, expected);
  };
}

function contents({ store }: Sandbox, world: string): string {
  const count = (id: string, word: string) => `${store.count(id)} ${word}`;
  return `world ${world}: ${count('nodes', 'nodes')}, ${count('namespaces', 'namespaces')}, ${count('pods', 'pods')}`;
}

function up(summary: string, kubeconfig: string, { world }: RunOptions, seconds: number): string {
  const incidents =
    world === 'shop' ? `  incidents   ${PROGRAM} incidents, then break NAME and heal NAME (another terminal)\n` : '';
  return `The sandbox is up after ${seconds.toFixed(1)} s: ${summary}
  kubeconfig  ${kubeconfig}
  look        kubectl --kubeconfig ${kubeconfig} get pods -A
${incidents}  Ctrl-C ends it, and its state with it.
`;
}

/** Signals, `sandbox stop`, and for a companion the end of its stdin: the server that started it is gone. */
function untilTold({ companion }: RunOptions): { told: Promise<void>; tell: () => void } {
  let tell = () => {};
  const told = new Promise<void>((resolve) => {
    tell = resolve;
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, tell);
  if (companion) process.stdin.resume().once('end', tell).once('error', tell);
  return { told, tell: () => tell() };
}
