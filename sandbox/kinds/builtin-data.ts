/** The generated data: built-in resources, and the structure of the types they are made of. Read when first asked for. */
import { readFileSync } from 'node:fs';
import { dataFolder } from '../data-folder.ts';
import type { ResourceInfo } from '../types.ts';
import type { Schema } from './schema.ts';

const folder = dataFolder('kinds', import.meta.url);
const linesOf = (file: string) => readFileSync(new URL(file, folder), 'utf8').split('\n').filter(Boolean);

/** In the order of discovery: groups by their priority, and within them by name. */
export function builtinResources(): ResourceInfo[] {
  return linesOf('resources.jsonl').map((line) => JSON.parse(line) as ResourceInfo);
}

/** Lines of `name {...}`: texts by name. */
const named = (file: string) =>
  new Map(
    linesOf(file).map((line): [string, string] => {
      const space = line.indexOf(' ');
      return [line.slice(0, space), line.slice(space + 1)];
    }),
  );

/** Parsed one by one, as most are never needed. */
let unparsed: Map<string, string> | undefined;
const parsed = new Map<string, Schema>();

function texts(): Map<string, string> {
  unparsed ??= named('types.jsonl');
  return unparsed;
}

/** A type by its name, `io.k8s.api.core.v1.PodSpec`. */
export function builtinType(name: string): Schema | undefined {
  const known = parsed.get(name);
  if (known !== undefined) return known;
  const text = texts().get(name);
  if (text === undefined) return undefined;
  const schema = JSON.parse(text) as Schema;
  parsed.set(name, schema);
  return schema;
}

export function builtinTypeNames(): Iterable<string> {
  return texts().keys();
}

/** What Go calls a field's type (`t`) and the embedded struct that it comes from (`e`), where the schema does not tell. */
export interface GoName {
  t?: string;
  e?: string;
}

let goNames: Map<string, Readonly<Record<string, GoName>>> | undefined;

export function goName(type: string, field: string): GoName {
  goNames ??= new Map([...named('go-names.jsonl')].map(([name, text]) => [name, JSON.parse(text)]));
  return goNames.get(type)?.[field] ?? {};
}
