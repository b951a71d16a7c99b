import { type Clock, systemClock } from '../kernel/clock.ts';
import { AppError, describeError } from '../kernel/errors.ts';
import { cleanText } from '../kernel/text/clean.ts';
import { ProgramNotStarted, type RunProgram, runProgram } from '../process/run-program.ts';
import type { BinarySpec } from './binaries/spec.ts';
import type { ChildPrograms } from './child-programs.ts';
import type { CliTool, ToolStatus } from './types.ts';
import type { CallFolder, Workspace } from './workspace.ts';

export interface StatusPorts {
  programs: Pick<ChildPrograms, 'find' | 'forget'>;
  workspace: Pick<Workspace, 'enter'>;
  specs: Readonly<Partial<Record<CliTool, BinarySpec>>>;
  clock?: Clock;
  run?: RunProgram;
}

const CACHED_MS = 5 * 60_000;
/** The tools take 50 ms; a first start from a cold disk takes seconds. */
const TIME_LIMIT_MS = 10_000;
const MAX_BYTES = 64 * 1024;

/** Which tools are there, in which version. Asks their clients only, all at once, and remembers for five minutes. */
export function createToolStatus(ports: StatusPorts): () => Promise<Record<string, ToolStatus>> {
  const { clock = systemClock } = ports;
  let known: { at: number; answer: Promise<Record<string, ToolStatus>> } | undefined;
  return () => {
    if (known === undefined || clock.monotonic() - known.at > CACHED_MS) {
      const answer = askAll(ports);
      const asked = { at: clock.monotonic(), answer };
      known = asked;
      // One that is missing is looked for again: it may have been installed since.
      answer.then(
        (tools) => {
          if (known === asked && Object.values(tools).some(({ available }) => !available)) known = undefined;
        },
        () => {
          if (known === asked) known = undefined;
        },
      );
    }
    return known.answer;
  };
}

async function askAll(ports: StatusPorts): Promise<Record<string, ToolStatus>> {
  // They get a home that is empty: no plugins, no settings, no kubeconfig.
  const folder = await ports.workspace.enter('tool-status', []);
  try {
    const specs = Object.values(ports.specs);
    const asked = await Promise.all(specs.map(async (spec) => [spec.name, await ask(ports, spec, folder)] as const));
    return Object.fromEntries(asked);
  } finally {
    await folder.leave();
  }
}

async function ask(
  { programs, run = runProgram }: StatusPorts,
  spec: BinarySpec,
  folder: CallFolder,
): Promise<ToolStatus> {
  const { name, description } = spec;
  let strike: (() => void) | undefined;
  try {
    const file = await programs.find(name);
    const result = await run({
      file,
      args: spec.versionArgs,
      env: environmentOf(folder),
      cwd: folder.work,
      timeoutMs: TIME_LIMIT_MS,
      maxStdoutBytes: MAX_BYTES,
      maxStderrBytes: MAX_BYTES,
      signal: new AbortController().signal,
      alone: true,
      onStarted: (pid) => {
        strike = folder.register(pid, file);
      },
    });
    const version = spec.version(result.stdout);
    if (version !== undefined) return { available: true, description, version };
    const problem = result.timedOut
      ? `did not say its version within ${TIME_LIMIT_MS / 1000} s`
      : `did not say its version: ${
          cleanText(result.stderr || result.stdout)
            .slice(0, 300)
            .trim() || 'it printed nothing'
        }`;
    return { available: false, description, error: `${file} ${problem}` };
  } catch (error) {
    programs.forget(name);
    return { available: false, description, error: problemOf(error, spec) };
  } finally {
    strike?.();
  }
}

function problemOf(error: unknown, spec: BinarySpec): string {
  if (error instanceof AppError) return describeError(error);
  if (error instanceof ProgramNotStarted) return `${error.message}. ${spec.install}`;
  return `It could not be asked. ${spec.install}`;
}

function environmentOf({ home, tmp, empty, kubeconfig }: CallFolder): Record<string, string> {
  return {
    PATH: empty,
    HOME: home,
    TMPDIR: tmp,
    // Not there.
    KUBECONFIG: kubeconfig,
    KUBERC: 'off',
    HELM_PLUGINS: empty,
    HELM_NO_PLUGINS: '1',
    ARGOCD_BINARY_NAME: 'argocd',
    LANG: 'C.UTF-8',
    NO_COLOR: '1',
  };
}
