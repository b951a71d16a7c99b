import { wrongFile } from './problems.ts';

/** Helm reads the schema of a chart and of each of its subcharts, from files of this name only. */
const SCHEMA = /(?:^|\/)values\.schema\.json$/i;

/** helm has these inside; it asks for any other (measured with 3.21). */
const BUILT_IN = /^https?:\/\/json-schema\.org\/(?:schema|draft-0[467]\/schema|draft\/20(?:19-09|20-12)\/schema)#?$/;

const REFERENCES: ReadonlySet<string> = new Set(['$ref', '$dynamicRef', '$recursiveRef']);

/** Refuses the schema of a chart that makes helm fetch a URL or read a file of the server. */
export function checkValueSchema(path: string, bytes: Uint8Array): void {
  if (!SCHEMA.test(path)) return;
  const open: unknown[] = [parse(path, bytes)];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    for (const [key, value] of Object.entries(next)) {
      if (typeof value === 'string') checkText(path, key, value);
      else open.push(value);
    }
  }
}

function checkText(path: string, key: string, value: string): void {
  if (BUILT_IN.test(value)) return;
  if (key === '$schema') {
    throw wrongFile(path, 'has a $schema that helm would fetch', 'Use https://json-schema.org/draft/2020-12/schema.');
  }
  if (REFERENCES.has(key) && !value.startsWith('#')) {
    throw wrongFile(
      path,
      `has a ${key} that leads out of it`,
      'Copy what it names into the schema, and refer to it as "#/$defs/name".',
    );
  }
}

function parse(path: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw wrongFile(path, 'is not JSON', 'A values schema is a JSON Schema, in JSON.');
  }
}
