/** Objects out of protobuf, as JSON has them: only the fields of a plan are looked at, all others are passed over. */
import { Malformed } from '../watch/malformed.ts';
import {
  type Cursor,
  cut,
  DELIMITED,
  delimited,
  EIGHT_BYTES,
  signed,
  skip,
  unsigned,
  VARINT,
  wrongType,
} from './cursor.ts';
import { createTextReader, type TextReader } from './interned-text.ts';
import { createKnownMessages, isWorthKnowing, type KnownMessages } from './known-messages.ts';
import type { Field } from './messages.ts';
import { type Plan, type Step, schemaPlan } from './plan.ts';
import { createSeenObjects } from './seen-objects.ts';
import { createTimeWriter, durationText, microTime, type TimeWriter } from './times.ts';

type Json = Record<string, unknown>;

/** Schemas of custom kinds nest; nothing else does so deeply. */
const MAX_DEPTH = 100;

export interface Decoder {
  /** Sets the fields of the message between `cursor.at` and `end` in `object`, which it returns. Throws Malformed. */
  into(object: Json, plan: Plan, cursor: Cursor, end: number): Json;
  /** The same for objects that a watch tells of again and again. */
  again(object: Json, plan: Plan, cursor: Cursor, end: number): Json;
  text: TextReader;
}

export function createDecoder(): Decoder {
  const text = createTextReader();
  const time = createTimeWriter();
  const known = createKnownMessages();
  const own = new WeakSet<Json>();
  const tools: Tools = { text, time, known, own };
  const into: Decoder['into'] = (object, plan, cursor, end) => message(object, plan, cursor, end, tools, 0);
  return { text, into, again: createSeenObjects(into) };
}

interface Tools {
  text: TextReader;
  time: TimeWriter;
  known: KnownMessages;
  /** Maps that belong to one object only, of those that are read in parts. */
  own: WeakSet<Json>;
}

function message(object: Json, plan: Plan, cursor: Cursor, end: number, tools: Tools, depth: number): Json {
  if (depth > MAX_DEPTH) throw new Malformed('The protobuf answer is nested too deeply.');
  const { steps } = plan;
  while (cursor.at < end) {
    const tag = unsigned(cursor, end);
    const number = tag >>> 3;
    const step = steps[number];
    if (step === undefined) skip(cursor, tag & 7, end);
    else take(object, step, tag & 7, cursor, end, tools, depth);
  }
  return object;
}

function take(
  object: Json,
  step: Step,
  wireType: number,
  cursor: Cursor,
  end: number,
  tools: Tools,
  depth: number,
): void {
  const { field, plan } = step;
  const { json } = field;
  switch (field.shape) {
    case 'one': {
      const value = fieldValue(field, plan, wireType, cursor, end, tools, depth);
      if (value === undefined || (field.dropZero && (value === '' || value === 0 || value === false))) return;
      object[json] = value;
      return;
    }
    case 'list': {
      const value = member(step, wireType, cursor, end, tools, depth);
      const list = object[json];
      if (Array.isArray(list)) list.push(value);
      else object[json] = [value];
      return;
    }
    case 'map': {
      const before = object[json];
      if (before === undefined && field.type.is === 'text' && wireType === DELIMITED && field.number < ONE_BYTE) {
        const map = texts(step, cursor, end, tools, depth);
        if (hasMembers(map)) object[json] = map;
        return;
      }
      const map = isObject(before) ? ownMap(before, tools) : {};
      if (entry(map, step, close(wireType, cursor, end), cursor, tools, depth)) object[json] = map;
      return;
    }
    case 'inline':
      if (plan !== undefined) message(object, plan, cursor, close(wireType, cursor, end), tools, depth + 1);
  }
}

/** Field numbers below it have a tag of one byte. */
const ONE_BYTE = 16;

/** A map whose entries follow each other, as servers write them. */
function texts(step: Step, cursor: Cursor, end: number, tools: Tools, depth: number): Json {
  return tools.known.map(step, cursor, end, (to) => {
    const map: Json = {};
    for (;;) {
      entry(map, step, delimited(cursor, to), cursor, tools, depth);
      if (cursor.at >= to) return map;
      // The next one's tag.
      cursor.at++;
    }
  });
}

/** Entries that come apart from the others, which no server writes: what was read before may belong to other objects too. */
function ownMap(map: Json, { own }: Tools): Json {
  if (own.has(map)) return map;
  const copy = { ...map };
  own.add(copy);
  return copy;
}

function hasMembers(map: Json): boolean {
  for (const _ in map) return true;
  return false;
}

/** One of a list. */
function member(step: Step, wireType: number, cursor: Cursor, end: number, tools: Tools, depth: number): unknown {
  const { field, plan } = step;
  if (field.type.is !== 'message' || plan === undefined) {
    return fieldValue(field, plan, wireType, cursor, end, tools, depth);
  }
  const to = close(wireType, cursor, end);
  return isWorthKnowing(to - cursor.at)
    ? knownMember(plan, cursor, to, tools, depth)
    : message({}, plan, cursor, to, tools, depth + 1);
}

/** By itself, as it makes a closure, which short members need not pay for. */
function knownMember(plan: Plan, cursor: Cursor, to: number, tools: Tools, depth: number): Json {
  return tools.known.message(plan, cursor, to, () => message({}, plan, cursor, to, tools, depth + 1));
}

