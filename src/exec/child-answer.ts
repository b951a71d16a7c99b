import { constants } from 'node:os';
import type { ProgramResult } from '../process/run-program.ts';
import { cutText, type OutputRules, type TidyText, tidyText } from './child-output.ts';
import type { FilterLimits } from './filters/run.ts';
import type { FilterOutcome } from './filters/types.ts';
import { hintFor, noteFor } from './hints.ts';
import type { CommandResponse, FilterStage, ParsedCommand } from './types.ts';

/** What the guard saw of a command. */
export interface CommandOutcome {
  /** Why policy refused part of it. */
  reason?: string | undefined;
  /** What it changed, in words, in order: `deployments.apps web/api patched`. */
  written: readonly string[];
}

export interface AnswerPorts {
  runFilters(input: string, stages: readonly FilterStage[], limits: FilterLimits): Promise<FilterOutcome>;
  limits: { maxOutput: number };
}

export interface AnswerCall {
  signal: AbortSignal;
  outcome(): CommandOutcome;
}

export interface ChildEnd {
  result: ProgramResult;
  rules: OutputRules;
  limitMs: number;
}

/** Filters see this much of what a tool prints, however little of it is shown. */
export const FILTER_INPUT_BYTES = 64 * 1024 * 1024;
/** Read beyond what is shown (UTF-16 units): a secret on the border is seen whole, and removed. */
const MARGIN = 16_384;
/** Filters have at least this long, though the command has used up its time. */
const MIN_FILTER_MS = 10_000;

/** As timeout(1) says it. */
const TIMED_OUT = 124;
/** As a shell says it of a program whose reader has gone away (128 + SIGPIPE). */
const STOPPED = 141;

/** Bytes that `chars` UTF-16 units with their margin take at most. */
export function rawRoom(chars: number): number {
  return 3 * (chars + MARGIN);
}

interface Shown {
  text: string;
  cut: boolean;
  cleaned: boolean;
  redacted: boolean;
}

/** The answer to a command that ran: what it printed, through filters and redaction, and what to make of it. */
export async function writeAnswer(
  ports: AnswerPorts,
  command: ParsedCommand,
  call: AnswerCall,
  { result, rules, limitMs }: ChildEnd,
): Promise<CommandResponse> {
  const { maxOutput } = ports.limits;
  const started = performance.now();
  const piped = await pipe(ports, command, call, { result, rules, limitMs });
  const output = piped?.shown ?? (await shown(result.stdout, result.stdoutTruncated, maxOutput, rules, call.signal));
  const stderr = await shown(result.stderr, result.stderrTruncated, maxOutput, rules, call.signal);
  const error = together(stderr.text, piped?.error ?? '');
  // As with `set -o pipefail`: a tool that failed is not hidden by a filter that did not.
  const exitCode = piped !== undefined && piped.exitCode !== 0 ? piped.exitCode : exitCodeOf(result, command);
  const { reason, written } = call.outcome();
  const changed = changes(command, [output, stderr], maxOutput);
  const cut = output.cut || stderr.cut;
  const hint = hintsOf(command, { result, limitMs, exitCode, stderr: error, reason, written, cut });
  return {
    success: exitCode === 0,
    output: output.text,
    error: error === '' ? null : error,
    exit_code: exitCode,
    duration_ms: Math.round(result.durationMs + performance.now() - started),
    ...(cut ? { truncated: true } : {}),
    ...(changed.length > 0 ? { changed } : {}),
    ...(reason === undefined ? {} : { reason }),
    ...(hint === '' ? {} : { hint }),
  };
}

async function shown(
  text: string,
  truncated: boolean,
  max: number,
  rules: OutputRules,
  signal: AbortSignal,
): Promise<Shown> {
  const read = cutText(text, max + MARGIN);
  const tidy = await tidyText(read, rules, signal);
  const kept = cutText(tidy.text, max);
  return { ...tidy, text: kept, cut: truncated || read.length < text.length || kept.length < tidy.text.length };
}

interface Piped {
  shown: Shown;
  exitCode: number;
  error: string;
}

/** Filters get redacted text: what they do to a secret could make it unrecognisable. What they make of it is looked at again. */
async function pipe(
  { runFilters, limits }: AnswerPorts,
  { filters }: ParsedCommand,
  { signal }: AnswerCall,
  { result, rules, limitMs }: ChildEnd,
): Promise<Piped | undefined> {
  if (filters.length === 0) return undefined;
  const before = await tidyText(result.stdout, rules, signal);
  const end = await runFilters(before.text, filters, {
    maxOutputChars: limits.maxOutput + MARGIN,
    timeoutMs: Math.max(MIN_FILTER_MS, limitMs - result.durationMs),
    signal,
  });
  const after = await shown(end.output, end.truncated || result.stdoutTruncated, limits.maxOutput, rules, signal);
  const error = end.error === undefined ? '' : (await tidyText(end.error, rules, signal)).text;
  return {
    shown: { ...after, cleaned: before.cleaned || after.cleaned, redacted: before.redacted || after.redacted },
    exitCode: end.exitCode,
    error,
  };
}

