import type { KindKey } from '../types.ts';
import { GroupSet } from './group-set.ts';
import type { LabelGroup, SelectedKind } from './label-group.ts';
import type { NodeRecord } from './record.ts';
import { isPositive, SelectorFiles } from './selector-files.ts';
import { onlyNamespace, readsNamespaces, type SelectorUse, selectsAll, usesSelect } from './selector-use.ts';
import type { Spaces } from './spaces.ts';
import { MAX_SELECTED, type Touches } from './touches.ts';
import { GROUP, NONE, type Vertices } from './vertices.ts';

/** A selector that selects more groups than this is evaluated when somebody asks, so that broad ones do not fill the memory. */
export const MAX_LINKS = 64;

const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/** Who selects whom, through groups of nodes with equal labels. */
export class Groups {
  readonly kinds = new Map<KindKey, SelectedKind>();
  readonly byVertex = new Map<number, LabelGroup>();
  /** What each object selects. */
  readonly usesOf = new Map<number, SelectorUse[]>();
  readonly #vertices: Vertices;
  readonly #spaces: Spaces;
  readonly #touches: Touches;
  readonly #maxLinks: number;
  #search = 0;

  constructor(vertices: Vertices, spaces: Spaces, touches: Touches, maxLinks: number) {
    this.#maxLinks = maxLinks;
    this.#vertices = vertices;
    this.#spaces = spaces;
    this.#touches = touches;
  }

  /** A present node whose labels are new. */
  join(record: NodeRecord): void {
    const kind = this.kinds.get(record.kind);
    if (kind === undefined) return;
    const group = this.#groupOf(kind, record);
    kind.version++;
    this.#vertices.joinGroup(record.id, group.vertex);
    this.#touchSelectors(group);
  }