/** A message of key (1) and value (2). False for one that is not read. */
function entry(map: Json, step: Step, end: number, cursor: Cursor, tools: Tools, depth: number): boolean {
  const { field, plan, withoutKey } = step;
  let key = '';
  let value: unknown;
  while (cursor.at < end) {
    const tag = unsigned(cursor, end);
    if (tag === KEY_TAG) {
      const to = delimited(cursor, end);
      key = tools.text(cursor.bytes, cursor.at, to);
      cursor.at = to;
      if (key === withoutKey) {
        cursor.at = end;
        return false;
      }
    } else if (tag >>> 3 === 2) value = fieldValue(field, plan, tag & 7, cursor, end, tools, depth);
    else skip(cursor, tag & 7, end);
  }
  value ??= field.type.is === 'message' ? {} : field.type.is === 'quantity' ? '0' : '';
  // Written as JSON.parse would: as a member, whatever its name means to JavaScript.
  if (key === '__proto__')
    Object.defineProperty(map, key, { value, enumerable: true, writable: true, configurable: true });
  else map[key] = value;
  return true;
}

const KEY_TAG = 1 * 8 + DELIMITED;

/** Undefined for a time that is none. */
function fieldValue(
  { type: { is } }: Field,
  plan: Plan | undefined,
  wireType: number,
  cursor: Cursor,
  end: number,
  tools: Tools,
  depth: number,
): unknown {
  if (is === 'truth' || is === 'number') {
    if (wireType !== VARINT) throw wrongType();
    const value = signed(cursor, end);
    return is === 'number' ? value : value !== 0;
  }
  if (is === 'double') {
    if (wireType !== EIGHT_BYTES) throw wrongType();
    if (cursor.at + 8 > end) throw cut();
    cursor.at += 8;
    return cursor.bytes.readDoubleLE(cursor.at - 8);
  }
  const to = close(wireType, cursor, end);
  if (is === 'message') {
    return plan === undefined ? undefined : message({}, plan, cursor, to, tools, depth + 1);
  }
  const from = cursor.at;
  if (is === 'text') {
    cursor.at = to;
    return tools.text(cursor.bytes, from, to);
  }
  if (is === 'bytes') {
    cursor.at = to;
    return cursor.bytes.toString('base64', from, to);
  }
  const value = is === 'time' ? timeText(cursor, to, tools.time) : special(is, cursor, to, tools, depth);
  cursor.at = to;
  return value;
}

/** Seconds (1) and nanoseconds, which JSON leaves out. */
function timeText(cursor: Cursor, end: number, write: TimeWriter): string | undefined {
  let seconds: number | undefined;
  while (cursor.at < end) {
    const tag = unsigned(cursor, end);
    if (tag === 1 * 8 + VARINT) seconds = signed(cursor, end);
    else skip(cursor, tag & 7, end);
  }
  return seconds === undefined ? undefined : write(seconds);
}

type Special = Exclude<Field['type']['is'], 'message' | 'text' | 'bytes' | 'truth' | 'number' | 'double' | 'time'>;

/** Messages that JSON writes in a way of their own. */
function special(is: Special, cursor: Cursor, end: number, tools: Tools, depth: number): unknown {
  let first: number | undefined;
  let second = 0;
  let text: string | undefined;
  const texts: string[] = [];
  const schemas: Json[] = [];
  let schemaList = false;
  while (cursor.at < end) {
    const tag = unsigned(cursor, end);
    const number = tag >>> 3;
    const wireType = tag & 7;
    if (wireType === VARINT) {
      const value = signed(cursor, end);
      if (number === 1) first = value;
      else if (number === 2) second = value;
      continue;
    }
    if (wireType !== DELIMITED) {
      skip(cursor, wireType, end);
      continue;
    }
    const to = delimited(cursor, end);
    if (holdsSchema(is, number)) {
      schemaList = is === 'schemaOrList' && number === 2;
      schemas.push(message({}, schemaPlan(), cursor, to, tools, depth + 1));
    } else {
      text = is === 'json' ? cursor.bytes.toString('utf8', cursor.at, to) : tools.text(cursor.bytes, cursor.at, to);
      if (is === 'texts' || is === 'schemaOrTexts') texts.push(text);
    }
    cursor.at = to;
  }
  switch (is) {
    case 'quantity':
      return text ?? '0';
    case 'microTime': {
      const whole = first === undefined ? undefined : tools.time(first);
      return whole === undefined ? undefined : microTime(whole, second);
    }
    case 'duration':
      return durationText(first ?? 0);
    case 'intOrText':
      return first === 1 ? (text ?? '') : second;
    case 'json':
      return text === undefined ? undefined : parsed(text);
    case 'texts':
      return texts;
    case 'schemaOrTruth':
      return schemas[0] ?? first === 1;
    case 'schemaOrList':
      return schemaList ? schemas : schemas[0];
    case 'schemaOrTexts':
      return schemas[0] ?? texts;
  }
}

function holdsSchema(is: Special, number: number): boolean {
  if (is === 'schemaOrTruth') return number === 2;
  return is === 'schemaOrList' ? number <= 2 : is === 'schemaOrTexts' && number === 1;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Malformed('The protobuf answer holds JSON that does not parse.');
  }
}

function close(wireType: number, cursor: Cursor, end: number): number {
  if (wireType !== DELIMITED) throw wrongType();
  return delimited(cursor, end);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}
