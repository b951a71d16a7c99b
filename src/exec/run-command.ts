import { createLimiter } from '../kernel/async.ts';
import { AppError } from '../kernel/errors.ts';
import { type AnswerPorts, writeAnswer } from './child-answer.ts';
import { childKubeconfig, type ShownContexts } from './child-kubeconfig.ts';
import { masksOf } from './child-masks.ts';
import { type ChildHost, type CommandCall, runChild } from './child-run.ts';
import type { GuardListener } from './guard/types.ts';
import type { CommandInput, CommandResponse, ParsedCommand } from './types.ts';
import type { PlacedFile, Workspace } from './workspace.ts';

export interface CommandHost extends ChildHost, AnswerPorts {
  workspace: Workspace;
  guard: Pick<GuardListener, 'admit'>;
  /** The caller's files as they are to lie in the working directory; throws for what may not be there, in `stdin` too. */
  prepareFiles(
    files: Readonly<Record<string, string>>,
    command: ParsedCommand,
    stdin: string | undefined,
  ): Promise<readonly PlacedFile[]>;
  limits: CommandLimits;
}

export interface CommandLimits {
  /** A command may run for this long where its caller says nothing. The caller's wish is bounded before it comes here. */
  timeoutMs: number;
  /** Kept of output and of errors (UTF-16 units). */
  maxOutput: number;
  /** Commands at once, and how many may wait. */
  concurrency: number;
  queue: number;
}

export interface CommandRunner {
  run(
    command: ParsedCommand,
    input: Pick<CommandInput, 'stdin' | 'files'>,
    call: CommandCall,
  ): Promise<CommandResponse>;
  /** Ends all commands and waits for them; then removes every folder. */
  close(): Promise<void>;
}

/** What runs until it is stopped is stopped here where the caller says nothing: clients give up on a call after 60 s. */
const FOLLOW_MS = 50_000;

/** Runs commands: each in private folders, as a process group of its own, with one way out, which is the guard. */
export function createCommandRunner(host: CommandHost): CommandRunner {
  const { concurrency, queue } = host.limits;
  const limited = createLimiter(concurrency, queue);
  const shutdown = new AbortController();
  const running = new Set<Promise<unknown>>();
  return {
    async run(command, input, call) {
      const signal = AbortSignal.any([call.signal, shutdown.signal]);
      const work = limited(signal, () => runOne(host, command, input, { ...call, signal }));
      running.add(work);
      try {
        return await work;
      } finally {
        running.delete(work);
      }
    },
    async close() {
      shutdown.abort(new AppError('cancelled', 'The server is shutting down.'));
      await Promise.allSettled(running);
      host.workspace.close();
    },
  };
}

async function runOne(
  host: CommandHost,
  command: ParsedCommand,
  { stdin, files }: Pick<CommandInput, 'stdin' | 'files'>,
  call: CommandCall,
): Promise<CommandResponse> {
  const program = await host.programs.find(command.tool);
  const diff = await diffFor(host, command);
  const placed = await host.prepareFiles(files ?? {}, command, stdin);
  const folder = await host.workspace.enter(call.handle, placed);
  try {
    const ticket = await host.guard.admit(call.handle, call.guardCall);
    try {
      folder.writeKubeconfig(childKubeconfig(ticket, contextsFor(command, call.contexts)));
      const rules = { redactor: call.redactor, masks: masksOf(ticket, folder, call.realServer) };
      const limitMs = timeLimit(host.limits, command, call);
      const child = { program, folder, ticket, diff, limitMs, stdin: command.readsStdin ? stdin : undefined, rules };
      const result = await runChild(host, command, call, child);
      return await writeAnswer(host, command, call, { result, rules, limitMs });
    } finally {
      ticket.close();
    }
  } finally {
    await folder.leave();
  }
}

/** Only `kubectl config` prints other contexts. */
function contextsFor({ tool, path }: ParsedCommand, shown: ShownContexts): ShownContexts {
  if (tool === 'kubectl' && path[0] === 'config') return shown;
  return { ...shown, all: shown.all.filter(({ name }) => name === shown.current) };
}

function timeLimit({ timeoutMs }: CommandLimits, { follows, effect }: ParsedCommand, call: CommandCall): number {
  if (call.timeoutMs !== undefined) return call.timeoutMs;
  return follows && effect === 'read' ? Math.min(FOLLOW_MS, timeoutMs) : timeoutMs;
}

async function diffFor({ programs }: CommandHost, { tool, path }: ParsedCommand): Promise<string | undefined> {
  if (tool !== 'kubectl' && tool !== 'argocd') return undefined;
  const diff = await programs.diff();
  if (diff === undefined && path.at(-1) === 'diff') {
    throw new AppError('program_missing', `\`${tool} ${path.join(' ')}\` needs the program diff, which is not there.`, {
      remedy: 'Have the operator install diffutils where the server runs, or read both sides with `get -o yaml`.',
    });
  }
  return diff;
}
