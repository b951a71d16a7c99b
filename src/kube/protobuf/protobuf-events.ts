/** A watch as protobuf: frames of four bytes of length and a WatchEvent. */
import type { RawEvent, WatchDecoder } from '../watch/decoders.ts';
import { CutOff, MAX_ITEM_BYTES, Malformed } from '../watch/malformed.ts';
import { ByteQueue } from './byte-queue.ts';
import { type Cursor, DELIMITED, delimited, skip, unsigned } from './cursor.ts';
import type { ObjectDecoder } from './object-decoder.ts';

const LENGTH_BYTES = 4;

export function createProtobufEventDecoder(objects: ObjectDecoder, maxBytes: number = MAX_ITEM_BYTES): WatchDecoder {
  const queue = new ByteQueue();
  return {
    *push(chunk) {
      if (!queue.add(chunk)) return;
      const bytes = queue.take();
      let at = 0;
      for (;;) {
        const left = bytes.length - at;
        const length = left < LENGTH_BYTES ? 0 : bytes.readUInt32BE(at);
        if (length > maxBytes) throw new Malformed(`One event is larger than ${maxBytes} bytes.`);
        if (left < LENGTH_BYTES + length) {
          queue.putBack(bytes.subarray(at), LENGTH_BYTES + length);
          return;
        }
        const from = at + LENGTH_BYTES;
        at = from + length;
        yield eventOf(bytes, from, at, objects);
      }
    },
    end() {
      if (!queue.empty) throw new CutOff('The watch ended within an event.');
      return [];
    },
  };
}

/** WatchEvent: type (1), object (2) as a RawExtension, whose field 1 is an envelope. */
function eventOf(bytes: Buffer, from: number, end: number, objects: ObjectDecoder): RawEvent {
  let type = '';
  let event: RawEvent | undefined;
  const cursor: Cursor = { bytes, at: from };
  while (cursor.at < end) {
    const tag = unsigned(cursor, end);
    if ((tag & 7) !== DELIMITED) {
      skip(cursor, tag & 7, end);
      continue;
    }
    const to = delimited(cursor, end);
    const number = Math.floor(tag / 8);
    if (number === 1) type = bytes.toString('utf8', cursor.at, Math.min(to, cursor.at + 100));
    else if (number === 2) event = { type, object: rawExtension(cursor, to, objects) };
    cursor.at = to;
  }
  if (type === '') throw new Malformed('The watch holds a frame that is no event.');
  if (event === undefined) throw new Malformed(`An event of the watch (${type}) holds no object.`);
  return event.type === type ? event : { ...event, type };
}

function rawExtension(cursor: Cursor, end: number, objects: ObjectDecoder): RawEvent['object'] {
  const tag = unsigned(cursor, end);
  if (tag !== 1 * 8 + DELIMITED) throw new Malformed('An event of the watch holds no object.');
  const to = delimited(cursor, end);
  return objects.enveloped(cursor.bytes, cursor.at, to);
}
