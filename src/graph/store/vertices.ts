import { Adjacency } from './adjacency.ts';
import { Columns } from './columns.ts';
import { grown, numbers } from './growing.ts';
import { Lists } from './lists.ts';
import type { NodeRecord } from './record.ts';
import { Whys } from './whys.ts';

/** What a vertex of the adjacency is. Bundles and label groups are hidden: whoever visits them visits their members. */
export const FREE = 0;
export const NODE = 1;
/** An absent node that stands for an object of a uid that is gone while another bears its name. */
export const GHOST = 2;
/** References that several objects have in common; its members are the objects. */
export const BUNDLE = 3;
/** Nodes of one kind, namespace and set of labels; what selects them leads to the group. */
export const GROUP = 4;

/** Vertex 0 is nobody: columns start with zeros. */
export const NONE = 0;

/** Dense ids of all vertices, what each is, its edges, and which bundle and group a node belongs to. */
export class Vertices {
  readonly edges = new Adjacency();
  readonly whys = new Whys();
  readonly columns = new Columns();
  /** Of bundles and groups. */
  readonly members = new Lists(1);
  role = numbers(Uint8Array);
  readonly records: (NodeRecord | undefined)[] = [undefined];
  bundle = numbers(Uint32Array);
  group = numbers(Uint32Array);
  /** Pairs of visible nodes that stored edges connect. */
  pairs = 0;
  #bundlePosition = numbers(Uint32Array);
  #groupPosition = numbers(Uint32Array);
  readonly #free: number[] = [];

  constructor() {
    this.#reserve(64);
  }

  allocate(role: number): number {
    const id = this.#free.pop() ?? this.records.push(undefined) - 1;
    if (id >= this.role.length) this.#reserve(Math.ceil((id + 1) * 1.25));
    this.role[id] = role;
    return id;
  }

  release(id: number): void {
    this.role[id] = FREE;
    this.records[id] = undefined;
    this.#free.push(id);
  }

  link(source: number, target: number, why: number): void {
    this.whys.hold(why);
    this.edges.link(source, target, why);
    this.pairs += this.#size(source) * this.#size(target);
  }

  unlinkOut(source: number, position: number): void {
    const at = this.edges.out.at(source, position);
    const target = this.edges.out.data[at] ?? 0;
    this.whys.release(this.edges.out.data[at + 1] ?? 0);
    this.pairs -= this.#size(source) * this.#size(target);
    this.edges.unlinkOut(source, position);
  }

  unlinkIn(target: number, position: number): void {
    const at = this.edges.in.at(target, position);
    this.unlinkOut(this.edges.in.data[at] ?? 0, this.edges.in.data[at + 2] ?? 0);
  }

  joinBundle(node: number, bundle: number): void {
    this.bundle[node] = bundle;
    this.#bundlePosition[node] = this.#join(node, bundle);
  }

  joinGroup(node: number, group: number): void {
    this.group[node] = group;
    this.#groupPosition[node] = this.#join(node, group);
  }

  leaveBundle(node: number): void {
    this.#leave(this.bundle[node] ?? NONE, this.#bundlePosition[node] ?? 0, this.#bundlePosition);
    this.bundle[node] = NONE;
  }

  leaveGroup(node: number): void {
    this.#leave(this.group[node] ?? NONE, this.#groupPosition[node] ?? 0, this.#groupPosition);
    this.group[node] = NONE;
  }

  /** Of the lists of edges and members. */
  bytes(): number {
    return this.edges.in.bytes() + this.edges.out.bytes() + this.members.bytes();
  }

  #join(node: number, vertex: number): number {
    this.pairs += this.#degree(vertex);
    const at = this.members.push(vertex); // before `data` is read: it may be another array afterwards
    this.members.data[at] = node;
    return this.members.length(vertex) - 1;
  }

  #leave(vertex: number, position: number, positions: Uint32Array): void {
    this.pairs -= this.#degree(vertex);
    const { members } = this;
    const last = members.data[members.at(vertex, members.length(vertex) - 1)] ?? 0;
    members.data[members.at(vertex, position)] = last;
    positions[last] = position;
    members.pop(vertex);
  }

  #degree(vertex: number): number {
    return this.edges.out.length(vertex) + this.edges.in.length(vertex);
  }

  #size(vertex: number): number {
    return (this.role[vertex] ?? FREE) < BUNDLE ? 1 : this.members.length(vertex);
  }

  #reserve(count: number): void {
    this.role = grown(this.role, count);
    this.bundle = grown(this.bundle, count);
    this.group = grown(this.group, count);
    this.#bundlePosition = grown(this.#bundlePosition, count);
    this.#groupPosition = grown(this.#groupPosition, count);
    const room = this.role.length;
    this.edges.reserve(room);
    this.members.reserve(room);
    this.columns.reserve(room);
  }
}
