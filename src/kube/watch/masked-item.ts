/** One object of a JSON list, of which only what a mask says is kept: the rest is passed over where it stands, and leaves `{}` or `[]`. */
import { type Below, belowOf, type JsonMask } from './json-mask.ts';
import { type JsonScan, OPEN, OPEN_LIST } from './json-scan.ts';
import { Pieces } from './pieces.ts';

/** An open bracket whose members are looked at. */
interface Level {
  mask: JsonMask;
  list: boolean;
}

export class MaskedItem {
  /** All of it was read: `take` it. */
  complete = false;
  readonly #scan: JsonScan;
  readonly #mask: JsonMask;
  readonly #pieces: Pieces;
  readonly #levels: Level[] = [];
  /** Between brackets that are not looked into: whether what they hold is kept. */
  #passing: 'all' | 'none' | undefined;

  constructor(scan: JsonScan, mask: JsonMask, maxBytes: number) {
    this.#scan = scan;
    this.#mask = mask;
    this.#pieces = new Pieces(maxBytes, `One object of the list is larger than ${maxBytes} bytes.`);
  }

  take(): Buffer {
    this.complete = false;
    return this.#pieces.take();
  }

  /** Reads on, from the item's first bracket at the latest; returns where it stopped. */
  read(chunk: Uint8Array, begin: number): number {
    const scan = this.#scan;
    let from = begin;
    for (let at = begin; ; ) {
      if (this.#passing !== undefined) {
        at = scan.pass(chunk, at);
        if (at === chunk.length) break;
        if (this.#passing === 'none') from = at;
        this.#passing = undefined;
        at++;
        continue;
      }
      at = scan.next(chunk, at);
      if (at === chunk.length) break;
      const byte = chunk[at++];
      if (byte !== OPEN && byte !== OPEN_LIST) {
        this.#levels.pop();
        if (this.#levels.length > 0) continue;
        this.#pieces.add(chunk.subarray(from, at));
        this.complete = true;
        return at;
      }
      const below = this.#below(chunk, byte === OPEN_LIST);
      if (typeof below === 'object') {
        this.#levels.push({ mask: below, list: byte === OPEN_LIST });
        continue;
      }
      scan.open = 1;
      this.#passing = below;
      if (below === 'none') this.#pieces.add(chunk.subarray(from, at));
    }
    if (this.#passing !== 'none') this.#pieces.add(chunk.subarray(from));
    return chunk.length;
  }

  /** What is read within the bracket that was just found. */
  #below(chunk: Uint8Array, list: boolean): Below {
    const around = this.#levels.at(-1);
    if (around === undefined) return this.#mask;
    // A path leads through lists of objects, not of lists.
    if (around.list) return list ? 'all' : around.mask;
    const { textFrom, textTo } = this.#scan;
    return textFrom < 0 ? 'all' : belowOf(around.mask, chunk, textFrom, textTo);
  }
}
