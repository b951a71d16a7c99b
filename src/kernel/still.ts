/** What stays as it is while an object's status changes: who reads a watch recognises it, who makes something of it need not make it anew. */
import type { KubeObject } from './vocabulary.ts';

const STILL = Symbol('still');

/**
 * One for all tellings of an object that differ in status and resourceVersion only, while they are remembered. What somebody made of the
 * rest may be left in it, and goes with it.
 */
export class Still {
  made: unknown = undefined;
}

interface Told extends KubeObject {
  [STILL]?: Still;
}

/** Undefined for what is not told of by a watch that remembers. */
export function stillOf(object: Told): Still | undefined {
  return object[STILL];
}

export function setStill(object: Told, still: Still): void {
  object[STILL] = still;
}
