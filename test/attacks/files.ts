/** Hostile `files` of a call, and hostile archives among them: none may reach a tool. */
import { gzipSync } from 'node:zlib';
import type { CliTool } from '../../src/exec/types.ts';
import type { ErrorCode } from '../../src/kernel/errors.ts';
import { type TarMember, tar } from './tar.ts';

export interface HostileFiles {
  readonly name: string;
  readonly tool: CliTool;
  /** Sub-command words; default `template`. */
  readonly path?: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly code: ErrorCode;
  /** In the message: the file that is wrong, or the limit. */
  readonly says: string;
}

function named(path: string, says = path): HostileFiles {
  return {
    name: `the name ${JSON.stringify(path)}`,
    tool: 'kubectl',
    files: { [path]: 'x' },
    code: 'invalid_argument',
    says,
  };
}

const NAMES: readonly HostileFiles[] = [
  named('', 'is empty'),
  named('/etc/passwd', 'absolute'),
  named('//etc/passwd', 'absolute'),
  named('../secret', '".."'),
  named('web/../../secret', '".."'),
  named('web/..', '".."'),
  named('./values.yaml', '"."'),
  named('web/./values.yaml', '"."'),
  named('web//values.yaml', 'empty part'),
  named('web/', 'empty part'),
  named('web\\values.yaml', 'backslash'),
  named('..\\secret', 'backslash'),
  named('C:/secret', 'drive'),
  named('c:secret', 'drive'),
  named('a\0b', 'control'),
  named('a\nb', 'control'),
  named('a\u202eb', 'control'),
  named('a\u200bb', 'control'),
  named('\ufeffa', 'control'),
  named('e\u0301', 'NFC'),
  named('-f', 'tools read otherwise'),
  named('--kubeconfig', 'tools read otherwise'),
  named('a,b', 'tools read otherwise'),
  named('a=b', 'tools read otherwise'),
  named('{a}', 'tools read otherwise'),
  named('$HOME', 'tools read otherwise'),
  named('~', 'tools read otherwise'),
  named('*', 'tools read otherwise'),
  named('%2e%2e', 'tools read otherwise'),
  named('http:x', 'tools read otherwise'),
  named('pod:x', 'tools read otherwise'),
  named('"a"', 'tools read otherwise'),
  named('web/ /a', 'tools read otherwise'),
  named('web /a', 'tools read otherwise'),
  named('a'.repeat(256), 'longer than 255'),
  named(`${'a/'.repeat(20)}b`, 'deeper than 20'),
  named(`${'abcdefghi/'.repeat(15)}${'é'.repeat(500)}`, 'longer than 1000'),
];

function together(name: string, says: string, ...paths: readonly string[]): HostileFiles {
  const files = Object.fromEntries(paths.map((path) => [path, 'x']));
  return { name, tool: 'kubectl', files, code: 'invalid_argument', says };
}

const TOGETHER: readonly HostileFiles[] = [
  together('names that differ in case only', 'twice', 'Values.yaml', 'values.yaml'),
  together('folders that differ in case only', 'twice', 'Web/values.yaml', 'web/values.yaml'),
  together('a ligature and its letters', 'twice', '\ufb01le', 'file'),
  together('a file that is also a folder', 'also a file', 'web', 'web/values.yaml'),
  together('a folder that is also a file, in other case', 'also a file', 'web/templates/a.yaml', 'WEB/templates'),
  {
    name: 'more files than are taken',
    tool: 'kubectl',
    files: Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`f${i}`, ''])),
    code: 'too_large',
    says: '1000 files',
  },
  {
    name: 'more bytes than are taken',
    tool: 'kubectl',
    files: { a: 'x'.repeat(5_000_000), b: 'x'.repeat(5_000_000) },
    code: 'too_large',
    says: 'bytes in all',
  },
];

function schema(name: string, value: unknown, says: string, path = 'web/values.schema.json'): HostileFiles {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return { name: `a schema with ${name}`, tool: 'helm', files: { [path]: text }, code: 'invalid_argument', says };
}

