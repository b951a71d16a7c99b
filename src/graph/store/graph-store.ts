import { sameData } from '../same-data.ts';
import type { Change, KindKey, KindState, NodeId, Projected } from '../types.ts';
import { Bundles, FROM_TEMPLATES, SMALLEST_BUNDLE } from './bundles.ts';
import { EventRings, tellsOf } from './event-rings.ts';
import { Ghosts } from './ghosts.ts';
import { Groups, MAX_LINKS } from './groups.ts';
import { NO_LABELS, NodeRecord } from './record.ts';
import { type Pairs, pairOf, ResolvedReferences, sameUse, vertexOf, whyOf } from './references.ts';
import { sameLabels } from './selector-match.ts';
import { Spaces } from './spaces.ts';
import { Touches } from './touches.ts';
import { GHOST, GROUP, NODE, NONE, Vertices } from './vertices.ts';

/** Objects that are told of again and again, of which it is known by which list of references they are linked: a few seconds' worth. */
const MOST_LINKED = 2_000;

/** Everything a graph holds, and the one place that changes it. */
export class GraphStore {
  generation = 0;
  readonly vertices = new Vertices();
  readonly spaces = new Spaces(this.vertices.columns);
  readonly touches = new Touches(this.vertices);
  readonly groups: Groups;
  readonly ghosts = new Ghosts(this.vertices, this.touches);
  readonly bundles = new Bundles(this.vertices, this.ghosts.baseOf);
  readonly events = new EventRings();
  readonly kindStates = new Map<KindKey, KindState>();
  readonly #resolved = new ResolvedReferences();
  /** Nodes that something may have ceased to refer to. Ids are given away only once a generation is complete. */
  readonly #idle: NodeId[] = [];
  /** Of objects that are told of again and again: the list of references that their edges are of. */
  readonly #linked = new Map<NodeId, Projected['references']>();

  constructor(maxLinks = MAX_LINKS) {
    this.groups = new Groups(this.vertices, this.spaces, this.touches, maxLinks);
  }

  change(change: Change): void {
    if (change.type === 'upsert') this.#upsert(change.object);
    else if (change.type === 'event') this.#event(change);
    else this.#delete(change);
  }

  /** Frees what nothing holds any more. Once per generation, after its changes. */
  settle(): void {
    for (const id of this.#idle) this.#freeIfIdle(id);
    this.#idle.length = 0;
    this.vertices.whys.sweep();
    this.generation++;
  }

  remove(record: NodeRecord): void {
    this.#refer(record, []);
    this.groups.leave(record);
    this.spaces.count(record, -1);
    this.vertices.columns.erase(record.id);
    record.labels = NO_LABELS;
    record.facts = undefined;
    this.#linked.delete(record.id);
    this.ghosts.rehome(record.id);
    this.#idle.push(record.id, ...this.ghosts.idleOf(record.id));
    this.touches.node(record.id);
    this.touches.ends(record.id);
    if (record.kind === 'Namespace') this.groups.namespaceChanged(record.name);
  }

  #upsert(object: Projected): void {
    const id = this.#place(object.kind, object.namespace, object.name);
    const record = this.vertices.records[id];
    if (record === undefined) return;
    const { columns } = this.vertices;
    const wasPresent = columns.isPresent(id);
    const sameObject = wasPresent && columns.hasUid(id, object.uid);
    if (sameObject && object.resourceVersion !== '' && columns.hasVersion(id, object.resourceVersion)) return;
    const relabelled = !wasPresent || !sameLabels(record.labels, object.labels);
    // What says nothing new is garbage before it grows old: kubelets write their node's status again and again, with only its times new.
    const facts = sameObject && sameData(record.facts, object.facts) ? record.facts : object.facts;
    const unchanged =
      sameObject &&
      !relabelled &&
      record.facts === facts &&
      record.health === object.health &&
      record.deleting === object.deleting;
    this.#write(record, object, facts, relabelled);
    if (!sameObject) {
      this.ghosts.rehome(id);
      this.#idle.push(...this.ghosts.idleOf(id));
      this.touches.ends(id);
    }
    const linked = sameObject && this.#linked.get(id) === object.references;
    const referredAnew = !linked && this.#refer(record, object.references);
    this.#noteLinked(id, object);
    if (!unchanged || referredAnew) this.touches.node(id);
    else this.touches.same(id);
    if (relabelled && record.kind === 'Namespace') this.groups.namespaceChanged(record.name);
  }