/** These show what comes until they are stopped: to be stopped is no failure. `wait` and `rollout status` wait for something. */
const ENDLESS: ReadonlySet<string> = new Set(['get', 'logs', 'events']);

function exitCodeOf(
  { timedOut, stopped, exitCode, signal }: ProgramResult,
  { follows, effect, path }: ParsedCommand,
): number {
  if (timedOut && follows && effect === 'read' && ENDLESS.has(path[0] ?? '')) return 0;
  if (timedOut) return TIMED_OUT;
  if (stopped) return STOPPED;
  return exitCode ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

/** What the tool said, then what its filters did; each filter's message is a line. */
function together(tool: string, filters: string): string {
  if (filters === '') return tool;
  return `${tool}${tool === '' || tool.endsWith('\n') ? '' : '\n'}${filters}\n`;
}

/** kubectl describes a Secret by the sizes of its values, and got markers in their place: these are 26 characters long. */
const MARKER_SIZE = /^\S+:\s+26 bytes$/m;

function changes(
  { tool, path }: ParsedCommand,
  texts: readonly (TidyText & { cut: boolean })[],
  max: number,
): string[] {
  const any = (test: (text: TidyText & { cut: boolean }) => boolean) => texts.some(test);
  return [
    // The guard hides values as well, before the tool sees them.
    ...(any(({ redacted, text }) => redacted || text.includes('<redacted'))
      ? ['secret values are shown as <redacted …>']
      : []),
    ...(tool === 'kubectl' && path[0] === 'describe' && any(({ text }) => MARKER_SIZE.test(text))
      ? ['26 bytes is the size of what stands for a hidden value, not of the value']
      : []),
    ...(any(({ cleaned }) => cleaned) ? ['control and invisible characters were removed'] : []),
    ...(any(({ text }) => text.includes('\ufffd')) ? ['bytes that are not UTF-8 are shown as \ufffd'] : []),
    ...(any(({ cut }) => cut) ? [`cut after ${max} characters`] : []),
  ];
}

interface HintFacts {
  result: ProgramResult;
  limitMs: number;
  exitCode: number;
  stderr: string;
  reason: string | undefined;
  written: readonly string[];
  cut: boolean;
}

function hintsOf(command: ParsedCommand, facts: HintFacts): string {
  const { exitCode, written, reason, stderr } = facts;
  const failed = exitCode !== 0;
  return [
    ...endHints(command, facts),
    ...(failed && reason === undefined ? [hintFor(command, stderr)] : []),
    noteFor(command),
    ...(failed && written.length > 0 ? [`Before it ended it had changed: ${listed(written)}.`] : []),
  ]
    .filter((hint) => hint !== undefined)
    .join(' ');
}

function endHints(command: ParsedCommand, { result, limitMs, cut, exitCode, stderr }: HintFacts): string[] {
  const { follows, effect, filters } = command;
  const quiet = stderr === '';
  const seconds = Math.round(limitMs / 1000);
  const longer = 'Give a longer `timeout` (seconds) for more';
  if (result.timedOut && follows && effect === 'read') {
    return [`It goes on until it is stopped, which was after ${seconds} s. ${longer}, or call it again.`];
  }
  if (result.timedOut && effect !== 'read' && effect !== 'local') {
    return [`It was ended after ${seconds} s and may be half done: look at the state before you repeat it. ${longer}.`];
  }
  if (result.timedOut) return [`It was ended after ${seconds} s. Ask for less, or: ${longer.toLowerCase()}.`];
  if (result.stopped && !cut) return ['It was ended: it went on asking for what it is refused.'];
  if (result.signal !== null && !result.stopped) return [`The program was ended by ${result.signal}.`];
  if (exitCode === 1 && quiet) return saysNo(command);
  if (!cut) return [];
  const narrower = 'Ask for less (namespace, selector, -o name)';
  return [filters.length > 0 ? `${narrower}.` : `${narrower}, or pipe it through grep, head, tail or jq.`];
}

/** Programs whose exit code 1 is an answer, not a failure. */
function saysNo({ path, filters }: ParsedCommand): string[] {
  if (filters.length === 0 && path.at(-1) === 'diff') return ['Exit code 1 of diff says that there are differences.'];
  return filters.at(-1)?.name === 'grep' ? ['No line matched, which grep says by exit code 1.'] : [];
}

const MOST_LISTED = 20;

function listed(items: readonly string[]): string {
  const rest = items.length - MOST_LISTED;
  return `${items.slice(0, MOST_LISTED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
