import { describe, expect, test } from 'vitest';
import { readCommands, type SurfaceCommand } from '../../../test/support/cli-surfaces/surface.ts';
import { argocd } from './argocd.ts';
import { helm } from './helm.ts';
import { istioctl } from './istioctl.ts';
import type { BinarySpec, CommandSpec, FlagSpec } from './spec.ts';

const TOOLS: readonly BinarySpec[] = [helm, istioctl, argocd('core'), argocd('server')];

function written({ name, short, arity }: FlagSpec): string {
  const value = { switch: '', value: '=', optional: '[=]' }[arity];
  return `${short === undefined ? '' : `-${short},`}--${name}${value}`;
}

/** What the data says of a command; a refused group stands for all its commands. */
function find({ commands }: BinarySpec, words: string): CommandSpec | undefined {
  const exact = commands.find((command) => command.words.join(' ') === words);
  return (
    exact ?? commands.find(({ refused, words: own }) => refused !== undefined && words.startsWith(`${own.join(' ')} `))
  );
}

function isGroup(surface: readonly SurfaceCommand[], words: string): boolean {
  return surface.some(
    (command) => command.words.startsWith(words === '' ? '' : `${words} `) && command.words !== words,
  );
}

function unknownFlags(tool: BinarySpec, command: CommandSpec | undefined, { flags }: SurfaceCommand): string[] {
  const known = new Set([...tool.globalFlags, ...(command?.flags ?? [])].map(written));
  return flags.filter((flag) => !known.has(flag));
}

describe.each(TOOLS)('the data of $name against what its version says of itself', (tool) => {
  const surface = readCommands(tool.name);

  test('every command is known, usable or refused', () => {
    const missing = surface.filter(({ words }) => !isGroup(surface, words) && find(tool, words) === undefined);
    expect(missing.map(({ words }) => words)).toEqual([]);
  });

  test('every flag is known with the way it takes its value, allowed or refused', () => {
    const unknown = surface.flatMap((command) => {
      const spec = find(tool, command.words);
      // Flags of a group are flags of its commands.
      if (spec?.refused !== undefined || (command.words !== '' && isGroup(surface, command.words))) return [];
      return unknownFlags(tool, spec, command).map((flag) => `${command.words} ${flag}`);
    });
    expect(unknown).toEqual([]);
  });

  test('every other name of a command is known', () => {
    const lacking = surface.flatMap(({ words, aliases }) => {
      const spec = find(tool, words);
      if (spec?.refused !== undefined && spec.words.join(' ') !== words) return [];
      return aliases.filter((alias) => spec?.aliases?.includes(alias) !== true).map((alias) => `${words}: ${alias}`);
    });
    expect(lacking).toEqual([]);
  });

  test('nothing is there that the version does not have', () => {
    const words = new Set(surface.map((command) => command.words));
    expect(tool.commands.map((command) => command.words.join(' ')).filter((name) => !words.has(name))).toEqual([]);
  });

  test('every refusal says what to do instead', () => {
    const refusals = [
      ...tool.globalFlags,
      ...tool.commands,
      ...tool.commands.flatMap(({ flags }) => flags ?? []),
    ].flatMap(({ refused }) => refused ?? []);
    for (const refusal of refusals) expect(refusal).toMatch(/^(?:[A-Z]|istiod).+\.$/s);
  });
});
