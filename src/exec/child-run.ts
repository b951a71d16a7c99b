import { AppError } from '../kernel/errors.ts';
import { launchProgram } from '../process/launcher.ts';
import { ProgramNotStarted, type ProgramResult } from '../process/run-program.ts';
import { type CommandOutcome, FILTER_INPUT_BYTES, rawRoom } from './child-answer.ts';
import { childEnvironment } from './child-environment.ts';
import type { ShownContexts } from './child-kubeconfig.ts';
import type { OutputRedactor, OutputRules } from './child-output.ts';
import type { ChildPrograms } from './child-programs.ts';
import { createProgress } from './child-progress.ts';
import type { GuardCall, GuardTicket } from './guard/types.ts';
import type { CliTool, ParsedCommand } from './types.ts';
import type { CallFolder } from './workspace.ts';

/** What one command needs to know of its caller and its cluster. */
export interface CommandCall {
  /** Lower-case letters, digits and dashes; stable for one cluster as one identity. */
  handle: string;
  contexts: ShownContexts;
  guardCall: GuardCall;
  /** URL of the API server, which stands in texts where the tool says ours. */
  realServer: string;
  redactor: OutputRedactor;
  signal: AbortSignal;
  /** Ends it as well, but what it printed is the answer: it asks for ever for what it is refused. */
  enough?: AbortSignal | undefined;
  progress(text: string): void;
  /** As the caller wished; undefined where nothing was said. */
  timeoutMs?: number | undefined;
  /** Asked when the command has ended. */
  outcome(): CommandOutcome;
}

export interface ChildHost {
  programs: ChildPrograms;
  limits: { maxOutput: number };
  /** TZ of the server. */
  timeZone?: string | undefined;
  /** Variables that a tool gets by the operator's wish: where Argo CD's server is. */
  extraEnvironment?: (tool: CliTool) => Readonly<Record<string, string>>;
}

export interface ChildParts {
  /** Absolute path. */
  program: string;
  folder: CallFolder;
  ticket: GuardTicket;
  diff: string | undefined;
  limitMs: number;
  stdin: string | undefined;
  rules: OutputRules;
}

/** Quiet before the first progress of a command that ends by itself. */
const PROGRESS_AFTER_MS = 5000;
/** A read is ended when it has printed this much: nobody can use it. */
const MAX_PRINTED_BYTES = 256 * 1024 * 1024;
/** Largest file that a child may write; they lie in memory. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;
/** A chart can ask for any amount (`until 1000000000`): then the tool ends, and not whatever else runs on the machine. */
const MAX_DATA_BYTES = 2 * 1024 * 1024 * 1024;
const MAX_OPEN_FILES = 1024;
/** From SIGTERM to SIGKILL. helm uses it to mark a release as failed; argocd ignores the signal. */
const KILL_GRACE_MS: Readonly<Record<CliTool, number>> = { kubectl: 2000, helm: 5000, istioctl: 2000, argocd: 300 };

/** Starts the program and waits for its end. Throws `program_missing`, or the abort's error when all of it is gone. */
export async function runChild(
  host: ChildHost,
  command: ParsedCommand,
  call: CommandCall,
  { program, folder, ticket, diff, limitMs, stdin, rules }: ChildParts,
): Promise<ProgramResult> {
  const { tool, filters } = command;
  const { maxOutput } = host.limits;
  const watch = watchOutput(command, call, rules, maxOutput);
  let strike: (() => void) | undefined;
  try {
    return await launchProgram(await host.programs.launcher(), limitsFor(limitMs), {
      file: program,
      args: command.argv,
      cwd: folder.work,
      env: childEnvironment(tool, {
        folder,
        proxy: ticket.proxy,
        diff,
        timeZone: host.timeZone,
        extra: host.extraEnvironment?.(tool) ?? {},
      }),
      ...(stdin === undefined ? {} : { stdin }),
      timeoutMs: limitMs,
      killGraceMs: KILL_GRACE_MS[tool],
      maxStdoutBytes: filters.length > 0 ? FILTER_INPUT_BYTES : rawRoom(maxOutput),
      maxStderrBytes: rawRoom(maxOutput),
      signal: call.signal,
      enough: call.enough === undefined ? watch.enough : AbortSignal.any([watch.enough, call.enough]),
      alone: true,
      onStarted: (pid) => {
        strike = folder.register(pid, program);
      },
      onStdout: watch.see,
    });
  } catch (error) {
    if (!(error instanceof ProgramNotStarted)) throw error;
    host.programs.forget(tool);
    throw new AppError('program_missing', `${tool} could not be started.`, {
      remedy: `Have the operator look at the program that this server finds as ${tool}: GET /tools/status says what is there.`,
      cause: error,
    });
  } finally {
    watch.end();
    strike?.();
  }
}

function limitsFor(limitMs: number) {
  // Two cores for all of its time, and some room.
  const cpuSeconds = Math.ceil((2 * limitMs) / 1000) + 10;
  return { cpuSeconds, fileBytes: MAX_FILE_BYTES, dataBytes: MAX_DATA_BYTES, openFiles: MAX_OPEN_FILES };
}

/** Progress, and an end to what prints for ever. */
function watchOutput({ follows, filters, effect }: ParsedCommand, call: CommandCall, rules: OutputRules, max: number) {
  const enough = new AbortController();
  const filtered = filters.length > 0;
  // Nothing is lost by ending a read; a write is left to end by itself.
  const endAfter =
    effect !== 'read' && effect !== 'local'
      ? Number.POSITIVE_INFINITY
      : follows && !filtered
        ? rawRoom(max)
        : MAX_PRINTED_BYTES;
  // Lines that a filter may leave out are no progress.
  const progress = filtered
    ? undefined
    : createProgress({ ...rules, send: (text) => call.progress(text), firstAfterMs: follows ? 0 : PROGRESS_AFTER_MS });
  let printed = 0;
  return {
    enough: enough.signal,
    see(chunk: Buffer): void {
      printed += chunk.length;
      if (printed > endAfter) enough.abort();
      progress?.push(chunk);
    },
    end(): void {
      progress?.end();
    },
  };
}
