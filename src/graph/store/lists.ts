import { grown, numbers } from './growing.ts';

/** Every list owns a block of 2^n entries; a class of 0 means none. */
const NO_BLOCK = 0;
const FIRST_WORDS = 1 << 12;

/**
 * One list of fixed-width entries per vertex, all of them in one Uint32Array: blocks of powers of two, with a free list per size.
 * Readers take `data` once and index from `start(v)`; nothing moves while nobody writes.
 */
export class Lists {
  readonly width: number;
  data = numbers(Uint32Array, FIRST_WORDS);
  #start = numbers(Uint32Array);
  #length = numbers(Uint32Array);
  #class = numbers(Uint8Array);
  readonly #free: number[][] = [];
  #end = 0;

  constructor(width: number) {
    this.width = width;
  }

  /** Makes room for vertices below `count`. */
  reserve(count: number): void {
    this.#start = grown(this.#start, count);
    this.#length = grown(this.#length, count);
    this.#class = grown(this.#class, count);
  }

  length(vertex: number): number {
    return this.#length[vertex] ?? 0;
  }

  /** Index in `data` of the first entry. */
  start(vertex: number): number {
    return this.#start[vertex] ?? 0;
  }

  at(vertex: number, position: number): number {
    return this.start(vertex) + position * this.width;
  }

  /** Adds an entry and returns its index in `data`, to be filled at once. */
  push(vertex: number): number {
    const length = this.length(vertex);
    const size = this.#class[vertex] ?? NO_BLOCK;
    if (size === NO_BLOCK || length === capacity(size)) this.#move(vertex, size + 1);
    this.#length[vertex] = length + 1;
    return this.at(vertex, length);
  }

  /** Takes the last entry away; a list that has become much smaller moves to a smaller block. */
  pop(vertex: number): void {
    const length = this.length(vertex) - 1;
    this.#length[vertex] = length;
    const size = this.#class[vertex] ?? NO_BLOCK;
    if (length === 0) {
      this.#release(this.start(vertex), size);
      this.#class[vertex] = NO_BLOCK;
    } else if (size > 2 && length <= capacity(size) / 4) this.#move(vertex, size - 1);
  }

  bytes(): number {
    return this.data.byteLength + this.#start.byteLength + this.#length.byteLength + this.#class.byteLength;
  }

  #move(vertex: number, size: number): void {
    const to = this.#take(size);
    const old = this.#class[vertex] ?? NO_BLOCK;
    const from = this.start(vertex);
    if (old !== NO_BLOCK) {
      this.data.copyWithin(to, from, from + this.length(vertex) * this.width);
      this.#release(from, old);
    }
    this.#start[vertex] = to;
    this.#class[vertex] = size;
  }

  #take(size: number): number {
    const free = this.#free[size]?.pop();
    if (free !== undefined) return free;
    const at = this.#end;
    this.#end += capacity(size) * this.width;
    this.data = grown(this.data, this.#end);
    return at;
  }

  #release(at: number, size: number): void {
    const free = this.#free[size];
    if (free === undefined) this.#free[size] = [at];
    else free.push(at);
  }
}

function capacity(size: number): number {
  return 2 ** (size - 1);
}
