/** A list as protobuf, read item by item while it arrives. */
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { record, text } from '../raw-json.ts';
import type { ListDecoder, ListEnvelope } from '../watch/decoders.ts';
import { CutOff, MAX_ITEM_BYTES, Malformed } from '../watch/malformed.ts';
import { ByteQueue } from './byte-queue.ts';
import { type Cursor, cut, DELIMITED, unsigned, VARINT } from './cursor.ts';
import type { Decoder } from './decode.ts';
import { CONTENT_ENCODING, checkEncoding, checkMagic, kindOf, MAGIC_BYTES, RAW, TYPE_META } from './envelope.ts';
import { NAMED_MESSAGES } from './messages.ts';
import type { ObjectDecoder } from './object-decoder.ts';
import { wholePlan } from './plan.ts';

/** Bytes of the longest tag and length. */
const MAX_HEADER = 20;
const LIST_META = 1;
const ITEMS = 2;

export function createProtobufListDecoder(
  decoder: Decoder,
  objects: ObjectDecoder,
  maxBytes: number = MAX_ITEM_BYTES,
): ListDecoder {
  const queue = new ByteQueue();
  let where: 'start' | 'envelope' | 'list' = 'start';
  /** Bytes of the list that are still to come, while within it. */
  let left = 0;
  let kind = '';
  let listed = false;
  let metadata: KubeObject = {};

  /** One field of the envelope. The list itself is entered, not passed over. */
  const envelopeField = (number: number, cursor: Cursor, to: number) => {
    if (number === TYPE_META) kind = kindOf(cursor.bytes, cursor.at, to);
    else if (number === CONTENT_ENCODING) checkEncoding(cursor.at, to);
    cursor.at = to;
  };

  const listField = (number: number, cursor: Cursor, to: number): KubeObject | undefined => {
    const { at } = cursor;
    cursor.at = to;
    const inner = { bytes: cursor.bytes, at };
    if (number === ITEMS) return objects.object(itemKind(kind), inner, to);
    if (number === LIST_META) metadata = decoder.into({}, wholePlan(NAMED_MESSAGES.ListMeta), inner, to);
    return undefined;
  };

  return {
    *push(chunk) {
      if (!queue.add(chunk)) return;
      const bytes = queue.take();
      const cursor: Cursor = { bytes, at: 0 };
      if (where === 'start') {
        if (bytes.length < MAGIC_BYTES) {
          queue.putBack(bytes, MAGIC_BYTES);
          return;
        }
        checkMagic(bytes, 0, bytes.length);
        cursor.at = MAGIC_BYTES;
        where = 'envelope';
      }
      while (cursor.at < bytes.length) {
        const begin = cursor.at;
        const header = headerOf(cursor);
        if (header === undefined) {
          queue.putBack(bytes.subarray(begin), bytes.length - begin + 1);
          return;
        }
        const { number, length } = header;
        if (where === 'envelope' && number === RAW) {
          where = 'list';
          left = length;
          listed = true;
        } else {
          if (length > maxBytes) throw new Malformed(`One object of the list is larger than ${maxBytes} bytes.`);
          const to = cursor.at + length;
          if (where === 'list' && to - begin > left) throw cut();
          if (to > bytes.length) {
            queue.putBack(bytes.subarray(begin), to - begin);
            return;
          }
          if (where === 'list') {
            left -= to - begin;
            const item = listField(number, cursor, to);
            if (item !== undefined) yield item;
          } else envelopeField(number, cursor, to);
        }
        if (where === 'list' && left === 0) where = 'envelope';
      }
    },
    end() {
      if (where !== 'envelope' || !queue.empty || !listed) throw new CutOff('The answer ended within the list.');
      return envelopeOf(kind, metadata);
    },
  };
}

/** The tag and length of the next field; undefined where they are not there yet. Numbers have their value for a length of 0. */
function headerOf(cursor: Cursor): { number: number; length: number } | undefined {
  const { bytes, at } = cursor;
  let complete = 0;
  for (let index = at; index < bytes.length && complete < 2; index++) {
    if ((bytes[index] ?? 0) < 128) complete++;
  }
  if (complete < 2) {
    if (bytes.length - at > MAX_HEADER) throw cut();
    return undefined;
  }
  const tag = unsigned(cursor, bytes.length);
  const wireType = tag & 7;
  if (wireType !== DELIMITED && wireType !== VARINT) {
    throw new Malformed('The protobuf answer holds a wire type that is not used there.');
  }
  const value = unsigned(cursor, bytes.length);
  return { number: Math.floor(tag / 8), length: wireType === DELIMITED ? value : 0 };
}

/** What a list's items are: only metadata where it says so. */
function itemKind(kind: string): string {
  return kind === 'PartialObjectMetadataList' ? 'PartialObjectMetadata' : '';
}

function envelopeOf(kind: string, metadata: KubeObject): ListEnvelope {
  const { resourceVersion, continue: token, remainingItemCount: remaining } = record(metadata);
  return {
    kind,
    resourceVersion: text(resourceVersion),
    continue: text(token),
    remaining: typeof remaining === 'number' ? remaining : undefined,
  };
}
