import type { Json, JsonObject } from '../../kernel/vocabulary.ts';

type Coerced = { ok: true; value: Json } | { ok: false; problem: string };

const INTEGER = /^-?\d{1,15}$/;
const NUMBER = /^-?\d{1,15}(\.\d{1,15})?(e[+-]?\d{1,3})?$/i;

/** The types a schema allows; empty where it says nothing. */
export function typesOf(schema: Json | undefined): Set<string> {
  const { type, anyOf, oneOf, enum: values } = asObject(schema);
  const types = new Set<string>();
  for (const name of Array.isArray(type) ? type : [type]) if (typeof name === 'string') types.add(name);
  for (const member of [...asArray(anyOf), ...asArray(oneOf)]) for (const name of typesOf(member)) types.add(name);
  if (types.size === 0) for (const value of asArray(values)) types.add(typeof value);
  return types;
}

/** The texts given for one argument as the value its schema asks for. Ranges and enums are left to the pipeline. */
export function coerce(schema: Json | undefined, texts: readonly string[]): Coerced {
  const types = typesOf(schema);
  const [first = ''] = texts;
  if (types.has('array') && !(types.has('string') && texts.length === 1 && !first.startsWith('['))) {
    return list(schema, texts);
  }
  if (texts.length > 1) return { ok: false, problem: 'is given more than once and takes one value' };
  return single(types, first);
}

function single(types: ReadonlySet<string>, text: string): Coerced {
  if (types.has('integer') && INTEGER.test(text)) return { ok: true, value: Number(text) };
  if (types.has('number') && NUMBER.test(text)) return { ok: true, value: Number(text) };
  if (types.has('boolean') && (text === 'true' || text === 'false')) return { ok: true, value: text === 'true' };
  if (types.has('object') || (types.size === 0 && text.startsWith('{'))) {
    const parsed = parseJson(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ok: true, value: parsed };
  }
  if (types.has('string') || types.size === 0) return { ok: true, value: text };
  return { ok: false, problem: `must be ${wanted(types)}, not "${text.slice(0, 60)}"` };
}

/** By repetition, by comma, or as one JSON array where an item has a comma in it. */
function list(schema: Json | undefined, texts: readonly string[]): Coerced {
  const items = typesOf(itemSchema(schema));
  const values: Json[] = [];
  for (const text of texts) {
    const parsed = text.startsWith('[') ? parseJson(text) : undefined;
    if (Array.isArray(parsed)) {
      values.push(...parsed);
      continue;
    }
    for (const part of items.has('object') ? [text] : text.split(',')) {
      const item = single(items, part.trim());
      if (!item.ok) return { ok: false, problem: `each item ${item.problem}` };
      values.push(item.value);
    }
  }
  return { ok: true, value: values };
}

function itemSchema(schema: Json | undefined): Json | undefined {
  const { items, anyOf, oneOf } = asObject(schema);
  if (items !== undefined) return items;
  return [...asArray(anyOf), ...asArray(oneOf)].map(itemSchema).find((found) => found !== undefined);
}

const WORDS: Record<string, string> = {
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a JSON object',
};

function wanted(types: ReadonlySet<string>): string {
  return [...types].map((type) => WORDS[type] ?? type).join(' or ');
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function asObject(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function asArray(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}