  leave(record: NodeRecord): void {
    const group = this.byVertex.get(this.#vertices.group[record.id] ?? NONE);
    if (group === undefined) return;
    this.#touchSelectors(group);
    group.kind.version++;
    this.#vertices.leaveGroup(record.id);
    if (this.#vertices.members.length(group.vertex) === 0) this.#dissolve(group);
  }

  addUse(use: SelectorUse): void {
    const kind = this.#selected(use.kind);
    kind.uses++;
    const uses = this.usesOf.get(use.owner);
    if (uses === undefined) this.usesOf.set(use.owner, [use]);
    else uses.push(use);
    this.#vertices.whys.hold(use.why);
    if (readsNamespaces(use)) kind.byNamespaceLabels.add(use);
    if (!this.#file(kind, use)) this.#makeVirtual(kind, use);
    else this.#linkAll(kind, use);
    this.touchSelected(use);
  }

  removeUse(use: SelectorUse): void {
    const kind = this.#selected(use.kind);
    this.touchSelected(use);
    this.#unlinkAll(use);
    if (use.virtual) this.#removeVirtual(kind, use);
    else this.#unfile(kind, use);
    kind.byNamespaceLabels.delete(use);
    this.#vertices.whys.release(use.why);
    const rest = (this.usesOf.get(use.owner) ?? []).filter((other) => other !== use);
    if (rest.length > 0) this.usesOf.set(use.owner, rest);
    else this.usesOf.delete(use.owner);
    kind.uses--;
    if (kind.uses === 0) this.#forgetKind(kind);
  }

  selects(use: SelectorUse, group: LabelGroup): boolean {
    return usesSelect(use, group.namespace, group.labels, this.labelsOfNamespace);
  }

  /** Groups that a virtual selector may select. Return false to stop; so does this. */
  eachSelected(use: SelectorUse, visit: (group: LabelGroup) => boolean): boolean {
    const kind = this.kinds.get(use.kind);
    if (kind === undefined) return true;
    const namespace = onlyNamespace(use);
    if (namespace !== undefined) return this.#eachIn(kind.groups.get(namespace), use, visit);
    for (const groups of kind.groups.values()) if (!this.#eachIn(groups, use, visit)) return false;
    return true;
  }

  /** Labels of the Namespace object; the name alone where it is not known, for every cluster puts that one on. */
  readonly labelsOfNamespace = (namespace: string): Readonly<Record<string, string>> => {
    const record = this.#spaces.find('Namespace', '', namespace);
    return record?.present === true ? record.labels : { [NAMESPACE_NAME]: namespace };
  };

  /** After the labels of a Namespace changed: selectors that read them. Virtual ones find out when asked. */
  namespaceChanged(namespace: string): void {
    for (const kind of this.kinds.values()) {
      if (kind.byNamespaceLabels.size === 0) continue;
      kind.version++;
      for (const group of [...(kind.groups.get(namespace)?.all() ?? [])])
        for (const use of kind.byNamespaceLabels) if (!use.virtual) this.#relink(kind, use, group);
    }
  }

  /** Pairs that virtual selectors connect: counted, not kept. */
  virtualPairs(): number {
    let pairs = 0;
    for (const kind of this.kinds.values()) {
      for (const use of kind.virtualOfAll) pairs += this.#pairsOf(kind, use);
      for (const uses of kind.virtual.values()) for (const use of uses) pairs += this.#pairsOf(kind, use);
    }
    return pairs;
  }

  clear(): void {
    this.kinds.clear();
    this.byVertex.clear();
    this.usesOf.clear();
  }

  #pairsOf(kind: SelectedKind, use: SelectorUse): number {
    if (selectsAll(use)) {
      const nodes = this.#spaces.kinds.get(kind.key);
      const namespace = onlyNamespace(use);
      return (namespace === undefined ? nodes : nodes?.spaces.get(namespace))?.tally.total ?? 0;
    }
    if (use.countedAt === kind.version) return use.pairs;
    use.countedAt = kind.version;
    use.pairs = 0;
    this.eachSelected(use, (group) => {
      use.pairs += this.#vertices.members.length(group.vertex);
      return true;
    });
    return use.pairs;
  }

  #eachIn(groups: GroupSet | undefined, use: SelectorUse, visit: (group: LabelGroup) => boolean): boolean {
    if (groups === undefined) return true;
    for (const group of candidatesOf(use, groups)) if (this.selects(use, group) && !visit(group)) return false;
    return true;
  }

  #selected(key: KindKey): SelectedKind {
    const known = this.kinds.get(key);
    if (known !== undefined) return known;
    const kind: SelectedKind = {
      key,
      uses: 0,
      version: 0,
      groups: new Map(),
      files: new Map(),
      filesOfAll: new SelectorFiles(),
      virtual: new Map(),
      virtualOfAll: [],
      byNamespaceLabels: new Set(),
    };
    this.kinds.set(key, kind);
    for (const space of this.#spaces.kinds.get(key)?.spaces.values() ?? [])
      for (const record of space.names.values()) {
        if (record.present) this.#vertices.joinGroup(record.id, this.#groupOf(kind, record).vertex);
      }
    return kind;
  }

  /** Nothing selects this kind any more. */
  #forgetKind(kind: SelectedKind): void {
    for (const space of this.#spaces.kinds.get(kind.key)?.spaces.values() ?? [])
      for (const record of space.names.values()) if (record.present) this.leave(record);
    this.kinds.delete(kind.key);
  }

  #groupOf(kind: SelectedKind, record: NodeRecord): LabelGroup {
    const { namespace, labels } = record;
    let groups = kind.groups.get(namespace);
    if (groups === undefined) {
      groups = new GroupSet();
      kind.groups.set(namespace, groups);
    }
    const known = groups.find(labels);
    if (known !== undefined) return known;
    const group: LabelGroup = { vertex: this.#vertices.allocate(GROUP), kind, namespace, labels };
    groups.add(group);
    this.byVertex.set(group.vertex, group);
    // Gathered first: a link may take its selector out of the files.
    const candidates: SelectorUse[] = [];
    const search = ++this.#search;
    const gather = (use: SelectorUse) => {
      if (use.seen === search) return;
      use.seen = search;
      candidates.push(use);
    };
    kind.files.get(namespace)?.candidates(labels, gather);
    kind.filesOfAll.candidates(labels, gather);
    for (const use of candidates) this.#linkIfSelected(kind, use, group);
    return group;
  }

  #dissolve(group: LabelGroup): void {
    const { in: sources, out: targets } = this.#vertices.edges;
    for (let i = sources.length(group.vertex) - 1; i >= 0; i--) {
      this.#uncount(group, sources.data, sources.at(group.vertex, i));
      this.#vertices.unlinkIn(group.vertex, i);
    }
    for (let i = targets.length(group.vertex) - 1; i >= 0; i--) {
      this.#uncount(group, targets.data, targets.at(group.vertex, i));
      this.#vertices.unlinkOut(group.vertex, i);
    }
    const groups = group.kind.groups.get(group.namespace);
    groups?.remove(group);
    if (groups?.size === 0) group.kind.groups.delete(group.namespace);
    this.byVertex.delete(group.vertex);
    this.#vertices.release(group.vertex);
  }

  #uncount(group: LabelGroup, data: Uint32Array, at: number): void {
    for (const use of this.usesOf.get(data[at] ?? NONE) ?? [])
      if (use.why === data[at + 1] && use.kind === group.kind.key) use.links--;
  }

