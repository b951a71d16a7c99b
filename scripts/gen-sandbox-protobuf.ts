/**
 * Writes sandbox/protobuf/data/messages.jsonl: the protobuf field numbers of the built-in kinds, from the published .proto files, with
 * each field's JSON name and presence from the struct tags beside them. `node scripts/gen-sandbox-protobuf.ts <module cache>/k8s.io v0.36.3`.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [root = '', version = ''] = process.argv.slice(2);
const module = (name: string) => join(root, `${name}@${version}`);

/** Folders with a generated.proto whose kinds a current server serves, or that those need. */
const API = module('api');
const FOLDERS = [
  ...readdirSync(API)
    .flatMap((group) => ['v1', 'v2'].map((one) => join(API, group, one)))
    .filter((folder) => existsSync(join(folder, 'generated.proto'))),
  join(module('apimachinery'), 'pkg/apis/meta/v1'),
  join(module('apimachinery'), 'pkg/runtime'),
  join(module('apiextensions-apiserver'), 'pkg/apis/apiextensions/v1'),
  join(module('kube-aggregator'), 'pkg/apis/apiregistration/v1'),
  join(module('metrics'), 'pkg/apis/metrics/v1beta1'),
];

interface Tag {
  json: string;
  inline: boolean;
  omitEmpty: boolean;
  pointer: boolean;
}

const SCALARS = new Set(['string', 'bool', 'int32', 'int64', 'uint32', 'uint64', 'double', 'bytes']);

const lines = FOLDERS.flatMap((folder) => messagesOf(folder)).sort();
const file = join(import.meta.dirname, '..', 'sandbox', 'protobuf', 'data', 'messages.jsonl');
writeFileSync(file, `${lines.join('\n')}\n`);
process.stdout.write(`${lines.length} messages\n`);

function messagesOf(folder: string): string[] {
  const proto = readFileSync(join(folder, 'generated.proto'), 'utf8').replaceAll(/\/\/.*$/gm, '');
  const name = /^package ([\w.]+);/m.exec(proto)?.[1] ?? '';
  const tags = tagsOf(folder);
  return [...proto.matchAll(/^message (\w+) \{\n([\s\S]*?)^\}/gm)].map(([, message = '', body = '']) => {
    const fields = [...body.matchAll(/^\s*(optional|repeated|map<string, ([.\w]+)>)\s*([.\w]+)?\s+(\w+) = (\d+);/gm)];
    const rows = fields.map(([, label = '', mapped = '', plain = '', field = '', number = '']) => {
      const shape = label.startsWith('map') ? 'map' : label === 'repeated' ? 'list' : '';
      return row(Number(number), typeName(mapped || plain, name), shape, tags.get(`${message}.${number}`), field);
    });
    return JSON.stringify([`${name}.${message}`, ...rows.sort((a, b) => a[0] - b[0])]);
  });
}

/** [number, JSON name, type, flags]: `l` list, `m` map, `i` inline, `p` written only where there is a value, `o` left out of JSON when empty. */
function row(
  number: number,
  type: string,
  shape: string,
  tag: Tag | undefined,
  field: string,
): [number, string, string, string] {
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
