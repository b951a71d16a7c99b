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
      const count = groups.reduce(
        (sum, each) => sum + (each instanceof Set ? each.size : each === undefined ? 0 : 1),
        0,
      );
      if (count >= fewest) continue;
      fewest = count;
      best = new Set(groups.flatMap((each) => (each instanceof Set ? [...each] : several(each))));
    }
    return best;
  }
}

type Pairs = Map<string, Map<string, LabelGroup | Set<LabelGroup>>>;

/** Most pairs of label and value are of one group alone: it stands there itself. */
function addTo(byPair: Pairs, group: LabelGroup): void {
  for (const [key, value] of Object.entries(group.labels)) {
    let values = byPair.get(key);
    if (values === undefined) {
      values = new Map();
      byPair.set(key, values);
    }
    const groups = values.get(value);
    if (groups === undefined) values.set(value, group);
    else if (groups instanceof Set) groups.add(group);
    else values.set(value, new Set([groups, group]));
  }
}

function takeFrom(byPair: Pairs, group: LabelGroup): void {
  for (const [key, value] of Object.entries(group.labels)) {
    const values = byPair.get(key);
    const groups = values?.get(value);
    if (groups instanceof Set) groups.delete(group);
    if (groups === group || (groups instanceof Set && groups.size === 0)) values?.delete(value);
    if (values?.size === 0) byPair.delete(key);
  }
}

function several(groups: LabelGroup | readonly LabelGroup[] | undefined): readonly LabelGroup[] {
  if (groups === undefined) return [];
  return 'vertex' in groups ? [groups] : groups;
}