  #linkAll(kind: SelectedKind, use: SelectorUse): void {
    const namespace = onlyNamespace(use);
    const inScope = namespace === undefined ? kind.groups.values() : [kind.groups.get(namespace)];
    for (const groups of inScope)
      for (const group of groups === undefined ? [] : candidatesOf(use, groups)) {
        this.#linkIfSelected(kind, use, group);
        if (use.virtual) return;
      }
  }

  #linkIfSelected(kind: SelectedKind, use: SelectorUse, group: LabelGroup): void {
    if (use.virtual || !this.selects(use, group)) return;
    if (use.links < this.#maxLinks) {
      use.links++;
      if (use.inverse) this.#vertices.link(group.vertex, use.owner, use.why);
      else this.#vertices.link(use.owner, group.vertex, use.why);
      return;
    }
    this.#unlinkAll(use);
    this.#unfile(kind, use);
    this.#makeVirtual(kind, use);
  }

  /** Takes a link away, or makes one, after the labels of a Namespace changed. */
  #relink(kind: SelectedKind, use: SelectorUse, group: LabelGroup): void {
    const linked = this.#unlink(use, (vertex) => vertex === group.vertex);
    if (linked !== this.selects(use, group)) this.touchSelected(use, group);
    this.#linkIfSelected(kind, use, group);
  }

  #unlinkAll(use: SelectorUse): void {
    this.#unlink(use, (vertex) => this.byVertex.get(vertex)?.kind.key === use.kind);
  }

  #unlink(use: SelectorUse, concerns: (vertex: number) => boolean): boolean {
    const { edges, role } = this.#vertices;
    const list = use.inverse ? edges.in : edges.out;
    let found = false;
    for (let i = list.length(use.owner) - 1; i >= 0; i--) {
      const at = list.at(use.owner, i);
      const vertex = list.data[at] ?? NONE;
      if (list.data[at + 1] !== use.why || role[vertex] !== GROUP || !concerns(vertex)) continue;
      if (use.inverse) this.#vertices.unlinkIn(use.owner, i);
      else this.#vertices.unlinkOut(use.owner, i);
      use.links--;
      found = true;
    }
    return found;
  }

  /** False where one of its scopes has no positive requirement. */
  #file(kind: SelectedKind, use: SelectorUse): boolean {
    if (!use.scopes.every((scope) => isPositive(scope.selector))) return false;
    for (const scope of use.scopes) {
      if (scope.namespace === undefined) kind.filesOfAll.add(use, scope.selector);
      else {
        let files = kind.files.get(scope.namespace);
        if (files === undefined) {
          files = new SelectorFiles();
          kind.files.set(scope.namespace, files);
        }
        files.add(use, scope.selector);
      }
    }
    return true;
  }

  #unfile(kind: SelectedKind, use: SelectorUse): void {
    for (const { namespace, selector } of use.scopes) {
      const files = namespace === undefined ? kind.filesOfAll : kind.files.get(namespace);
      files?.remove(use, selector);
      if (namespace !== undefined && files?.empty === true) kind.files.delete(namespace);
    }
  }

  #makeVirtual(kind: SelectedKind, use: SelectorUse): void {
    use.virtual = true;
    const namespace = onlyNamespace(use);
    if (namespace === undefined) kind.virtualOfAll.push(use);
    else {
      const uses = kind.virtual.get(namespace);
      if (uses === undefined) kind.virtual.set(namespace, [use]);
      else uses.push(use);
    }
  }

  #removeVirtual(kind: SelectedKind, use: SelectorUse): void {
    const namespace = onlyNamespace(use);
    const uses = namespace === undefined ? kind.virtualOfAll : (kind.virtual.get(namespace) ?? []);
    const at = uses.indexOf(use);
    if (at >= 0) uses.splice(at, 1);
    if (uses.length === 0 && namespace !== undefined) kind.virtual.delete(namespace);
  }

  /** What selects the group: its edges to a member came or went. */
  #touchSelectors(group: LabelGroup): void {
    if (!this.#touches.wanted) return;
    this.#touches.ends(group.vertex);
    const touch = (use: SelectorUse) => {
      if (this.selects(use, group)) this.#touches.edges.add(use.owner);
    };
    group.kind.virtualOfAll.slice(0, MAX_SELECTED).forEach(touch);
    group.kind.virtual.get(group.namespace)?.slice(0, MAX_SELECTED).forEach(touch);
  }

  /** The nodes at the other ends of a selector that came or goes, or of its part that leads to one group. */
  touchSelected(use: SelectorUse, only?: LabelGroup): void {
    if (!this.#touches.wanted) return;
    let left = MAX_SELECTED;
    const touch = (group: LabelGroup) => {
      left -= this.#touches.members(group.vertex, left);
      return left > 0;
    };
    if (only === undefined) this.eachSelected(use, touch);
    else {
      this.#touches.edges.add(use.owner);
      touch(only);
    }
  }
}

/** Alternatives have no requirement in common to begin with. */
function candidatesOf(use: SelectorUse, groups: GroupSet): Iterable<LabelGroup> {
  const [scope] = use.scopes;
  return scope === undefined || use.scopes.length > 1 ? groups.all() : groups.candidates(scope.selector);
}
