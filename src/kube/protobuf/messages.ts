/** Field numbers of the built-in kinds, read from the table when first asked for. */
import { KINDS, MESSAGES, NAMED } from './field-table.ts';

/** Scalars, a message by its number, or what JSON writes in a way of its own. */
export type FieldType =
  | { is: 'message'; message: number }
  | {
      is:
        | 'text'
        | 'bytes'
        | 'truth'
        | 'number'
        | 'double'
        | 'time'
        | 'microTime'
        | 'duration'
        | 'quantity'
        | 'intOrText'
        | 'json'
        | 'texts'
        | 'schemaOrTruth'
        | 'schemaOrList'
        | 'schemaOrTexts';
    };

export interface Field {
  number: number;
  /** '' where the members stand in the object around. */
  json: string;
  type: FieldType;
  shape: 'one' | 'list' | 'map' | 'inline';
  /** JSON leaves it out when it is '', 0 or false. */
  dropZero: boolean;
}

const TYPES: Readonly<Record<string, Exclude<FieldType['is'], 'message'>>> = {
  s: 'text',
  y: 'bytes',
  b: 'truth',
  d: 'double',
  n: 'number',
  T: 'time',
  U: 'microTime',
  D: 'duration',
  Q: 'quantity',
  I: 'intOrText',
  J: 'json',
  L: 'texts',
  B: 'schemaOrTruth',
  A: 'schemaOrList',
  S: 'schemaOrTexts',
};
const SHAPES: Readonly<Record<string, Field['shape']>> = { '*': 'list', '%': 'map', '&': 'inline' };

/** Messages that are no kinds. */
export const NAMED_MESSAGES = NAMED;

let kinds: ReadonlyMap<string, number> | undefined;
let lines: readonly string[] | undefined;
const parsed = new Map<number, readonly Field[]>();

/** The message of a kind; undefined for kinds that have no form in protobuf, or none that is known here. */
export function messageOfKind({ group, version, kind }: { group: string; version: string; kind: string }) {
  kinds ??= new Map(
    entries(KINDS).map((entry) => {
      const [name = '', message = ''] = entry.split('=');
      return [name, Number.parseInt(message, 36)];
    }),
  );
  return kinds.get(`${group}/${version}/${kind}`);
}

/** `2*containers:#1f`: number, shape, JSON name, type. */
export function fieldsOf(message: number): readonly Field[] {
  const known = parsed.get(message);
  if (known !== undefined) return known;
  lines ??= entries(MESSAGES);
  const line = lines[message] ?? '';
  const fields = line === '' ? [] : line.split(',').map(fieldOf);
  parsed.set(message, fields);
  return fields;
}

function entries(text: string): string[] {
  return text.replaceAll('\n', '').split(';').slice(0, -1);
}

function fieldOf(text: string): Field {
  const parts = /^(\d+)([.?*%&])([\w$-]*):(.+)$/.exec(text);
  if (parts === null) throw new Error(`The field table holds ${text}.`);
  const [, number = '', shape = '', json = '', type = ''] = parts;
  const is = TYPES[type];
  return {
    number: Number(number),
    json,
    type: is === undefined ? { is: 'message', message: Number.parseInt(type.slice(1), 36) } : { is },
    shape: SHAPES[shape] ?? 'one',
    dropZero: shape === '?',
  };
}
