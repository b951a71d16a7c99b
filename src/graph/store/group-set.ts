import type { Selector } from '../types.ts';
import type { LabelGroup } from './label-group.ts';
import { labelsKey } from './selector-match.ts';

/** Above this many groups of a kind in a namespace they are also found by single labels. */
const INDEX_ABOVE = 128;

/** The groups of one kind and namespace. */
export class GroupSet {
  readonly #byLabels = new Map<string, LabelGroup>();
  /** label and value -> groups; only where there are many. */
  #byPair: Map<string, Set<LabelGroup>> | undefined;

  get size(): number {
    return this.#byLabels.size;
  }

  find(labels: Readonly<Record<string, string>>): LabelGroup | undefined {
    return this.#byLabels.get(labelsKey(labels));
  }

  all(): Iterable<LabelGroup> {
    return this.#byLabels.values();
  }

  add(group: LabelGroup): void {
    this.#byLabels.set(labelsKey(group.labels), group);
    if (this.#byPair !== undefined) addTo(this.#byPair, group);
    else if (this.size > INDEX_ABOVE) {
      this.#byPair = new Map();
      for (const each of this.#byLabels.values()) addTo(this.#byPair, each);
    }
  }

  remove(group: LabelGroup): void {
    this.#byLabels.delete(labelsKey(group.labels));
    for (const [key, value] of Object.entries(group.labels)) {
      const pair = pairOf(key, value);
      const groups = this.#byPair?.get(pair);
      groups?.delete(group);
      if (groups?.size === 0) this.#byPair?.delete(pair);
    }
  }

  /** Those that the selector may select: of its requirements the one with the fewest groups. */
  candidates(selector: Selector): Iterable<LabelGroup> {
    let fewest = this.size;
    let best: Iterable<LabelGroup> = this.all();
    for (const requirement of this.#byPair === undefined ? [] : selector) {
      if (requirement.op !== 'in') continue;
      const groups = requirement.values.map((value) => this.#byPair?.get(pairOf(requirement.key, value)));
      const count = groups.reduce((sum, each) => sum + (each?.size ?? 0), 0);
      if (count >= fewest) continue;
      fewest = count;
      best = new Set(groups.flatMap((each) => [...(each ?? [])]));
    }
    return best;
  }
}

function addTo(byPair: Map<string, Set<LabelGroup>>, group: LabelGroup): void {
  for (const [key, value] of Object.entries(group.labels)) {
    const pair = pairOf(key, value);
    const groups = byPair.get(pair);
    if (groups === undefined) byPair.set(pair, new Set([group]));
    else groups.add(group);
  }
}

function pairOf(key: string, value: string): string {
  return `${key}=${value}`;
}
