/**
 * Writes src/kube/protobuf/field-table.ts: the field numbers of all built-in kinds that can be listed, and of what they hold, from the
 * published .proto files. `node scripts/gen-protobuf-fields.ts <module cache>/k8s.io v0.36.3`.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PublishedField, type PublishedMessage, publishedMessages } from './gen/published-messages.ts';

const META = 'k8s.io.apimachinery.pkg.apis.meta.v1';
const ALWAYS = ['PartialObjectMetadata', 'Status', 'ListMeta'].map((name) => `${META}.${name}`);
/** Characters of one line of the file. */
const LINE = 140;
const SCALARS: Readonly<Record<string, string>> = {
  string: 's',
  bytes: 'y',
  bool: 'b',
  double: 'd',
  int32: 'n',
  int64: 'n',
  uint32: 'n',
  uint64: 'n',
};
/** Written by JSON in a way of their own; the decoder knows them by these letters. */
const SPECIAL: Readonly<Record<string, string>> = {
  [`${META}.Time`]: 'T',
  [`${META}.MicroTime`]: 'U',
  [`${META}.Duration`]: 'D',
  'k8s.io.apimachinery.pkg.api.resource.Quantity': 'Q',
  'k8s.io.apimachinery.pkg.util.intstr.IntOrString': 'I',
  [`${META}.FieldsV1`]: 'J',
  'k8s.io.apimachinery.pkg.runtime.RawExtension': 'J',
  'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSON': 'J',
  [`${META}.Verbs`]: 'L',
  'k8s.io.api.authentication.v1.ExtraValue': 'L',
  'k8s.io.api.authorization.v1.ExtraValue': 'L',
  'k8s.io.api.certificates.v1.ExtraValue': 'L',
  'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool': 'B',
  'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray': 'A',
  'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray': 'S',
};

const [root = '', version = ''] = process.argv.slice(2);
const byName = new Map(publishedMessages(root, version).map((message) => [message.name, message]));
const roots = [...byName.values()].filter(isListed);
const kept: PublishedMessage[] = [];
for (const name of [...ALWAYS, `${META}.ObjectMeta`]) keep(name);
for (const message of roots) keep(message.name);
keep('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps');
const numbers = new Map(kept.map(({ name }, index) => [name, index.toString(36)]));

const file = join(import.meta.dirname, '..', 'src', 'kube', 'protobuf', 'field-table.ts');
writeFileSync(
  file,
  `/**
 * Written by scripts/gen-protobuf-fields.ts from the published .proto files of Kubernetes ${version}; not edited by hand. How to read it: messages.ts.
 */
export const KINDS = \`
${wrapped(roots.map((message) => `${apiVersionOf(message)}/${shortName(message)}=${numbers.get(message.name)}`))}\`;

export const MESSAGES = \`
${wrapped(kept.map(({ fields }) => fields.map(fieldText).join(',')))}\`;

/** Messages that the decoder asks for by name. */
export const NAMED = ${JSON.stringify(
    Object.fromEntries(
      kept
        .filter(({ name }) => ALWAYS.includes(name) || name.endsWith('.JSONSchemaProps'))
        .map((message) => [shortName(message), Number.parseInt(numbers.get(message.name) ?? '', 36)]),
    ),
  )};
`,
);
process.stdout.write(`${kept.length} messages of ${roots.length} kinds\n`);

/** A kind that has a list. */
function isListed(message: PublishedMessage): boolean {
  const items = byName.get(`${message.name}List`)?.fields.find(([, json]) => json === 'items');
  return items?.[2] === message.name && message.fields[0]?.[2] === `${META}.ObjectMeta` && message.group !== undefined;
}

function keep(name: string): void {
  const message = byName.get(name);
  if (message === undefined || name in SPECIAL || kept.includes(message)) return;
  kept.push(message);
  for (const [, , type] of message.fields) keep(type);
}

function apiVersionOf({ name, group }: PublishedMessage): string {
  return `${group}/${name.split('.').at(-2)}`;
}

function shortName({ name }: PublishedMessage): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** `2*containers:1f`: number, shape, JSON name, type. Shapes: `.` one, `?` one that JSON leaves out when zero, `*` list, `%` map, `&` inline. */
function fieldText([number, json, type, flags]: PublishedField): string {
  const has = (flag: string) => flags.includes(flag);
  const shape = has('l') ? '*' : has('m') ? '%' : has('i') ? '&' : has('o') && !has('p') ? '?' : '.';
  const known = SCALARS[type] ?? SPECIAL[type] ?? numbers.get(type);
  if (known === undefined) throw new Error(`no message ${type}`);
  return `${number}${shape}${json}:${SCALARS[type] || SPECIAL[type] ? known : `#${known}`}`;
}

/** Entries with `;` between them, a line break where a line gets long. */
function wrapped(entries: readonly string[]): string {
  const lines: string[] = [];
  let line = '';
  for (const entry of entries) {
    if (line.length + entry.length > LINE * 4 && line !== '') {
      lines.push(line);
      line = '';
    }
    line += `${entry};`;
  }
  return [...lines, line].join('\n');
}
