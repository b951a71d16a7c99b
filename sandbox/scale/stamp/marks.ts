/** Marks: values that stand for others of the same width, and are found again among the bytes of a template. */
import { timeText } from './texts.ts';
import type { RealValues, Values } from './values.ts';

/**
 * Moments that no world knows, years apart: so far a builder may go from each. As varints they take five bytes, as those of our
 * time do.
 */
const MOMENTS = [
  {
    year: 1985,
    read: (values: Values, after: number) => values.created(after),
    of: ({ place }: RealValues) => place.created,
  },
  {
    year: 1990,
    read: (values: Values, after: number) => values.started(after),
    of: ({ place }: RealValues) => place.started,
  },
  {
    year: 1995,
    read: (values: Values, after: number) => values.changed(after),
    of: ({ changedAt }: RealValues) => changedAt,
  },
].map((moment) => ({ ...moment, at: Date.UTC(moment.year) / 1000 }));

const VARINT_BYTES = 5;
/** `2026-11-21T22:00:00` */
const TIME_LETTERS = 19;

/** One value's places. */
export interface Slot {
  at: readonly number[];
  write(bytes: Buffer, at: number, values: RealValues): void;
}

type Read = (values: RealValues) => string;

const TEXTS: readonly (readonly [mark: string, read: Read])[] = [
  ['0f0f0f0f-5a5a-4a5a-a5a5-0f0f0f0f0f0f', (values) => values.uid],
  ['1e1e1e1e-5a5a-4a5a-a5a5-1e1e1e1e1e1e', (values) => values.nodeUid],
  ['8765432190', (values) => values.revision],
  ['QZSFX', (values) => values.suffix],
  ['QZVOL', (values) => values.volume],
  ['QZnodeQQQQ', (values) => values.node],
  ['QZ-zone-mark1', (values) => values.zone],
  ['10.1QP.1QP.1QP', (values) => values.podIP],
  ['172.20.1QH.1QH', (values) => values.hostIP],
];
const [UID, NODE_UID, REVISION, SUFFIX, VOLUME, NODE, ZONE, POD_IP, HOST_IP] = TEXTS.map(([mark]) => mark);

/** An ordinal is too short to be found: it stands where the bytes of two templates differ that differ in nothing else. */
export const ORDINALS = ['6', '7'] as const;

export class Marks implements Values {
  readonly ordinal: string;
  readonly #containers = new Set<number>();
  /** How far from each moment the builder went. */
  readonly #afters = MOMENTS.map(() => new Set<number>());

  constructor(ordinal = '') {
    this.ordinal = ordinal;
  }

  readonly uid = UID ?? '';
  readonly nodeUid = NODE_UID ?? '';
  readonly revision = REVISION ?? '';
  readonly suffix = SUFFIX ?? '';
  readonly volume = VOLUME ?? '';
  readonly node = NODE ?? '';
  readonly zone = ZONE ?? '';
  readonly podIP = POD_IP ?? '';
  readonly hostIP = HOST_IP ?? '';

  container(index: number): string {
    this.#containers.add(index);
    return containerMark(index);
  }

  created(after: number): string {
    return this.#moment(0, after);
  }

  started(after: number): string {
    return this.#moment(1, after);
  }

  changed(after: number): string {
    return this.#moment(2, after);
  }

  #moment(index: number, after: number): string {
    this.#afters[index]?.add(after);
    return timeText((MOMENTS[index]?.at ?? 0) + after);
  }

  /** Where the marks stand; times as text in JSON, as numbers in protobuf. `twin`: the same with another ordinal. */
  find(bytes: Buffer, form: 'json' | 'protobuf', twin: Buffer | undefined): Slot[] {
    const slots: Slot[] = [];
    const add = (at: number[], write: Slot['write']) => {
      if (at.length > 0) slots.push({ at, write });
    };
    const texts = [
      ...TEXTS,
      ...[...this.#containers].map(
        (index) => [containerMark(index), (values: RealValues) => values.container(index)] as const,
      ),
    ];
    for (const [mark, read] of texts) add(placesOf(bytes, mark), writeText(read));
    if (twin !== undefined)
      add(
        differences(bytes, twin, this.ordinal.length),
        writeText(({ ordinal }) => ordinal),
      );
    for (const [index, { at, read, of }] of MOMENTS.entries()) {
      for (const after of this.#afters[index] ?? []) {
        // Without its zone, so that one with a fraction is found as well.
        if (form === 'json') add(placesOf(bytes, timeText(at + after).slice(0, -1)), writeTime(read, after));
        else
          add(
            placesOf(bytes, secondsMark(at + after)).map((place) => place + 1),
            writeSeconds(of, after),
          );
      }
    }
    return slots;
  }
}

const writeTime =
  (read: (values: Values, after: number) => string, after: number): Slot['write'] =>
  (bytes, at, values) => {
    bytes.write(read(values, after), at, TIME_LETTERS, 'latin1');
  };

const writeSeconds =
  (of: (values: RealValues) => number, after: number): Slot['write'] =>
  (bytes, at, values) =>
    writeVarint(bytes, at, of(values) + after);

/** The tag of `seconds` in the message of a time, and the number. */
function secondsMark(seconds: number): Buffer {
  const mark = Buffer.alloc(1 + VARINT_BYTES, 0x08);
  writeVarint(mark, 1, seconds);
  return mark;
}

const containerMark = (index: number) => `c1dQZ${index}`.padEnd(64, 'Q');

const writeText =
  (read: Read): Slot['write'] =>
  (bytes, at, values) => {
    bytes.write(read(values), at, 'latin1');
  };

function placesOf(bytes: Buffer, mark: string | Buffer): number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(mark, 0, 'latin1'); at >= 0; at = bytes.indexOf(mark, at + mark.length, 'latin1')) {
    places.push(at);
  }
  return places;
}

/** Where `width` bytes differ. */
function differences(bytes: Buffer, twin: Buffer, width: number): number[] {
  const places: number[] = [];
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === twin[at]) continue;
    places.push(at);
    at += width - 1;
  }
  return places;
}

/** Good for 2^28 to 2^35. */
function writeVarint(bytes: Buffer, at: number, value: number): void {
  bytes[at] = (value & 127) | 128;
  bytes[at + 1] = ((value >>> 7) & 127) | 128;
  bytes[at + 2] = ((value >>> 14) & 127) | 128;
  bytes[at + 3] = ((value >>> 21) & 127) | 128;
  bytes[at + 4] = Math.floor(value / 0x10000000);
}
