/** awk's variables: a name is a value or an array, as it is first used. */
import { Line, Patterns, splitText } from './record.ts';
import { toNumber, toText, type Value } from './values.ts';

type AwkArray = Map<string, Value>;

/** Entries of all arrays together; a runaway loop ends here rather than at the limit of memory. */
const MAX_ENTRIES = 1_000_000;

export class Memory {
  readonly patterns = new Patterns();
  readonly line: Line;
  lineNumber = 0;
  readonly #values = new Map<string, Value>([
    ['FS', ' '],
    ['OFS', ' '],
    ['ORS', '\n'],
    ['SUBSEP', '\x1c'],
    ['CONVFMT', '%.6g'],
    ['OFMT', '%.6g'],
    ['RSTART', 0],
    ['RLENGTH', -1],
    ['FILENAME', ''],
  ]);
  readonly #arrays = new Map<string, AwkArray>();
  #entries = 0;

  constructor(assignments: readonly (readonly [string, Value])[]) {
    for (const [name, value] of assignments) this.set(name, value);
    this.line = new Line(
      (text) => splitText(text, this.text('FS'), (source) => this.patterns.of(source)),
      () => this.text('OFS'),
      (value) => this.textOf(value),
    );
  }

  get(name: string): Value {
    if (name === 'NF') return this.line.count;
    if (name === 'NR' || name === 'FNR') return this.lineNumber;
    if (this.#arrays.has(name)) throw new Error(`${name} is an array`);
    return this.#values.get(name);
  }

  set(name: string, value: Value): void {
    if (name === 'NF') this.line.count = toNumber(value);
    else if (name === 'NR' || name === 'FNR') this.lineNumber = toNumber(value);
    else if (this.#arrays.has(name)) throw new Error(`${name} is an array`);
    else this.#values.set(name, value);
  }

  text(name: string): string {
    return this.textOf(this.get(name));
  }

  textOf(value: Value): string {
    if (typeof value === 'string') return value;
    return toText(value, typeof value === 'number' ? this.#format('CONVFMT') : '');
  }

  printed(value: Value): string {
    return typeof value === 'number' ? toText(value, this.#format('OFMT')) : this.textOf(value);
  }

  array(name: string): AwkArray {
    const known = this.#arrays.get(name);
    if (known !== undefined) return known;
    if (this.#values.has(name) || ['NF', 'NR', 'FNR'].includes(name)) throw new Error(`${name} is no array`);
    const created: AwkArray = new Map();
    this.#arrays.set(name, created);
    return created;
  }

  isArray(name: string): boolean {
    return this.#arrays.has(name);
  }

  element(name: string, key: string): Value {
    const array = this.array(name);
    if (!array.has(key)) this.setElement(name, key, undefined);
    return array.get(key);
  }

  setElement(name: string, key: string, value: Value): void {
    const array = this.array(name);
    if (!array.has(key)) {
      this.#entries += 1;
      if (this.#entries > MAX_ENTRIES) throw new Error(`more than ${MAX_ENTRIES} entries in arrays`);
    }
    array.set(key, value);
  }

  /** One entry, or all of them. */
  remove(name: string, key: string | undefined): void {
    const array = this.array(name);
    const before = array.size;
    if (key === undefined) array.clear();
    else array.delete(key);
    this.#entries -= before - array.size;
  }

  #format(name: 'CONVFMT' | 'OFMT'): string {
    const value = this.#values.get(name);
    return typeof value === 'string' ? value : '%.6g';
  }
}
