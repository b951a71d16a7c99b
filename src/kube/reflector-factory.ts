/** Reflectors over one cluster's wire: what they all have in common filled in; they tell each other when it is back. */
import type { Clock } from '../kernel/clock.ts';
import { createReflector } from './reflector/create-reflector.ts';
import { createRevival } from './reflector/revival.ts';
import type { Reflector, ReflectorOptions } from './reflector/types.ts';
import type { Wire } from './watch/types.ts';

export interface ReflectorFactoryOptions {
  wire: Wire;
  clock: Clock;
  random(): number;
  /** Seconds. */
  watchTimeout: number;
  maxRetries: number;
  /** From 1.35 on: versions of one resource are whole numbers in order. */
  comparableVersions(): boolean;
}

export function createReflectorFactory(common: ReflectorFactoryOptions) {
  const revival = createRevival(common.clock);
  return <Item>(
    own: Pick<ReflectorOptions<Item>, 'target' | 'sink' | 'project' | 'turn' | 'comparableVersions'>,
  ): Reflector =>
    createReflector({
      ...common,
      ...own,
      revival,
      comparableVersions: () => common.comparableVersions() && (own.comparableVersions?.() ?? true),
    });
}