const SCHEMAS: readonly HostileFiles[] = [
  schema('a $ref to a file', { $ref: 'file:///etc/passwd' }, '$ref'),
  schema('a $ref to metadata', { properties: { a: { $ref: 'http://169.254.169.254/' } } }, '$ref'),
  schema('a $ref to loopback', { allOf: [{ $ref: 'http://127.0.0.1:6443/' }] }, '$ref'),
  schema('a relative $ref', { $id: 'http://evil.example/a/', properties: { a: { $ref: 'x.json' } } }, '$ref'),
  schema('an empty $ref', { $id: 'http://evil.example/a/', $ref: '' }, '$ref'),
  schema('an escaped $ref', '{"\\u0024ref":"file:///etc/passwd"}', '$ref'),
  schema('a $ref twice, the last one hostile', '{"$ref":"#","$ref":"file:///etc/passwd"}', '$ref'),
  schema('a $dynamicRef', { $dynamicRef: 'https://evil.example/x#n' }, '$dynamicRef'),
  schema('a $recursiveRef', { $recursiveRef: 'https://evil.example/x' }, '$recursiveRef'),
  schema('a $schema of its own', { $schema: 'https://evil.example/meta' }, '$schema'),
  schema('a $schema inside', { properties: { a: { $schema: 'file:///etc/passwd' } } }, '$schema'),
  schema(
    'a $schema that looks built in',
    { $schema: 'http://json-schema.org.evil.example/draft-07/schema#' },
    '$schema',
  ),
  schema('a $schema of an unknown draft', { $schema: 'http://json-schema.org/draft-99/schema#' }, '$schema'),
  schema('a urn', { $ref: 'urn:x:y' }, '$ref'),
  schema('no JSON', '{$ref: file:///etc/passwd}', 'not JSON'),
  schema('a byte order mark', '\ufeff{}', 'not JSON'),
  schema('JSON twice', '{}{"$ref":"file:///etc/passwd"}', 'not JSON'),
  schema('a $ref in a subchart', { $ref: 'file:///etc/passwd' }, 'charts/db', 'web/charts/db/values.schema.json'),
  schema('a $ref deep inside', `${'{"items":'.repeat(5000)}{"$ref":"file:///x"}${'}'.repeat(5000)}`, '$ref'),
];

/** As `helm package` makes it, with these members instead. */
export function archive(members: readonly TarMember[]): string {
  return gzipSync(tar(members)).toString('base64');
}

const CHART: TarMember = { name: 'web/Chart.yaml', content: 'apiVersion: v2\nname: web\nversion: 1.0.0\n' };

function packed(
  name: string,
  members: readonly TarMember[],
  says: string,
  code: ErrorCode = 'invalid_argument',
): HostileFiles {
  return { name: `an archive with ${name}`, tool: 'helm', files: { 'web.tgz': archive(members) }, code, says };
}

function bytes(name: string, text: string, says: string, code: ErrorCode = 'invalid_argument'): HostileFiles {
  return { name: `an archive that is ${name}`, tool: 'helm', files: { 'web.tgz': text }, code, says };
}

const nested = (levels: number): TarMember[] => {
  let members: TarMember[] = [{ name: 'x/Chart.yaml', content: 'name: x' }];
  for (let level = 0; level < levels; level++) {
    members = [{ name: 'x/charts/x.tgz', content: gzipSync(tar(members)) }];
  }
  return members;
};

