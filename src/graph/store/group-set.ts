import type { Selector } from '../types.ts';
import type { LabelGroup } from './label-group.ts';
import { labelsHash, sameLabels } from './selector-match.ts';

/** Above this many groups of a kind in a namespace they are also found by single labels. */
const INDEX_ABOVE = 128;

/** The groups of one kind and namespace. */
export class GroupSet {
  /** By a hash of the labels: one group as a rule, more where hashes meet. */
  readonly #byHash = new Map<number, LabelGroup | readonly LabelGroup[]>();
  /** label -> value -> groups; only where there are many. */
  #byPair: Pairs | undefined;
  size = 0;

  find(labels: Readonly<Record<string, string>>): LabelGroup | undefined {
    return several(this.#byHash.get(labelsHash(labels))).find((group) => sameLabels(group.labels, labels));
  }

  *all(): Iterable<LabelGroup> {
    for (const groups of this.#byHash.values()) yield* several(groups);
  }

  add(group: LabelGroup): void {
    const hash = labelsHash(group.labels);
    const others = this.#byHash.get(hash);
    this.#byHash.set(hash, others === undefined ? group : [...several(others), group]);
    this.size++;
    if (this.#byPair !== undefined) addTo(this.#byPair, group);
    else if (this.size > INDEX_ABOVE) {
      this.#byPair = new Map();
      for (const each of this.all()) addTo(this.#byPair, each);
    }
  }

  remove(group: LabelGroup): void {
    const hash = labelsHash(group.labels);
    const known = several(this.#byHash.get(hash));
    const rest = known.filter((other) => other !== group);
    if (rest.length === known.length) return;
    this.size--;
    if (rest.length > 0) this.#byHash.set(hash, rest);
    else this.#byHash.delete(hash);
    if (this.#byPair !== undefined) takeFrom(this.#byPair, group);
  }

  /** Those that the selector may select: of its requirements the one with the fewest groups. */
  candidates(selector: Selector): Iterable<LabelGroup> {
    let fewest = this.size;
    let best: Iterable<LabelGroup> = this.all();
    for (const requirement of this.#byPair === undefined ? [] : selector) {
      if (requirement.op !== 'in') continue;
      const ofValues = this.#byPair?.get(requirement.key);
      const groups = requirement.values.map((value) => ofValues?.get(value));
      const count = groups.reduce((sum, each) => sum + sizeOf(each), 0);
      if (count >= fewest) continue;
      fewest = count;
      best = new Set(groups.flatMap((each) => (each instanceof Set ? [...each] : several(each))));
    }
    return best;
  }
}

/** A set takes 200 bytes and more: few groups are kept as a list, and one as itself. */
const LIST_BELOW = 16;

type Some = LabelGroup | LabelGroup[] | Set<LabelGroup>;
type Pairs = Map<string, Map<string, Some>>;

function addTo(byPair: Pairs, group: LabelGroup): void {
  for (const [key, value] of Object.entries(group.labels)) {
    let values = byPair.get(key);
    if (values === undefined) {
      values = new Map();
      byPair.set(key, values);
    }
    const groups = values.get(value);
    if (groups instanceof Set) groups.add(group);
    else values.set(value, groups === undefined ? group : joined(several(groups), group));
  }
}

function joined(groups: readonly LabelGroup[], group: LabelGroup): Some {
  const all = groups.concat(group); // as long as it must be: a spread makes room ahead
  return all.length < LIST_BELOW ? all : new Set(all);
}

function takeFrom(byPair: Pairs, group: LabelGroup): void {
  for (const [key, value] of Object.entries(group.labels)) {
    const values = byPair.get(key);
    const groups = values?.get(value);
    if (values === undefined || groups === undefined) continue;
    if (groups instanceof Set) groups.delete(group);
    const rest = groups instanceof Set ? groups : several(groups).filter((other) => other !== group);
    if (sizeOf(rest) === 0) values.delete(value);
    else values.set(value, rest);
    if (values.size === 0) byPair.delete(key);
  }
}

function sizeOf(groups: Some | undefined): number {
  return groups instanceof Set ? groups.size : several(groups).length;
}

function several(groups: LabelGroup | readonly LabelGroup[] | undefined): readonly LabelGroup[] {
  if (groups === undefined) return [];
  return 'vertex' in groups ? [groups] : groups;
}
