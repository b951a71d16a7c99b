/** States of one resource as they were: what was shown of them lately is kept, anything else is made by taking events back. */
import type { History } from './history.ts';
import { compareKeys, lowerBound } from './sorted-versions.ts';
import type { Version } from './types.ts';

/** States kept per resource: about as many readers as page through it at a time. One of 150,000 objects takes 1.2 MB. */
const KEPT = 8;
/** Smaller states are made again faster than they are looked after. */
const WORTH_KEEPING = 256;

/**
 * A state is named by the first event after it in its scope: all revisions between two events of a scope show the same.
 */
export class Past {
  readonly #kept = new Map<string, readonly Version[]>();

  /** Keeps what a scope showed before the event of `endedBy` changed it. */
  keep(namespace: string | undefined, endedBy: number, versions: readonly Version[]): void {
    if (versions.length < WORTH_KEEPING) return;
    this.#kept.set(nameOf(namespace, endedBy), versions);
    if (this.#kept.size > KEPT) this.#kept.delete(this.#kept.keys().next().value ?? '');
  }

  /** The state of a scope at `revision`, which must not be compacted; `now` gives its present one. */
  at(
    history: History,
    namespace: string | undefined,
    revision: number,
    now: () => readonly Version[],
  ): readonly Version[] {
    let index = history.after(revision);
    if (namespace !== undefined) {
      for (let event = history.at(index); event !== undefined; event = history.at(index)) {
        if (event.version.namespace === namespace) break;
        index++;
      }
    }
    const endedBy = history.at(index)?.version.revision;
    if (endedBy === undefined) return now();
    const name = nameOf(namespace, endedBy);
    const kept = this.#kept.get(name);
    if (kept !== undefined) {
      // The one used last is dropped last.
      this.#kept.delete(name);
      this.#kept.set(name, kept);
      return kept;
    }
    const made = takeBack(history, index, namespace, now());
    this.keep(namespace, endedBy, made);
    return made;
  }

  /** Forgets states that ended at or before `revision`. */
  compact(revision: number): void {
    for (const name of this.#kept.keys()) if (endOf(name) <= revision) this.#kept.delete(name);
  }
}

const nameOf = (namespace: string | undefined, endedBy: number) => `${endedBy} ${namespace ?? ''}`;
const endOf = (name: string) => Number.parseInt(name, 10);

/** `now` without what the events from `index` on did. */
function takeBack(history: History, index: number, namespace: string | undefined, now: readonly Version[]): Version[] {
  /** What each key that was touched showed before: the first event about it knows. */
  const before = new Map<string, Version | undefined>();
  for (let at = index; ; at++) {
    const event = history.at(at);
    if (event === undefined) break;
    const { version } = event;
    if (namespace !== undefined && version.namespace !== namespace) continue;
    const key = `${version.namespace}/${version.name}`;
    if (!before.has(key)) before.set(key, event.type === 'ADDED' ? undefined : event.previous);
  }
  const back = [...before.values()].filter((version) => version !== undefined).sort(compareKeys);
  const touched = new Set<Version>();
  for (const key of before.keys()) {
    const slash = key.indexOf('/');
    const sought = { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
    const there = now[lowerBound(now, sought)];
    if (there !== undefined && compareKeys(there, sought) === 0) touched.add(there);
  }
  return merge(
    now.filter((version) => !touched.has(version)),
    back,
  );
}

function merge(a: readonly Version[], b: readonly Version[]): Version[] {
  const merged: Version[] = [];
  let next = 0;
  for (const version of a) {
    for (let other = b[next]; other !== undefined && compareKeys(other, version) < 0; other = b[++next]) {
      merged.push(other);
    }
    merged.push(version);
  }
  for (; next < b.length; next++) merged.push(b[next] as Version);
  return merged;
}
