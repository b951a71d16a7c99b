import { Lists } from './lists.ts';

/** Words of an entry: the vertex at the other end, the why, and the position of the same edge in the other end's list. */
export const ENTRY = 3;

/**
 * Edges in both directions. Each entry knows where its twin lies, so that an edge goes in O(1) however many others its ends have:
 * the last entry takes its place, and the last one's twin is told.
 */
export class Adjacency {
  readonly out = new Lists(ENTRY);
  readonly in = new Lists(ENTRY);

  reserve(count: number): void {
    this.out.reserve(count);
    this.in.reserve(count);
  }

  link(source: number, target: number, why: number): void {
    const outPosition = this.out.length(source);
    const inPosition = this.in.length(target);
    write(this.out, this.out.push(source), target, why, inPosition);
    write(this.in, this.in.push(target), source, why, outPosition);
  }

  /** Removes the edge at `position` of `source`'s out list. */
  unlinkOut(source: number, position: number): void {
    const at = this.out.at(source, position);
    const target = this.out.data[at] ?? 0;
    const twin = this.out.data[at + 2] ?? 0;
    remove(this.in, target, twin, this.out);
    remove(this.out, source, position, this.in);
  }

  /** Removes the edge at `position` of `target`'s in list. */
  unlinkIn(target: number, position: number): void {
    const at = this.in.at(target, position);
    this.unlinkOut(this.in.data[at] ?? 0, this.in.data[at + 2] ?? 0);
  }

  /** No edge in either direction. */
  isLone(vertex: number): boolean {
    return this.out.length(vertex) === 0 && this.in.length(vertex) === 0;
  }
}

function write(list: Lists, at: number, other: number, why: number, twin: number): void {
  list.data[at] = other;
  list.data[at + 1] = why;
  list.data[at + 2] = twin;
}

function remove(list: Lists, vertex: number, position: number, twins: Lists): void {
  const last = list.length(vertex) - 1;
  if (position !== last) {
    const from = list.at(vertex, last);
    const other = list.data[from] ?? 0;
    const twin = list.data[from + 2] ?? 0;
    write(list, list.at(vertex, position), other, list.data[from + 1] ?? 0, twin);
    twins.data[twins.at(other, twin) + 2] = position;
  }
  list.pop(vertex);
}
