import { type FindProgram, findProgram, type ProgramSearch } from './find-program.ts';
import { ProgramNotStarted, type ProgramResult, type ProgramRun, runProgram } from './run-program.ts';

/** What a child may use, at most. The kernel holds it to that. */
export interface ChildLimits {
  cpuSeconds: number;
  fileBytes: number;
  /** Memory that it writes to: RLIMIT_DATA. Go reserves far more of its address space than it uses. */
  dataBytes: number;
  openFiles: number;
}

/**
 * Programs of util-linux that start another one in their place. `setpriv`: it dies with us, also when we are killed, and
 * gains no privileges from what it runs; `prlimit`: limits, no core dumps. They cost half a millisecond each (measured).
 */
export interface Launcher {
  setpriv?: string;
  prlimit?: string;
}

const SETPRIV = ['--pdeathsig', 'KILL', '--no-new-privs'];
const TRIAL_MS = 5000;

/** Those of the two that are there and do what is asked of them: other systems have programs of the same names. */
export async function findLauncher(search: ProgramSearch, find: FindProgram = findProgram): Promise<Launcher> {
  if (process.platform !== 'linux') return {};
  const [setpriv, prlimit] = await Promise.all([
    worksWith(await find('setpriv', search), SETPRIV),
    worksWith(
      await find('prlimit', search),
      limitFlags({ cpuSeconds: 60, fileBytes: 1 << 20, dataBytes: 2 ** 31, openFiles: 256 }),
    ),
  ]);
  return { ...(setpriv === undefined ? {} : { setpriv }), ...(prlimit === undefined ? {} : { prlimit }) };
}

/** Starts itself once, as it would start a child. */
async function worksWith(file: string | undefined, flags: readonly string[]): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    const trial = await runProgram({
      file,
      args: [...flags, file, '--version'],
      env: {},
      timeoutMs: TRIAL_MS,
      maxStdoutBytes: 1000,
      maxStderrBytes: 1000,
      signal: new AbortController().signal,
    });
    return trial.exitCode === 0 ? file : undefined;
  } catch {
    return undefined;
  }
}

/** `runProgram` through the launcher. */
export async function launchProgram(launcher: Launcher, limits: ChildLimits, run: ProgramRun): Promise<ProgramResult> {
  const words = [
    ...(launcher.setpriv === undefined ? [] : [launcher.setpriv, ...SETPRIV]),
    ...(launcher.prlimit === undefined ? [] : [launcher.prlimit, ...limitFlags(limits)]),
    run.file,
    ...run.args,
  ];
  const [file = run.file, ...args] = words;
  const result = await runProgram({ ...run, file, args });
  if (file !== run.file && failedToStart(result)) {
    throw new ProgramNotStarted(run.file, result.exitCode === NOT_FOUND ? 'ENOENT' : 'EACCES');
  }
  return result;
}

function limitFlags({ cpuSeconds, fileBytes, dataBytes, openFiles }: ChildLimits): string[] {
  return ['--core=0', `--cpu=${cpuSeconds}`, `--fsize=${fileBytes}`, `--data=${dataBytes}`, `--nofile=${openFiles}`];
}

const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;

function failedToStart({ exitCode, stderr, stdout }: ProgramResult): boolean {
  const said = /^(?:\S*\/)?(?:setpriv|prlimit): failed to execute /.test(stderr);
  return (exitCode === NOT_EXECUTABLE || exitCode === NOT_FOUND) && stdout === '' && said;
}
