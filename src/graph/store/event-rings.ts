import type { EventFacts, KindKey, ProjectedEvent } from '../types.ts';
import type { NodeRecord } from './record.ts';

const PER_OBJECT = 10;
const MAX_OBJECTS = 20_000;

/** Recent Events by the object they tell of: ten each, of the objects that Events last told of. */
export class EventRings {
  /** By kind, namespace and name: an Event may come before its object, or tell of one that is not in the graph. Least recently told of first. */
  readonly #rings = new Map<string, ProjectedEvent[]>();

  /** False where it says what it said before, as a list of Events brings them all again, or where ten newer ones are known. */
  add(event: ProjectedEvent): boolean {
    const { kind, namespace, name } = event.involved;
    const key = keyOf(kind, namespace, name);
    const known = this.#rings.get(key) ?? [];
    if (known.some((other) => saysTheSame(event, other))) return false;
    const ring = known.filter((other) => other.uid !== event.uid || event.uid === '');
    const at = ring.findIndex((other) => other.last <= event.last);
    const place = at < 0 ? ring.length : at;
    if (place >= PER_OBJECT) return false;
    ring.splice(place, 0, event);
    ring.length = Math.min(ring.length, PER_OBJECT);
    this.#rings.delete(key);
    this.#rings.set(key, ring);
    if (this.#rings.size > MAX_OBJECTS) {
      const [oldest] = this.#rings.keys();
      if (oldest !== undefined) this.#rings.delete(oldest);
    }
    return true;
  }

  /** Newest first. Of a present object: not those of another object that bore its name before. */
  of(record: NodeRecord): readonly EventFacts[] {
    const ring = this.#rings.get(keyOf(record.kind, record.namespace, record.name)) ?? [];
    return record.present ? ring.filter((event) => tellsOf(event, record)) : ring;
  }

  drop(namespace?: string): void {
    if (namespace === undefined) this.#rings.clear();
    for (const [key, ring] of this.#rings) if (ring[0]?.involved.namespace === namespace) this.#rings.delete(key);
  }

  /** Estimated: 150 bytes for an entry of the map, 200 for each event and as much for its message. */
  bytes(): number {
    let bytes = 0;
    for (const ring of this.#rings.values()) bytes += 150 + ring.length * 400;
    return bytes;
  }
}

function keyOf(kind: KindKey, namespace: string, name: string): string {
  return `${kind}\n${namespace}\n${name}`;
}

function saysTheSame(event: ProjectedEvent, other: ProjectedEvent): boolean {
  const { uid, last, count, message, reason } = event;
  if (uid === '' || uid !== other.uid || last !== other.last || count !== other.count) return false;
  return message === other.message && reason === other.reason;
}

/** Not where the object bore this name before. The kubelet gives a node's name where its uid belongs. */
export function tellsOf(event: ProjectedEvent, record: NodeRecord): boolean {
  const { uid } = event.involved;
  return uid === '' || uid === record.uid || uid === record.name;
}