  #write(record: NodeRecord, object: Projected, facts: unknown, relabelled: boolean): void {
    if (record.present) this.spaces.count(record, -1);
    if (record.present && relabelled) this.groups.leave(record);
    this.vertices.columns.write(record.id, object);
    record.facts = facts;
    if (relabelled) {
      record.labels = object.labels;
      this.groups.join(record);
    }
    this.spaces.count(record, 1);
  }

  #delete(change: Change & { type: 'delete' }): void {
    const record = this.spaces.find(change.kind, change.namespace, change.name);
    if (record === undefined || !record.present) return;
    if (change.uid !== '' && !this.vertices.columns.hasUid(record.id, change.uid)) return;
    this.remove(record);
  }

  #event({ event }: Change & { type: 'event' }): void {
    if (!this.events.add(event)) return;
    const record = this.spaces.find(event.involved.kind, event.involved.namespace, event.involved.name);
    if (record?.present === true && tellsOf(event, record)) this.touches.node(record.id);
  }

  /** The node of a name; an absent one is made where there is none. */
  readonly #place = (kind: KindKey, namespace: string, name: string): NodeId => {
    const space = this.spaces.of(kind, namespace);
    const known = space.names.get(name);
    if (known !== undefined) return known.id;
    const id = this.vertices.allocate(NODE);
    const record = new NodeRecord(id, space, name);
    this.vertices.records[id] = record;
    space.names.set(name, record);
    return id;
  };

  #noteLinked(id: NodeId, { again, references }: Projected): void {
    if (again !== true) {
      if (this.#linked.size > 0) this.#linked.delete(id);
      return;
    }
    this.#linked.set(id, references);
    if (this.#linked.size <= MOST_LINKED) return;
    for (const oldest of this.#linked.keys()) {
      this.#linked.delete(oldest);
      return;
    }
  }

  /** Makes the edges of an object those of its references, touching only what differs. True where something did. */
  #refer(record: NodeRecord, references: Projected['references']): boolean {
    const { id } = record;
    this.#resolved.resolve(id, references, this.vertices.whys, this.#place);
    const { common, own, inverse, uses } = this.#resolved;
    const bundled = common.length >= SMALLEST_BUNDLE && FROM_TEMPLATES.has(record.kind);
    if (!bundled && common.length > 0) {
      for (let i = 0; i < common.length; i++) own.add(common.at(i));
      own.settle();
      common.clear();
    }
    const changes = [
      this.#bundle(id, common),
      this.#reconcile(id, own, false),
      this.#reconcile(id, inverse, true),
      this.#select(id, uses),
    ];
    return changes.includes(true);
  }

  #bundle(id: NodeId, pairs: Pairs): boolean {
    const before = this.vertices.bundle[id] ?? NONE;
    if (before === NONE ? pairs.length === 0 : this.bundles.holds(before, pairs)) return false;
    const after = pairs.length === 0 ? NONE : this.bundles.find(pairs);
    if (before !== NONE) this.#leaveBundle(id, before);
    if (pairs.length > 0) this.vertices.joinBundle(id, after === NONE ? this.#newBundle(pairs) : after);
    this.touches.ends(this.vertices.bundle[id] ?? NONE);
    return true;
  }

  #newBundle(pairs: Pairs): number {
    const bundle = this.bundles.make(pairs);
    for (let i = 0; i < pairs.length; i++) {
      const why = whyOf(pairs.at(i));
      this.vertices.link(bundle, this.ghosts.targetOf(vertexOf(pairs.at(i)), why), why);
    }
    return bundle;
  }

  #leaveBundle(id: NodeId, bundle: number): void {
    this.touches.ends(bundle);
    this.vertices.leaveBundle(id);
    if (this.vertices.members.length(bundle) > 0) return;
    this.bundles.forget(bundle);
    const { out } = this.vertices.edges;
    for (let i = out.length(bundle) - 1; i >= 0; i--) {
      this.#idle.push(out.data[out.at(bundle, i)] ?? NONE);
      this.vertices.unlinkOut(bundle, i);
    }
    this.vertices.release(bundle);
  }

  /** The edges that the object itself says: out of it, or into it by inverse relations. */
  #reconcile(id: NodeId, wanted: Pairs, inverse: boolean): boolean {
    const { edges, whys, role } = this.vertices;
    const list = inverse ? edges.in : edges.out;
    if (wanted.length === 0 && list.length(id) === 0) return false;
    const present = new Uint8Array(wanted.length);
    let changed = false;
    for (let i = list.length(id) - 1; i >= 0; i--) {
      const at = list.at(id, i);
      const [other, why] = [list.data[at] ?? NONE, list.data[at + 1] ?? 0];
      if ((whys.relationOf(why).inverse === true) !== inverse || role[other] === GROUP) continue;
      const found = wanted.indexOf(pairOf(why, this.ghosts.baseOf(other)));
      if (found >= 0) present[found] = 1;
      else {
        if (inverse) this.vertices.unlinkIn(id, i);
        else this.vertices.unlinkOut(id, i);
        this.touches.end(other);
        this.#idle.push(other);
        changed = true;
      }
    }
    for (let i = 0; i < wanted.length; i++) {
      if (present[i] === 1) continue;
      const why = whyOf(wanted.at(i));
      const other = this.ghosts.targetOf(vertexOf(wanted.at(i)), why);
      if (inverse) this.vertices.link(other, id, why);
      else this.vertices.link(id, other, why);
      this.touches.end(other);
      changed = true;
    }
    return changed;
  }

  #select(id: NodeId, uses: ResolvedReferences['uses']): boolean {
    const before = this.groups.usesOf.get(id) ?? [];
    if (before.length === 0 && uses.length === 0) return false;
    const gone = before.filter((use) => !uses.some((other) => sameUse(use, other)));
    const added = uses.filter((use) => !before.some((other) => sameUse(use, other)));
    for (const use of gone) this.groups.removeUse(use);
    for (const use of added) this.groups.addUse(use);
    return gone.length + added.length > 0;
  }

  #freeIfIdle(id: NodeId): void {
    const record = this.vertices.records[id];
    if (record === undefined || record.present || !this.vertices.edges.isLone(id)) return;
    if (this.vertices.role[id] === GHOST) this.ghosts.forget(id);
    else {
      this.spaces.remove(record);
      this.vertices.release(id);
    }
  }
}
