/** Short ways to write flags down, and to ask for them. A name is `long`, or `long,s` with its one letter. */
import type { Draft, FlagSpec } from './spec.ts';

type Extra = Omit<FlagSpec, 'name' | 'short' | 'arity'>;

/** Flags without a value. */
export function switches(...names: readonly string[]): FlagSpec[] {
  return names.map((name) => ({ ...named(name), arity: 'switch' }));
}

/** Flags with a value that is passed on as it is. */
export function values(...names: readonly string[]): FlagSpec[] {
  return names.map((name) => ({ ...named(name), arity: 'value' }));
}

/** A flag of more meaning. */
export function flag(name: string, arity: FlagSpec['arity'], extra: Extra = {}): FlagSpec {
  return { ...named(name), arity, ...extra };
}

/** Flags that exist and are never accepted, for one reason. */
export function refusedFlags(why: string, arity: FlagSpec['arity'], ...names: readonly string[]): FlagSpec[] {
  return names.map((name) => ({ ...named(name), arity, refused: why }));
}

function named(name: string): { name: string; short?: string } {
  const [long = '', short] = name.split(',');
  return short === undefined ? { name: long } : { name: long, short };
}

/** Whether a switch is given and not switched off again. */
export function isOn(draft: Draft, name: string): boolean {
  const value = draft.flag(name);
  return value !== undefined && value !== 'false';
}

/** Which cluster and namespace, and as whom: kubectl's own, which istioctl took over. */
export const SCOPE: readonly FlagSpec[] = [
  flag('namespace,n', 'value', { role: 'namespace' }),
  flag('context', 'value', { role: 'context' }),
  ...['as', 'as-group', 'as-uid'].map((name) => flag(name, 'value', { role: 'impersonate' })),
];
