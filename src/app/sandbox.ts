import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultStateDir, expandHome, type HostEnv } from '../config/host-env.ts';
import type { Settings } from '../config/table.ts';
import { AppError } from '../kernel/errors.ts';
import { type Companion, startCompanion } from '../process/companion.ts';

/** The sandbox that a server works on. */
export interface RunningSandbox {
  kubeconfig: string;
  /** One line for the banner: address, world. */
  summary: string;
  /** Another process started it: it is not ours to end. */
  attached: boolean;
  stop(): Promise<void>;
}

/** What the sandbox program prints when it is up (sandbox/main.ts), one JSON line. */
interface ReadyLine {
  kubeconfig: string;
  summary: string;
  attached: boolean;
}

const READY_WITHIN_MS = 60_000;

/** What the sandbox needs to know of its surroundings; nothing else of our environment reaches it. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'NODE_COMPILE_CACHE'] as const;

/** Starts the embedded Kubernetes API beside us, or finds the one that this user runs already. */
export async function startSandbox(host: HostEnv, settings: Settings): Promise<RunningSandbox> {
  let companion: Companion | undefined;
  try {
    companion = await startCompanion({
      file: process.execPath,
      args: [...sandboxProgram(), 'run', '--companion', '--folder', sandboxFolder(host, settings)],
      env: sandboxEnvironment(host),
      readyWithinMs: READY_WITHIN_MS,
      onMessage: (line) => process.stderr.write(`${line}\n`),
    });
    const { ready, stop } = companion;
    return { ...readyLine(ready), stop };
  } catch (error) {
    await companion?.stop();
    throw new AppError('cluster_unavailable', `The sandbox did not start: ${(error as Error).message}`, {
      remedy: 'k8s-mcp sandbox starts it alone and shows what is wrong; or set a kubeconfig.',
      cause: error,
    });
  }
}

/** The settings of a server that works on this sandbox and on nothing else. */
export function onSandbox(settings: Settings, sandbox: RunningSandbox | undefined): Settings {
  return sandbox === undefined ? settings : { ...settings, kubeconfig: sandbox.kubeconfig };
}

/** `k8s-mcp sandbox ...`: the program itself, in the terminal of whoever asked. */
export async function sandboxCommand(host: HostEnv, settings: Settings, words: readonly string[]): Promise<number> {
  const { runInTerminal } = await import('../process/run-in-terminal.ts');
  return runInTerminal({
    file: process.execPath,
    args: [...sandboxProgram(), ...words, '--folder', sandboxFolder(host, settings)],
    env: sandboxEnvironment(host),
  });
}

/** State, credentials and kubeconfig of this user's sandbox. */
function sandboxFolder(host: HostEnv, settings: Settings): string {
  const stateDir = settings.stateDir === undefined ? defaultStateDir(host) : expandHome(settings.stateDir, host.home);
  return join(stateDir, 'sandbox');
}

function sandboxEnvironment({ env, home }: HostEnv): Record<string, string> {
  const passed = PASSED_ON.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  return { HOME: home, ...Object.fromEntries(passed) };
}

/** Beside the bundle, or in the checkout. */
function sandboxProgram(): string[] {
  const here = dirname(fileURLToPath(import.meta.url));
  const options = ['--disable-warning=ExperimentalWarning'];
  const bundled = join(here, here.endsWith('chunks') ? '..' : '.', 'sandbox.js');
  return [...options, existsSync(bundled) ? bundled : join(here, '..', '..', 'sandbox', 'main.ts')];
}

/** Our own program writes it; whatever else the first line holds is a program that is broken or not ours. */
function readyLine(text: string): ReadyLine {
  let said: Partial<Record<keyof ReadyLine, unknown>> = {};
  try {
    said = JSON.parse(text) ?? {};
  } catch {
    // Told below.
  }
  const { kubeconfig, summary, attached } = said;
  if (typeof kubeconfig === 'string' && typeof summary === 'string' && typeof attached === 'boolean')
    return { kubeconfig, summary, attached };
  throw new Error('it did not say where it is');
}
