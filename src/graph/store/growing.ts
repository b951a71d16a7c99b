/**
 * Arrays of numbers that grow where they lie: address space for the most there may be is reserved, memory is taken as it is used. To move
 * 20 MB to a longer array stops everything for milliseconds, and what it leaves is seldom of use to anybody else.
 */
export type Numbers = Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

interface NumbersType<T extends Numbers> {
  new (buffer: ArrayBuffer): T;
  readonly BYTES_PER_ELEMENT: number;
}

/**
 * Of one array, address space alone: uids of 16.7 million objects, as many edges (12 bytes in blocks that are three quarters full), far beyond
 * what one heap holds. An array that outgrows it is moved. More would run short where many graphs wait to be collected: each has some twenty.
 */
const MOST_BYTES = 2 ** 28;
const FEWEST = 64;

/** `count` zeros. */
export function numbers<T extends Numbers>(Type: NumbersType<T>, count = 0): T {
  return new Type(buffer(count * Type.BYTES_PER_ELEMENT));
}

/** With room for `count`, and a quarter more than before where it has to grow. What is new is 0. Use what is returned: it may be another array. */
export function grown<T extends Numbers>(array: T, count: number): T {
  if (count <= array.length) return array;
  const bytes = Math.max(count, Math.ceil(array.length * 1.25), FEWEST) * array.BYTES_PER_ELEMENT;
  if (array.buffer.resizable && bytes <= array.buffer.maxByteLength) {
    array.buffer.resize(bytes);
    return array;
  }
  const Type = array.constructor as NumbersType<T>; // a typed array is made by its own constructor
  const longer = new Type(new ArrayBuffer(bytes));
  longer.set(array);
  return longer;
}

/** A process whose address space is limited gets one that has to be moved in order to grow. */
function buffer(bytes: number): ArrayBuffer {
  try {
    return new ArrayBuffer(bytes, { maxByteLength: MOST_BYTES });
  } catch {
    return new ArrayBuffer(bytes);
  }
}
