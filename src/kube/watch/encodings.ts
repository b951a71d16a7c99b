/** The decoder for an answer, by its encoding. */
import { createDecoder, type Decoder } from '../protobuf/decode.ts';
import { createObjectDecoder } from '../protobuf/object-decoder.ts';
import { createProtobufEventDecoder } from '../protobuf/protobuf-events.ts';
import { createProtobufListDecoder } from '../protobuf/protobuf-list.ts';
import type { ListDecoder, WatchDecoder } from './decoders.ts';
import { createJsonEventDecoder } from './json-events.ts';
import { createJsonListDecoder } from './json-list.ts';
import { jsonMask } from './json-mask.ts';
import type { Encoding } from './request.ts';
import type { WatchTarget } from './types.ts';

/** One list for all: a mask is known by it. */
const NO_FIELDS: readonly string[] = [];

export interface Decoders {
  list(encoding: Encoding, target: WatchTarget): ListDecoder;
  events(encoding: Encoding, target: WatchTarget): WatchDecoder;
}

export function createDecoders(): Decoders {
  /** Its tables of texts are shared by all answers of a cluster, and made when protobuf first comes. */
  let shared: Decoder | undefined;
  const protobuf = () => {
    shared ??= createDecoder();
    return shared;
  };
  return {
    list: (encoding, target) =>
      encoding === 'json'
        ? createJsonListDecoder(jsonMask(target.depth === 'object' ? target.fields : NO_FIELDS))
        : createProtobufListDecoder(protobuf(), createObjectDecoder(protobuf(), target)),
    events: (encoding, target) =>
      encoding === 'json'
        ? createJsonEventDecoder()
        : createProtobufEventDecoder(createObjectDecoder(protobuf(), target)),
  };
}
