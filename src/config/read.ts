import { AppError } from '../kernel/errors.ts';
import { nearest } from '../kernel/nearest.ts';
import type { Parsed, Setting } from './setting.ts';
import { SANDBOX_FALLBACKS, type SettingName, type Settings, TABLE } from './table.ts';

type Problem = { field: string; problem: string };

export interface ParsedFlags {
  /** Text of each flag given, by setting. */
  values: Map<SettingName, string>;
  /** Words that are no flags, in order, and all after `--`. */
  words: string[];
}

const NAMES = Object.keys(TABLE) as SettingName[];
const BY_FLAG = new Map<string, SettingName>(NAMES.map((name) => [TABLE[name].flag, name]));

/** Splits argv. `--flag value`, `--flag=value`, `-flag` (seed 1's spelling), `--no-flag` for switches. Throws for unknown flags. */
export function parseFlags(argv: readonly string[]): ParsedFlags {
  const values = new Map<SettingName, string>();
  const words: string[] = [];
  const problems: Problem[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (word === '--') {
      words.push(...argv.slice(at + 1));
      break;
    }
    if (!/^--?[a-zA-Z]/.test(word)) {
      words.push(word);
      continue;
    }
    const equals = word.indexOf('=');
    const flag = word.slice(word.startsWith('--') ? 2 : 1, equals < 0 ? undefined : equals);
    const known = BY_FLAG.get(flag);
    const negated = known === undefined && flag.startsWith('no-') ? BY_FLAG.get(flag.slice(3)) : undefined;
    if (known !== undefined && equals >= 0) values.set(known, word.slice(equals + 1));
    else if (known !== undefined && TABLE[known].isSwitch) values.set(known, 'true');
    else if (negated !== undefined && equals < 0 && TABLE[negated].isSwitch) values.set(negated, 'false');
    else if (known === undefined) problems.push(unknownFlag(flag));
    else if (at + 1 < argv.length) values.set(known, argv[++at] ?? '');
    else problems.push({ field: `--${flag}`, problem: `needs a value: --${flag} ${TABLE[known].shape}` });
  }
  if (problems.length > 0) throw configError(problems);
  return { values, words };
}

function unknownFlag(flag: string): Problem {
  const near = nearest(flag, BY_FLAG.keys(), 2).map((name) => `--${name}`);
  const hint = near.length > 0 ? `; did you mean ${near.join(' or ')}?` : '';
  return { field: `--${flag.slice(0, 60)}`, problem: `unknown flag${hint}` };
}

function configError(problems: readonly Problem[]): AppError {
  return new AppError('invalid_argument', 'The command line or environment is not usable.', {
    problems,
    remedy: 'k8s-mcp --help lists all flags and environment names.',
  });
}

/** Flags win over the environment, the environment over `.env`, that over the default. All problems are told at once. */
export function readSettings(
  flags: ReadonlyMap<SettingName, string>,
  env: Readonly<Record<string, string | undefined>>,
): Settings {
  const problems: Problem[] = [];
  const settings: Record<string, unknown> = {};
  const given = new Set<SettingName>();
  for (const name of NAMES) {
    const setting: Setting<unknown> = TABLE[name];
    const source = sourceOf(name, setting, flags, env);
    if (source !== undefined) given.add(name);
    const parsed: Parsed<unknown> = source ? setting.parse(source.text) : { ok: true, value: setting.fallback };
    if (parsed.ok) settings[name] = parsed.value;
    else problems.push({ field: source?.field ?? name, problem: parsed.problem });
  }
  if (settings['sandbox'] === true) {
    if (given.has('kubeconfig'))
      problems.push({
        field: '--sandbox',
        problem: 'stands beside --kubeconfig: the sandbox brings its own; give one of them',
      });
    for (const [name, value] of Object.entries(SANDBOX_FALLBACKS))
      if (!given.has(name as SettingName)) settings[name] = value;
  }
  if (problems.length > 0) throw configError(problems);
  // Each value came from the parser of its own row, which is what the mapped type says.
  return settings as Settings;
}

function sourceOf(
  name: SettingName,
  setting: Setting<unknown>,
  flags: ReadonlyMap<SettingName, string>,
  env: Readonly<Record<string, string | undefined>>,
): { field: string; text: string } | undefined {
  const flag = flags.get(name);
  if (flag !== undefined) return { field: `--${setting.flag}`, text: flag };
  for (const key of setting.env) {
    const value = env[key];
    // An empty variable counts as unset: `HOST= npm start` means the default.
    if (value !== undefined && value !== '') return { field: key, text: value };
  }
  return undefined;
}