const ARCHIVES: readonly HostileFiles[] = [
  packed('a symbolic link', [CHART, { name: 'web/a', type: '2', link: '/etc/passwd' }], 'symlink'),
  packed('a symbolic link inside', [CHART, { name: 'web/a', type: '2', link: 'Chart.yaml' }], 'symlink'),
  packed('a hard link', [CHART, { name: 'web/a', type: '1', link: '/etc/shadow' }], 'link'),
  packed('a character device', [CHART, { name: 'web/a', type: '3' }], 'character-device'),
  packed('a block device', [CHART, { name: 'web/a', type: '4' }], 'block-device'),
  packed('a pipe', [CHART, { name: 'web/a', type: '6' }], 'fifo'),
  packed('a way up', [CHART, { name: 'web/../../a', content: 'x' }], '".."'),
  packed('a way up at once', [CHART, { name: '../a', content: 'x' }], '".."'),
  packed('a folder that is a way up', [CHART, { name: 'web/../', type: '5' }], '".."'),
  packed('an absolute name', [CHART, { name: '/etc/cron.d/a', content: 'x' }], 'absolute'),
  packed('a backslash', [CHART, { name: 'web\\..\\a', content: 'x' }], 'backslash'),
  packed('a drive', [{ name: 'c:/web/Chart.yaml', content: 'x' }], 'drive'),
  packed('a name with a line break', [CHART, { name: 'web/a\nb', content: 'x' }], 'control'),
  packed('the same file twice', [CHART, CHART], 'twice'),
  packed('the same file twice, one by ./', [CHART, { ...CHART, name: './web/Chart.yaml' }], 'twice'),
  packed('the same file in other case', [CHART, { ...CHART, name: 'web/chart.yaml' }], 'twice'),
  packed('a file that is a folder', [CHART, { name: 'web/Chart.yaml/a', content: 'x' }], 'also a file'),
  packed('two folders', [CHART, { name: 'other/Chart.yaml', content: 'x' }], 'more than one folder'),
  packed('a file without a folder', [{ name: 'Chart.yaml', content: 'x' }], 'outside the folder'),
  packed('nothing', [], 'no files'),
  packed('folders only', [{ name: 'web/', type: '5' }], 'no files'),
  packed(
    'a hostile schema',
    [CHART, { name: 'web/values.schema.json', content: '{"$ref":"file:///etc/passwd"}' }],
    '$ref',
  ),
  packed(
    'a hostile schema in a packed subchart',
    [
      CHART,
      {
        name: 'web/charts/db.tgz',
        content: gzipSync(tar([{ name: 'db/values.schema.json', content: '{"$ref":"http://x/"}' }])),
      },
    ],
    'charts/db/values.schema.json',
  ),
  packed(
    'a link in a packed subchart',
    [CHART, { name: 'web/charts/db.tgz', content: gzipSync(tar([{ name: 'db/a', type: '2', link: '/etc' }])) }],
    'symlink',
  ),
  packed('a subchart that is no archive', [CHART, { name: 'web/charts/db.tgz', content: 'x' }], 'not gzip'),
  packed(
    'a subchart packed and as a folder',
    [
      CHART,
      { name: 'web/charts/db/Chart.yaml', content: 'name: db' },
      { name: 'web/charts/db.tgz', content: gzipSync(tar([{ name: 'db/Chart.yaml', content: 'name: db' }])) },
    ],
    'twice',
  ),
  packed('archives in archives in archives', nested(5), 'archive in'),
  packed('a pax name that leads up', [{ ...CHART, pax: { path: 'web/../../a' } }], '".."'),
  packed('a pax name that is absolute', [{ ...CHART, pax: { path: '/etc/passwd' } }], 'absolute'),
  packed('a GNU long name that leads up', [{ ...CHART, gnuName: `web/../../${'a'.repeat(120)}` }], '".."'),
  packed('a wrong checksum', [{ ...CHART, checksum: 1 }], 'not a tar archive'),
  packed('a size that is not there', [{ ...CHART, size: 1_000_000 }], 'not a tar archive'),
  packed('a size that is no number', [{ ...CHART, sizeText: '99999999zzz' }], 'not a tar archive'),
  packed('a pax size that disagrees', [{ ...CHART, pax: { size: '1000000' } }], 'not a tar archive'),
  packed(
    'a thousand files too many',
    Array.from({ length: 1100 }, (_, i) => ({ name: `web/f${i}`, content: '' })),
    '1000 files',
    'too_large',
  ),
  packed('a bomb', [CHART, { name: 'web/a', content: Buffer.alloc(40 * 1024 * 1024) }], 'unpacks to more', 'too_large'),
  packed(
    'more than is taken',
    [CHART, { name: 'web/a', content: Buffer.alloc(9 * 1024 * 1024) }],
    'bytes in all',
    'too_large',
  ),
  bytes('text', 'apiVersion: v2', 'not base64'),
  bytes('empty', '', 'not base64'),
  bytes('both alphabets of base64', 'H4sI+/-_', 'not base64'),
  bytes('no gzip', Buffer.from('hello').toString('base64'), 'not gzip'),
  bytes(
    'gzip cut short',
    gzipSync(tar([CHART]))
      .subarray(0, 60)
      .toString('base64'),
    'not gzip',
  ),
  bytes('gzip of text', gzipSync('hello '.repeat(500)).toString('base64'), 'not a tar archive'),
  bytes('longer than is taken', 'A'.repeat(17 * 1024 * 1024), 'longer than is taken', 'too_large'),
  {
    name: 'an archive for kubectl',
    tool: 'kubectl',
    files: { 'a.tgz': archive([CHART]) },
    code: 'invalid_argument',
    says: 'archive',
  },
  {
    name: 'an archive beside the folder it becomes',
    tool: 'helm',
    files: { 'web.tgz': archive([CHART]), 'web/Chart.yaml': 'name: other' },
    code: 'invalid_argument',
    says: 'twice',
  },
  {
    name: 'an archive where a file of its folder name is',
    tool: 'helm',
    files: { 'web.tgz': archive([CHART]), web: 'x' },
    code: 'invalid_argument',
    says: 'also a file',
  },
  {
    name: 'two archives that become one folder',
    tool: 'helm',
    files: { 'web.tgz': archive([CHART]), 'web.tar.gz': archive([CHART]) },
    code: 'invalid_argument',
    says: 'twice',
  },
];

