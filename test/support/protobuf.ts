/** Writes Kubernetes protobuf, for tests of what reads it. */

/** Fields in order: numbers are varints, text and bytes are length-delimited, lists are messages. */
export type Message = readonly (readonly [number: number, value: number | boolean | string | Uint8Array | Message])[];

export function encode(message: Message): Uint8Array {
  return Buffer.concat(
    message.flatMap(([number, value]) => {
      if (typeof value === 'number' || typeof value === 'boolean') return [varint(number << 3), varint(Number(value))];
      const bytes =
        typeof value === 'string' ? Buffer.from(value) : value instanceof Uint8Array ? value : encode(value);
      return [varint((number << 3) | 2), varint(bytes.length), bytes];
    }),
  );
}

/** `k8s\0` and the envelope around an object. */
export function envelope(apiVersion: string, kind: string, raw: Message | Uint8Array): Uint8Array {
  const object = raw instanceof Uint8Array ? raw : encode(raw);
  const outer = encode([
    [
      1,
      [
        [1, apiVersion],
        [2, kind],
      ],
    ],
    [2, object],
    [3, ''],
    [4, ''],
  ]);
  return Buffer.concat([Buffer.from('k8s\0', 'latin1'), outer]);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return Uint8Array.from(bytes);
}
