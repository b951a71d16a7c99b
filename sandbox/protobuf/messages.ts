/** The built-in kinds' protobuf messages: which field has which number, by their published definitions. */
import { readFileSync } from 'node:fs';
import { dataFolder } from '../data-folder.ts';

export interface Field {
  number: number;
  /** '' for a message whose members stand in the object around it. */
  json: string;
  /** A scalar, or the full name of a message. */
  type: string;
  shape: 'one' | 'list' | 'map';
  inline: boolean;
  /** Written only where the object has the member; others are written with their zero value, as the real server does. */
  optional: boolean;
  /** Left out of JSON when it has its zero value. */
  omitEmpty: boolean;
}

export interface Message {
  name: string;
  /** By number, ascending: the order on the wire. */
  fields: readonly Field[];
  byNumber: ReadonlyMap<number, Field>;
}

type Row = [number: number, json: string, type: string, flags: string];

let lines: Map<string, string> | undefined;
const parsed = new Map<string, Message>();

/** Parsed when first asked for: few of the hundreds are ever needed. */
export function messageOf(name: string): Message | undefined {
  const known = parsed.get(name);
  if (known !== undefined) return known;
  lines ??= readLines();
  const line = lines.get(name);
  if (line === undefined) return undefined;
  const [, ...rows] = JSON.parse(line) as [string, ...Row[]];
  const fields = rows.map(fieldOf);
  const message = { name, fields, byNumber: new Map(fields.map((field) => [field.number, field])) };
  parsed.set(name, message);
  return message;
}

function readLines(): Map<string, string> {
  const text = readFileSync(new URL('messages.jsonl', dataFolder('protobuf', import.meta.url)), 'utf8');
  return new Map(
    text
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(2, line.indexOf('"', 2)), line]),
  );
}

function fieldOf([number, json, type, flags]: Row): Field {
  return {
    number,
    json,
    type,
    shape: flags.includes('l') ? 'list' : flags.includes('m') ? 'map' : 'one',
    inline: flags.includes('i'),
    optional: flags.includes('p'),
    omitEmpty: flags.includes('o'),
  };
}

const META = 'k8s.io.apimachinery.pkg.apis.meta.v1';

/** Kinds that every group serves. */
const EVERYWHERE = new Set(['DeleteOptions', 'PatchOptions', 'CreateOptions', 'UpdateOptions', 'Status', 'WatchEvent']);

/** The message of a kind, by the package that its group's types are published in. */
export function messageOfKind(apiVersion: string, kind: string): Message | undefined {
  const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return messageOf(`${EVERYWHERE.has(kind) ? META : packageOf(group, version)}.${kind}`);
}

function packageOf(group: string, version: string): string {
  switch (group) {
    case '':
      return `k8s.io.api.core.${version}`;
    case 'meta.k8s.io':
      return META;
    case 'apiextensions.k8s.io':
      return `k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.${version}`;
    case 'apiregistration.k8s.io':
      return `k8s.io.kube_aggregator.pkg.apis.apiregistration.${version}`;
    case 'metrics.k8s.io':
      return `k8s.io.metrics.pkg.apis.metrics.${version}`;
    default:
      return `k8s.io.api.${group.split('.')[0]}.${version}`;
  }
}
