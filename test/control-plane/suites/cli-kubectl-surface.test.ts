import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { kubectl } from '../../../src/exec/binaries/kubectl.ts';
import type { CommandSpec, FlagSpec } from '../../../src/exec/binaries/spec.ts';
import { clis, hasClis } from '../../support/clis.ts';

/** One line for a command and one for each of its flags, the same for the real help and for our data. */
type Surface = Map<string, string[]>;

const home = mkdtempSync(join(tmpdir(), 'k8s-mcp-help-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Flags whose value may be left out; help does not show it. Measured by leaving out every value once. */
const OPTIONAL = new Set(['dry-run', 'validate', 'cascade']);

async function help(...words: string[]): Promise<string> {
  const run = promisify(execFile);
  const { stdout } = await run(clis().kubectl, words, { env: { HOME: home, KUBERC: 'off' } });
  return stdout;
}

function line(name: string, short: string | undefined, arity: FlagSpec['arity']): string {
  return `${short === undefined ? '' : `-${short} `}--${name} ${arity}`;
}

function flagsIn(text: string): string[] {
  const found = text.matchAll(/^ {4}(?:-(?<short>\w), )?--(?<name>[\w-]+)=(?<value>.*):$/gm);
  return [...found].map(({ groups = {} }) => {
    const { name = '', short, value } = groups;
    const arity = OPTIONAL.has(name) ? 'optional' : value === 'true' || value === 'false' ? 'switch' : 'value';
    return line(name, short, arity);
  });
}

function subCommandsIn(text: string): string[] {
  const lists = text.matchAll(/^\w[\w ]* Commands[\w ()]*:\n(?<rows>(?: {2}\S.*\n)+)/gm);
  return [...lists].flatMap(({ groups }) =>
    [...(groups?.['rows'] ?? '').matchAll(/^ {2}(\S+)/gm)].map((row) => row[1] ?? ''),
  );
}

function aliasesIn(text: string): string[] {
  const names = /^Aliases:\n(.*)$/m.exec(text)?.[1]?.split(', ') ?? [];
  return names.slice(1);
}

const specs = new Map(kubectl.commands.map((command) => [command.words.join(' '), command]));

/** What the real kubectl has. Below a word that is never run nothing is asked. */
async function realSurface(words: string[], surface: Surface): Promise<void> {
  const text = await help(...words, '--help');
  const key = words.join(' ');
  if (specs.get(key)?.refused !== undefined) {
    surface.set(key, ['refused']);
    return;
  }
  const children = subCommandsIn(text);
  surface.set(key, [...aliasesIn(text).map((alias) => `alias ${alias}`), ...flagsIn(text)].sort());
  await Promise.all(children.map((word) => realSurface([...words, word], surface)));
}

function described({ refused, aliases = [], flags = [] }: CommandSpec): string[] {
  if (refused !== undefined) return ['refused'];
  return [
    ...aliases.map((alias) => `alias ${alias}`),
    ...flags.map(({ name, short, arity }) => line(name, short, arity)),
  ].sort();
}

/** `help`, `options` and `alpha` are not in the list of commands. */
const UNLISTED = ['help', 'options', 'alpha'];

describe.skipIf(!hasClis())('kubectl as data', () => {
  it('has every command and every flag of the real kubectl, with the same letters and arity, and no others', async () => {
    const real: Surface = new Map();
    await realSurface([], real);
    const ours: Surface = new Map([...specs].map(([key, command]) => [key, described(command)]));
    for (const key of UNLISTED) ours.delete(key);
    // Words that only lead to other commands.
    for (const [key, lines] of real) if (lines.length === 0 && !ours.has(key)) real.delete(key);
    expect(real.size).toBeGreaterThan(70);
    expect(Object.fromEntries([...ours].sort())).toEqual(Object.fromEntries([...real].sort()));
  });

  it('has every global flag of the real kubectl', async () => {
    const ours = kubectl.globalFlags.map(({ name, short, arity }) => line(name, short, arity));
    expect(ours.sort()).toEqual(flagsIn(await help('options')).sort());
  });

  it('reads the version that the real kubectl prints', async () => {
    expect(kubectl.version(await help(...kubectl.versionArgs))).toBe('v1.36.3');
  });
});
