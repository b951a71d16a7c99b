import type { Gate } from '../../kernel/vocabulary.ts';
import type { CommandSpec, Draft } from '../binaries/spec.ts';
import type { CommandEffect } from '../types.ts';
import type { ReadFlag } from './read-words.ts';

/** Effect, gates, and whether it ends by itself. */
export function consequences(
  spec: CommandSpec,
  draft: Draft,
  flags: readonly ReadFlag[],
): { effect: CommandEffect; gates: readonly Gate[]; follows: boolean } {
  const effect = (typeof spec.effect === 'function' ? spec.effect(draft) : spec.effect) ?? 'read';
  const gates = (typeof spec.gates === 'function' ? spec.gates(draft) : spec.gates) ?? [];
  const follows = typeof spec.follows === 'function' ? spec.follows(draft) : (spec.follows ?? false);
  const dry = storesNothing(flags);
  const own: readonly Gate[] = dry ? [] : gates;
  const impersonates = flags.some((flag) => flag.spec.role === 'impersonate');
  return {
    effect: dry && effect !== 'local' ? 'read' : effect,
    gates: impersonates ? [...new Set<Gate>([...own, 'escalation'])] : own,
    follows: follows || flags.some((flag) => flag.spec.role === 'follow' && isLastAndOn(flag, flags)),
  };
}

function isLastAndOn(flag: ReadFlag, flags: readonly ReadFlag[]): boolean {
  return flags.findLast(({ spec }) => spec === flag.spec) === flag && flag.value !== 'false';
}

function storesNothing(flags: readonly ReadFlag[]): boolean {
  const last = flags.findLast(({ spec }) => spec.role === 'dry-run');
  return last !== undefined && last.value !== 'none' && last.value !== 'false';
}
