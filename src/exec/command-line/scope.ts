import type { FlagRole, FlagSpec } from '../binaries/spec.ts';
import type { CommandInput } from '../types.ts';
import type { FlagTable } from './lookup.ts';
import type { ReadFlag } from './read-words.ts';
import { mistake, shown } from './refusals.ts';

/** Which cluster and namespaces a command is about, and the flags that say so to the tool. */
export interface Scope {
  /** Without `--context`: the child knows one context only. With the namespace of the argument. */
  flags: readonly ReadFlag[];
  context: string | undefined;
  namespace: string | undefined;
  allNamespaces: boolean;
}

/** Brings the arguments `namespace` and `context` together with the flags of the command; two that disagree are refused. */
export function chooseScope(table: FlagTable, flags: readonly ReadFlag[], input: CommandInput): Scope {
  const allNamespaces = isOn(lastOf(flags, 'all-namespaces'));
  const written = orNothing(lastOf(flags, 'namespace')?.value);
  const given = orNothing(input.namespace);
  if (given !== undefined && allNamespaces) {
    throw mistake(
      `the argument \`namespace\` is "${shown(given)}", and the command asks for all namespaces.`,
      'Leave one of the two out.',
    );
  }
  if (given !== undefined && written !== undefined) requireSame('namespace', given, written);
  const flag = [...table.long.values()].find(({ role }) => role === 'namespace');
  const addsFlag = given !== undefined && written === undefined && flag !== undefined;
  const kept = flags.filter(({ spec }) => spec.role !== 'context');
  return {
    flags: addsFlag ? [...kept, { spec: flag, value: given }] : kept,
    context: chooseContext(flags, input),
    namespace: written ?? given,
    allNamespaces,
  };
}

function chooseContext(flags: readonly ReadFlag[], input: CommandInput): string | undefined {
  const written = orNothing(lastOf(flags, 'context')?.value);
  const given = orNothing(input.context);
  if (given !== undefined && written !== undefined) requireSame('context', given, written);
  return written ?? given;
}

function requireSame(what: FlagSpec['name'], given: string, written: string): void {
  if (given === written) return;
  throw mistake(
    `the argument \`${what}\` is "${shown(given)}", and the command says --${what}=${shown(written)}.`,
    'Leave one of the two out.',
  );
}

function lastOf(flags: readonly ReadFlag[], role: FlagRole): ReadFlag | undefined {
  return flags.findLast(({ spec }) => spec.role === role);
}

function isOn(flag: ReadFlag | undefined): boolean {
  return flag !== undefined && flag.value !== 'false';
}

function orNothing(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
