/** What many objects have in common: made once as an object, kept as bytes with places for what differs. */
import type { KubeObject } from '../../types.ts';
import { protobufOf } from './encode.ts';
import { Marks, ORDINALS, type Slot } from './marks.ts';
import type { RealValues, Values } from './values.ts';

interface Form {
  bytes: Buffer;
  slots: readonly Slot[];
}

/** What a selector reads, by path. */
export type ReadField = (path: string, values: Values) => string | undefined;

export interface TemplateParts {
  apiVersion: string;
  kind: string;
  make: (values: Values) => KubeObject;
  readField?: ReadField;
  /** Digits of the ordinal. */
  ordinalWidth?: number;
}

export class Template {
  readonly #parts: TemplateParts;
  readonly #press: Press;
  #json: Form | undefined;
  #protobuf: Form | undefined;
  /** Since the press last looked. */
  used = false;

  constructor(parts: TemplateParts, press: Press) {
    this.#parts = parts;
    this.#press = press;
  }

  get seed(): number {
    return this.#press.seed;
  }

  /** Read from the bytes: to build it again takes longer. */
  object(values: RealValues): KubeObject {
    const members = JSON.parse(this.bytes('json', values, true).toString());
    return { apiVersion: this.#parts.apiVersion, kind: this.#parts.kind, ...members };
  }

  readField(path: string, values: RealValues): string | undefined {
    return this.#parts.readField?.(path, values);
  }

  /** `passing`: in memory that the next one is written over. */
  bytes(form: 'json' | 'protobuf', values: RealValues, passing: boolean): Buffer {
    return this.#press.stamp(this.#formOf(form), values, passing);
  }

  size(form: 'json' | 'protobuf'): number {
    return this.#formOf(form).bytes.length;
  }

  #formOf(form: 'json' | 'protobuf'): Form {
    this.used = true;
    if (form === 'json') {
      this.#json ??= this.#form('json', jsonOf);
      return this.#json;
    }
    this.#protobuf ??= this.#form('protobuf', builtIn);
    return this.#protobuf;
  }

  /** Forgets the bytes: they are made again when they are asked for. */
  forget(): number {
    const freed = (this.#json?.bytes.length ?? 0) + (this.#protobuf?.bytes.length ?? 0);
    this.#json = undefined;
    this.#protobuf = undefined;
    return freed;
  }

  #form(form: 'json' | 'protobuf', serialize: (object: KubeObject) => Buffer): Form {
    const width = this.#parts.ordinalWidth ?? 0;
    const [marks, others] = ORDINALS.map((digit) => new Marks(digit.repeat(width)));
    if (marks === undefined || others === undefined) throw new Error('there are two ordinals');
    const bytes = serialize(this.#parts.make(marks));
    const twin = width === 0 ? undefined : serialize(this.#parts.make(others));
    this.#press.made(this, bytes.length);
    return { bytes, slots: marks.find(bytes, form, twin) };
  }
}

/** Templates are of built-in kinds, all of which have a form in protobuf. */
function builtIn(object: KubeObject): Buffer {
  const bytes = protobufOf(object);
  if (bytes === undefined) throw new Error(`${object.kind} has no form in protobuf`);
  return bytes;
}

/** As bodies have it: without what every object of a list has in common. */
export function jsonOf(object: KubeObject): Buffer {
  return Buffer.from(textOf(object));
}

const textOf = ({ apiVersion: _, kind: __, ...rest }: KubeObject) => JSON.stringify(rest);

let passed = Buffer.alloc(0);

/** The same, in memory that the next is written over. */
export function passingJson(object: KubeObject): Buffer {
  const text = textOf(object);
  // A letter takes three bytes at most.
  if (passed.length < text.length * 3) passed = Buffer.allocUnsafeSlow(text.length * 6);
  return passed.subarray(0, passed.write(text));
}

/** Copies are cut from slabs: an allocation of its own for each costs more than the copy. */
const SLAB_BYTES = 512 * 1024;

/** Stamps copies of templates, and keeps the bytes of those that are used. */
export class Press {
  readonly seed: number;
  readonly #keepBytes: number;
  /** Those with bytes, oldest first. */
  readonly #kept = new Set<Template>();
  #bytes = 0;
  #slab = Buffer.alloc(0);
  #filled = 0;
  #passing = Buffer.alloc(0);

  constructor(seed: number, keepBytes: number) {
    this.seed = seed;
    this.#keepBytes = keepBytes;
  }

  /** Bytes of templates that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  made(template: Template, bytes: number): void {
    this.#bytes += bytes;
    this.#kept.add(template);
    for (const old of this.#kept) {
      if (this.#bytes <= this.#keepBytes || old === template) break;
      this.#kept.delete(old);
      // What was used since it was last looked at gets another round: a list goes through all, churn through few.
      if (old.used) {
        old.used = false;
        this.#kept.add(old);
      } else this.#bytes -= old.forget();
    }
  }

  stamp({ bytes, slots }: Form, values: RealValues, passing: boolean): Buffer {
    const copy = passing ? this.#passingRoom(bytes.length) : this.#room(bytes.length);
    copy.set(bytes);
    for (const { at, write } of slots) for (const place of at) write(copy, place, values);
    return copy;
  }

  #passingRoom(length: number): Buffer {
    if (this.#passing.length < length) this.#passing = Buffer.allocUnsafeSlow(length * 2);
    return this.#passing.subarray(0, length);
  }

  #room(length: number): Buffer {
    if (this.#filled + length > this.#slab.length) {
      this.#slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, length));
      this.#filled = 0;
    }
    const room = this.#slab.subarray(this.#filled, this.#filled + length);
    this.#filled += length;
    return room;
  }
}
