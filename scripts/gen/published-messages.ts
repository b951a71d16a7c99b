/** The protobuf messages of the built-in kinds, from the published .proto files and the struct tags beside them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** [number, JSON name, type, flags]: `l` list, `m` map, `i` inline, `p` written only where there is a value, `o` left out of JSON when empty. */
export type PublishedField = [number: number, json: string, type: string, flags: string];

export interface PublishedMessage {
  /** With its package. */
  name: string;
  /** The API group of its package; undefined for packages that are none. */
  group: string | undefined;
  /** By number, ascending. */
  fields: readonly PublishedField[];
}

interface Tag {
  json: string;
  inline: boolean;
  omitEmpty: boolean;
  pointer: boolean;
}

const SCALARS = new Set(['string', 'bool', 'int32', 'int64', 'uint32', 'uint64', 'double', 'bytes']);

/** All of them, by name. `root` is `<module cache>/k8s.io`. */
export function publishedMessages(root: string, version: string): PublishedMessage[] {
  const module = (name: string) => join(root, `${name}@${version}`);
  const api = module('api');
  /** Folders with a generated.proto whose kinds a current server serves, or that those need. */
  const folders = [
    ...readdirSync(api)
      .flatMap((group) => ['v1', 'v2'].map((one) => join(api, group, one)))
      .filter((folder) => existsSync(join(folder, 'generated.proto'))),
    join(module('apimachinery'), 'pkg/apis/meta/v1'),
    join(module('apimachinery'), 'pkg/runtime'),
    join(module('apiextensions-apiserver'), 'pkg/apis/apiextensions/v1'),
    join(module('kube-aggregator'), 'pkg/apis/apiregistration/v1'),
    join(module('metrics'), 'pkg/apis/metrics/v1beta1'),
  ];
  return folders.flatMap(messagesOf).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** From the constant beside the types, or beside those that all versions share. */
function groupOf(folder: string): string | undefined {
  for (const file of [join(folder, 'register.go'), join(folder, '..', 'register.go')]) {
    if (!existsSync(file)) continue;
    const name = /GroupName = "([^"]*)"/.exec(readFileSync(file, 'utf8'))?.[1];
    if (name !== undefined) return name;
  }
  return undefined;
}

function messagesOf(folder: string): PublishedMessage[] {
  const proto = readFileSync(join(folder, 'generated.proto'), 'utf8').replaceAll(/\/\/.*$/gm, '');
  const name = /^package ([\w.]+);/m.exec(proto)?.[1] ?? '';
  const tags = tagsOf(folder);
  const group = groupOf(folder);
  return [...proto.matchAll(/^message (\w+) \{\n([\s\S]*?)^\}/gm)].map(([, message = '', body = '']) => {
    const fields = [...body.matchAll(/^\s*(optional|repeated|map<string, ([.\w]+)>)\s*([.\w]+)?\s+(\w+) = (\d+);/gm)];
    const rows = fields.map(([, label = '', mapped = '', plain = '', field = '', number = '']) => {
      const shape = label.startsWith('map') ? 'map' : label === 'repeated' ? 'list' : '';
      return row(Number(number), typeName(mapped || plain, name), shape, tags.get(`${message}.${number}`), field);
    });
    return { name: `${name}.${message}`, group, fields: rows.sort((a, b) => a[0] - b[0]) };
  });
}

function row(number: number, type: string, shape: string, tag: Tag | undefined, field: string): PublishedField {
  const { json = field, inline = false, omitEmpty = true, pointer = false } = tag ?? {};
  const flags = [
    shape === 'list' ? 'l' : shape === 'map' ? 'm' : '',
    inline ? 'i' : '',
    pointer ? 'p' : '',
    omitEmpty ? 'o' : '',
  ].join('');
  return [number, inline ? '' : json, type, flags];
}

function typeName(type: string, inPackage: string): string {
  if (SCALARS.has(type)) return type;
  return type.startsWith('.') ? type.slice(1) : `${inPackage}.${type}`;
}

/** By message and field number. */
function tagsOf(folder: string): Map<string, Tag> {
  const tags = new Map<string, Tag>();
  for (const file of readdirSync(folder)) {
    if (!file.endsWith('.go') || file.includes('generated') || file.endsWith('_test.go')) continue;
    const text = readFileSync(join(folder, file), 'utf8');
    for (const [, struct = '', body = ''] of text.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)) {
      for (const line of body.split('\n')) {
        const json = /json:"([^"]*)"/.exec(line)?.[1];
        const number = /protobuf:"\w+,(\d+),/.exec(line)?.[1];
        if (json === undefined || number === undefined) continue;
        const [jsonName = '', ...options] = json.split(',');
        const declared = line.slice(0, line.indexOf('`')).trim();
        tags.set(`${struct}.${number}`, {
          json: jsonName,
          inline: jsonName === '',
          omitEmpty: options.some((option) => option === 'omitempty' || option === 'omitzero'),
          pointer: /(^|\s)\*/.test(declared),
        });
      }
    }
  }
  return tags;
}