function operator(name: string, text: string, says: string): HostileFiles {
  const path = ['manifest', 'generate'];
  return {
    name: `an IstioOperator with ${name}`,
    tool: 'istioctl',
    path,
    files: { 'iop.yaml': text },
    code: 'invalid_argument',
    says,
  };
}

const OPERATORS: readonly HostileFiles[] = [
  operator('charts of the server', 'spec:\n  installPackagePath: /etc\n', 'installPackagePath'),
  operator('charts of the server in JSON', '{"spec":{"installPackagePath":"/etc"}}', 'installPackagePath'),
  operator('an escaped field', 'spec: {"install\\x50ackagePath": /etc}\n', 'installPackagePath'),
  operator('other case', 'spec: {InstallPackagePath: /etc}\n', 'installPackagePath'),
  operator('an anchor and a merge', 'x: &a {y: 1}\nspec:\n  <<: *a\n', 'merge key'),
  operator('a binary key', 'spec: {!!binary aW5zdGFsbFBhY2thZ2VQYXRo: /etc}\n', 'not valid YAML'),
  operator('two documents', 'spec: {}\n---\nspec: {installPackagePath: /etc}\n', 'several'),
  operator('a line separator', 'spec: {} # \u2028  installPackagePath: /etc\n', 'line breaks'),
  operator('a paragraph separator', 'spec: # \u2029  installPackagePath: /etc\n', 'line breaks'),
  operator('a next line', 'spec: # \u0085  installPackagePath: /etc\n', 'line breaks'),
  operator('a carriage return', 'spec: # \r  installPackagePath: /etc\n', 'line breaks'),
  operator('no YAML', 'spec: [', 'not valid YAML'),
  operator('a bomb', `${'['.repeat(100_000)}`, 'entries'),
  {
    name: 'an IstioOperator on stdin',
    tool: 'istioctl',
    path: ['install'],
    files: {},
    stdin: 'spec: {installPackagePath: /proc}',
    code: 'invalid_argument',
    says: 'stdin',
  },
];

export const HOSTILE_FILES: readonly HostileFiles[] = [...NAMES, ...TOGETHER, ...SCHEMAS, ...ARCHIVES, ...OPERATORS];
