/** Reading protobuf (proto2 wire format) strictly: what two readers could take in two ways is an error. */

export class MalformedProtobuf extends Error {
  override readonly name = 'MalformedProtobuf';
}

export type WireField = { number: number } & ({ type: 'varint'; value: bigint } | { type: 'bytes'; value: Uint8Array });

/** The fields of one message, in order. Groups and fixed-width numbers, which no Kubernetes type that is read here has, are errors. */
export function* wireFields(bytes: Uint8Array): Generator<WireField> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new MalformedProtobuf('a number is cut off');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new MalformedProtobuf('a number is too long');
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Number(tag >> 3n);
    if (number < 1 || number > 0x1fff_ffff) throw new MalformedProtobuf('a field number is out of range');
    const wireType = Number(tag & 7n);
    if (wireType === 0) yield { number, type: 'varint', value: varint() };
    else if (wireType === 2) {
      const length = varint();
      if (length > BigInt(bytes.length - at)) throw new MalformedProtobuf('a field is cut off');
      const end = at + Number(length);
      yield { number, type: 'bytes', value: bytes.subarray(at, end) };
      at = end;
    } else throw new MalformedProtobuf('a wire type is not known');
  }
}
