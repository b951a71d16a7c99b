/** The command line of the sandbox. */

import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { AppError } from '../../src/kernel/errors.ts';
import { nearest } from '../../src/kernel/nearest.ts';
import { PROGRAM } from './program.ts';

export type WorldName = 'shop' | 'bare' | 'scale';

export interface RunOptions {
  world: WorldName;
  port: number;
  seed: number;
  /** Of the scale world. */
  scale: { nodes: number; pods: number; services: number; others: number; churnPerSecond: number };
  /** Started by a server of ours: one ready line on stdout, and an end when stdin ends. */
  companion: boolean;
}

export type Command =
  | { kind: 'help' }
  | { kind: 'run'; folder: string; options: RunOptions }
  | { kind: 'status' | 'incidents' | 'stop'; folder: string }
  | { kind: 'break' | 'heal'; folder: string; names: readonly string[] }
  | { kind: 'advance'; folder: string; ms: number };

const COMMANDS = ['run', 'status', 'incidents', 'break', 'heal', 'advance', 'stop', 'help'] as const;
const WORLDS: readonly WorldName[] = ['shop', 'bare', 'scale'];

/** Limits of a generated world: those of a large real cluster (kubernetes.io, Considerations for large clusters), and room above. */
const SCALE_LIMITS = { nodes: 10_000, pods: 300_000, services: 50_000, others: 500_000, churn: 20_000 };

/** Throws `invalid_argument` that names what is wrong with all of it. */
export function parseCommand(argv: readonly string[]): Command {
  const { values, positionals } = parsed(argv);
  const [word = 'run', ...names] = positionals;
  if (values.help === true || word === 'help') return { kind: 'help' };
  const folder = resolve(values.folder ?? defaultFolder());
  const command = COMMANDS.find((name) => name === word);
  if (command === undefined) throw unknownCommand(word);
  switch (command) {
    case 'run':
      noMore(command, names);
      return { kind: 'run', folder, options: runOptions(values) };
    case 'break':
    case 'heal':
      if (names.length === 0 && command === 'break') throw wrong('NAME', `is missing; ${PROGRAM} incidents lists them`);
      return { kind: command, folder, names };
    case 'advance':
      noMore(command, names.slice(1));
      return { kind: 'advance', folder, ms: duration(names[0] ?? '') };
    default:
      noMore(command, names);
      return command === 'help' ? { kind: 'help' } : { kind: command, folder };
  }
}

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  companion: { type: 'boolean' },
  folder: { type: 'string' },
  world: { type: 'string' },
  port: { type: 'string' },
  seed: { type: 'string' },
  nodes: { type: 'string' },
  pods: { type: 'string' },
  services: { type: 'string' },
  others: { type: 'string' },
  churn: { type: 'string' },
} as const;

type Values = { [K in keyof typeof OPTIONS]?: (typeof OPTIONS)[K]['type'] extends 'boolean' ? boolean : string };

function parsed(argv: readonly string[]): { values: Values; positionals: string[] } {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    // Node's own words name the flag.
    throw new AppError('invalid_argument', (error as Error).message, { remedy: `${PROGRAM} --help` });
  }
}

function runOptions(values: Values): RunOptions {
  const world = WORLDS.find((name) => name === (values.world ?? 'shop'));
  if (world === undefined) throw wrong('--world', `must be one of ${WORLDS.join(', ')}`);
  const scale = {
    nodes: whole('--nodes', values.nodes, 5_000, SCALE_LIMITS.nodes),
    pods: whole('--pods', values.pods, 150_000, SCALE_LIMITS.pods),
    services: whole('--services', values.services, 10_000, SCALE_LIMITS.services),
    others: whole('--others', values.others, 100_000, SCALE_LIMITS.others),
    churnPerSecond: whole('--churn', values.churn, 20, SCALE_LIMITS.churn),
  };
  return {
    world,
    port: whole('--port', values.port, 0, 65_535),
    seed: whole('--seed', values.seed, 1, 2 ** 31),
    scale,
    companion: values.companion === true,
  };
}

function whole(flag: string, text: string | undefined, fallback: number, max: number): number {
  if (text === undefined) return fallback;
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= max))
    throw wrong(flag, `must be a whole number up to ${max}, not ${JSON.stringify(text.slice(0, 40))}`);
  return value;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const LONGEST_MS = 30 * 24 * 3_600_000;

function duration(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,9})(ms|s|m|h)$/.exec(text) ?? [];
  const ms = Number(number) * (UNITS[unit] ?? Number.NaN);
  if (ms > 0 && ms <= LONGEST_MS) return ms;
  throw wrong('DURATION', 'must be a number with its unit, such as 90s, 5m or 2h, at most 720h');
}

function noMore(command: string, words: readonly string[]): void {
  if (words.length > 0) throw wrong(words[0] ?? '', `${command} takes no further word`);
}

function unknownCommand(word: string): AppError {
  return new AppError('invalid_argument', `sandbox has no command ${JSON.stringify(word.slice(0, 60))}.`, {
    candidates: nearest(word, COMMANDS, 2),
    remedy: `${PROGRAM} --help lists them.`,
  });
}

function wrong(field: string, problem: string): AppError {
  return new AppError('invalid_argument', `The sandbox's command line is not usable: ${field} ${problem}.`, {
    problems: [{ field, problem }],
    remedy: `${PROGRAM} --help`,
  });
}

/** As the server's default state folder (src/config/host-env.ts), which passes --folder anyway. */
function defaultFolder(): string {
  return join(homedir(), '.local', 'state', 'k8s-mcp', 'sandbox');
}
