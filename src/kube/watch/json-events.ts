/** A watch's events as JSON, one a line. */
import { isRecord, text } from '../raw-json.ts';
import type { RawEvent, WatchDecoder } from './decoders.ts';
import { CutOff, MAX_ITEM_BYTES, Malformed } from './malformed.ts';
import { Pieces, parsedObject } from './pieces.ts';

const NEWLINE = 0x0a;

export function createJsonEventDecoder(maxBytes: number = MAX_ITEM_BYTES): WatchDecoder {
  const line = new Pieces(maxBytes, `One event is larger than ${maxBytes} bytes.`);
  return {
    *push(chunk) {
      for (let at = 0; at < chunk.length; ) {
        const end = chunk.indexOf(NEWLINE, at);
        line.add(chunk.subarray(at, end < 0 ? chunk.length : end));
        if (end < 0) return;
        at = end + 1;
        const event = eventOf(line.take());
        if (event !== undefined) yield event;
      }
    },
    *end() {
      let last: RawEvent | undefined;
      try {
        last = eventOf(line.take());
      } catch {
        throw new CutOff('The watch ended within an event.');
      }
      if (last !== undefined) yield last;
    },
  };
}

/** Undefined for an empty line. */
function eventOf(bytes: Buffer): RawEvent | undefined {
  if (bytes.length === 0 || (bytes.length < 3 && bytes.toString('latin1').trim() === '')) return undefined;
  const event: Readonly<Record<string, unknown>> = parsedObject(bytes);
  const type = text(event['type']);
  const object = event['object'];
  if (type === '') throw new Malformed('The watch holds a line that is no event.');
  if (!isRecord(object)) throw new Malformed(`An event of the watch (${type.slice(0, 60)}) holds no object.`);
  return { type, object };
}
