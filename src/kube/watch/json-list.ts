/** A JSON list read item by item while it arrives: each is parsed by itself, and only what stands around them is kept. */
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { record, text } from '../raw-json.ts';
import type { ListDecoder, ListEnvelope } from './decoders.ts';
import { CutOff, MAX_ENVELOPE_BYTES, MAX_ITEM_BYTES, Malformed } from './malformed.ts';
import { Pieces, parsedObject } from './pieces.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const COMMA = 0x2c;

/** Open brackets around the items, and within an item's metadata. */
const LIST_DEPTH = 2;
const METADATA_DEPTH = LIST_DEPTH + 2;
/** As API servers write it. Written otherwise, or cut by the end of a chunk, the fields are read like all others. */
const METADATA = Buffer.from('"metadata":');
/** Who wrote what, a third of most objects: nobody here asks, so it is not even parsed. */
const MANAGED_FIELDS = Buffer.from('"managedFields":');

/** The text before a list that is the items. A quote within a name has a backslash before it. */
const ITEMS_FOLLOW = /(?:^|[^\\])"items"[ \t\r\n]*:[ \t\r\n]*$/;

export interface JsonListLimits {
  itemBytes: number;
  envelopeBytes: number;
}

const LIMITS: JsonListLimits = { itemBytes: MAX_ITEM_BYTES, envelopeBytes: MAX_ENVELOPE_BYTES };

export function createJsonListDecoder(limits: JsonListLimits = LIMITS): ListDecoder {
  let where: 'envelope' | 'between items' | 'item' | 'after' = 'envelope';
  const envelope = new Pieces(limits.envelopeBytes, 'The answer is no list: it is long before its items begin.');
  const item = new Pieces(limits.itemBytes, `One object of the list is larger than ${limits.itemBytes} bytes.`);
  let depth = 0;
  let inText = false;
  let escaped = false;

  /** Index of the next bracket at or after `from`, or the length; texts are passed over. */
  const nextBracket = (chunk: Uint8Array, from: number): number => {
    const { length } = chunk;
    let at = from;
    // Locals: this loop sees every byte.
    let text = inText;
    if (escaped && at < length) {
      escaped = false;
      at++;
    }
    while (at < length) {
      const byte = chunk[at] ?? 0;
      if (text) {
        if (byte === QUOTE) text = false;
        else if (byte === BACKSLASH) {
          if (++at === length) escaped = true;
        }
      } else if (byte === QUOTE) text = true;
      // Every bracket is above it, and little else that stands outside texts.
      else if (byte >= OPEN_LIST) {
        if (byte === OPEN || byte === OPEN_LIST || byte === CLOSE || byte === CLOSE_LIST) break;
      }
      at++;
    }
    inText = text;
    return Math.min(at, length);
  };

  /** Reads on in what surrounds the items; returns where it stopped. */
  const readEnvelope = (chunk: Uint8Array, from: number): number => {
    let at = from;
    if (depth === 0) {
      at = skipSpace(chunk, from);
      if (at < chunk.length && chunk[at] !== OPEN) throw new Malformed('The answer is not JSON of a list.');
    }
    for (;;) {
      at = nextBracket(chunk, at);
      if (at >= chunk.length) {
        envelope.add(chunk.subarray(from));
        return chunk.length;
      }
      const byte = chunk[at++];
      if (byte === OPEN || byte === OPEN_LIST) {
        depth++;
        if (byte !== OPEN_LIST || depth !== 2) continue;
        envelope.add(chunk.subarray(from, at));
        from = at;
        if (!ITEMS_FOLLOW.test(envelope.tail(60).slice(0, -1))) continue;
        where = 'between items';
        return at;
      }
      if (--depth > 0) continue;
      envelope.add(chunk.subarray(from, at));
      where = 'after';
      return at;
    }
  };

  /** To the beginning of the next item, or the end of them. */
  const readBetween = (chunk: Uint8Array, from: number): number => {
    let at = from;
    for (; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte === OPEN) {
        where = 'item';
        return at;
      }
      if (byte === CLOSE_LIST) {
        where = 'envelope';
        return at;
      }
      if (byte !== COMMA && !isSpace(byte)) throw new Malformed('An item of the list is no object.');
    }
    return at;
  };

  /** True when the item is complete. `cursor` is where reading goes on. */
  let cursor = 0;
  let inMetadata = false;
  let passingOver = false;
  const readItem = (chunk: Uint8Array, begin: number): boolean => {
    let from = begin;
    for (let at = from; ; ) {
      at = nextBracket(chunk, at);
      if (at >= chunk.length) {
        if (!passingOver) item.add(chunk.subarray(from));
        cursor = chunk.length;
        return false;
      }
      const byte = chunk[at++];
      if (byte === OPEN || byte === OPEN_LIST) {
        depth++;
        if (depth === METADATA_DEPTH) inMetadata = endsWith(chunk, at - 1, METADATA);
        else if (depth === METADATA_DEPTH + 1 && inMetadata && endsWith(chunk, at - 1, MANAGED_FIELDS)) {
          item.add(chunk.subarray(from, at));
          passingOver = true;
        }
        continue;
      }
      depth--;
      if (passingOver && depth === METADATA_DEPTH) {
        passingOver = false;
        from = at - 1;
      } else if (depth === LIST_DEPTH) {
        item.add(chunk.subarray(from, at));
        cursor = at;
        where = 'between items';
        return true;
      }
    }
  };

  return {
    *push(chunk) {
      for (let at = 0; at < chunk.length; ) {
        if (where === 'item') {
          const complete = readItem(chunk, at);
          at = cursor;
          if (complete) yield parsedObject(item.take());
        } else if (where === 'between items') at = readBetween(chunk, at);
        else if (where === 'envelope') at = readEnvelope(chunk, at);
        else if (skipSpace(chunk, at) === chunk.length) return;
        else throw new Malformed('Something follows the end of the list.');
      }
    },
    end() {
      if (where !== 'after') throw new CutOff('The answer ended within the list.');
      return envelopeOf(parsedObject(envelope.take()));
    },
  };
}

function envelopeOf(answer: KubeObject): ListEnvelope {
  const metadata = record(answer.metadata);
  const remaining = metadata['remainingItemCount'];
  const kind = text(answer.kind);
  const items = answer['items'];
  // A Go server may write an empty list as null, and one whose type says so leaves it out.
  const isList = Array.isArray(items) || items === null || (items === undefined && kind.endsWith('List'));
  if (!isList) throw new Malformed(`The answer is ${kind === '' ? 'no list' : `a ${kind.slice(0, 60)}`}.`);
  return {
    kind,
    resourceVersion: text(metadata['resourceVersion']),
    continue: text(metadata['continue']),
    remaining: typeof remaining === 'number' ? remaining : undefined,
  };
}

/** Whether `text` ends before `end`. */
function endsWith(chunk: Uint8Array, end: number, text: Uint8Array): boolean {
  const from = end - text.length;
  return from >= 0 && text.every((byte, index) => chunk[from + index] === byte);
}

function skipSpace(chunk: Uint8Array, from: number): number {
  let at = from;
  while (at < chunk.length && isSpace(chunk[at])) at++;
  return at;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
