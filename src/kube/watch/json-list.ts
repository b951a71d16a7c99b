/** A JSON list read item by item while it arrives: each is parsed by itself, and only what stands around them is kept. */
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { record, text } from '../raw-json.ts';
import type { ListDecoder, ListEnvelope } from './decoders.ts';
import type { JsonMask } from './json-mask.ts';
import { CLOSE_LIST, JsonScan, OPEN, OPEN_LIST } from './json-scan.ts';
import { CutOff, MAX_ENVELOPE_BYTES, MAX_ITEM_BYTES, Malformed } from './malformed.ts';
import { MaskedItem } from './masked-item.ts';
import { Pieces, parsedObject } from './pieces.ts';

const COMMA = 0x2c;

/** The text before a list that is the items. A quote within a name has a backslash before it. */
const ITEMS_FOLLOW = /(?:^|[^\\])"items"[ \t\r\n]*:[ \t\r\n]*$/;

export interface JsonListLimits {
  itemBytes: number;
  envelopeBytes: number;
}

const LIMITS: JsonListLimits = { itemBytes: MAX_ITEM_BYTES, envelopeBytes: MAX_ENVELOPE_BYTES };

/** `mask`: what is read of an item; the rest may be missing, or empty. */
export function createJsonListDecoder(mask: JsonMask, limits: JsonListLimits = LIMITS): ListDecoder {
  let where: 'envelope' | 'between items' | 'item' | 'after' = 'envelope';
  const envelope = new Pieces(limits.envelopeBytes, 'The answer is no list: it is long before its items begin.');
  const scan = new JsonScan();
  const item = new MaskedItem(scan, mask, limits.itemBytes);
  let depth = 0;

  /** Reads on in what surrounds the items; returns where it stopped. */
  const readEnvelope = (chunk: Uint8Array, from: number): number => {
    let at = from;
    if (depth === 0) {
      at = skipSpace(chunk, from);
      if (at < chunk.length && chunk[at] !== OPEN) throw new Malformed('The answer is not JSON of a list.');
    }
    for (;;) {
      at = scan.next(chunk, at);
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

  return {
    *push(chunk) {
      for (let at = 0; at < chunk.length; ) {
        if (where === 'item') {
          at = item.read(chunk, at);
          if (!item.complete) continue;
          where = 'between items';
          yield parsedObject(item.take());
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

function skipSpace(chunk: Uint8Array, from: number): number {
  let at = from;
  while (at < chunk.length && isSpace(chunk[at])) at++;
  return at;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
