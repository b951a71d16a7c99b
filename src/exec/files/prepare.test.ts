import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { packTar } from 'modern-tar';
import { describe, expect, test } from 'vitest';
import { archive, HOSTILE_FILES } from '../../../test/attacks/files.ts';
import { tar } from '../../../test/attacks/tar.ts';
import { AppError } from '../../kernel/errors.ts';
import type { CliTool } from '../types.ts';
import { prepareFiles } from './prepare.ts';

async function prepared(files: Record<string, string>, tool: CliTool = 'helm', path: readonly string[] = ['template']) {
  const result = await prepareFiles(files, { tool, path, files: Object.keys(files) }, undefined);
  return Object.fromEntries(result.map(({ path: name, bytes }) => [name, Buffer.from(bytes).toString()]));
}

const CHART = { name: 'web/Chart.yaml', content: 'name: web\n' };

describe('hostile files', () => {
  test.each(HOSTILE_FILES)('$name: $code', async ({ tool, path = ['template'], files, stdin, code, says }) => {
    const failed = prepareFiles(files, { tool, path, files: Object.keys(files) }, stdin).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    const error = await failed;
    expect(error).toBeInstanceOf(AppError);
    if (!(error instanceof AppError)) return;
    expect(error.message).toContain(says);
    expect(error.code).toBe(code);
    expect(error.detail.remedy).toMatch(/\.$/);
  });

  test('there are enough of them, and none is there twice', () => {
    expect(new Set(HOSTILE_FILES.map(({ name }) => name)).size).toBe(HOSTILE_FILES.length);
    expect(HOSTILE_FILES.length).toBeGreaterThan(100);
  });
});

describe('dependencies of a chart', () => {
  const list = (name: string) =>
    prepared(
      {
        'web/Chart.yaml': `name: web\nmaintainers:\n- name: Jane Doe\ndependencies:\n- Name: ${name}\n  version: 1.0.0\n`,
      },
      'helm',
      ['dependency', 'list'],
    );

  test.each(['../../../tmp/x', '"\\x2e\\x2e/x"', '"*"', 'a/b', '[a]'])(
    'named %s are not looked for on the server',
    async (name) => {
      await expect(list(name)).rejects.toThrow('whose name is a path or a pattern');
    },
  );

  test('are found however Go would find them', async () => {
    const chart = { 'web/Chart.yaml': 'name: web\ndependencie\u017f: [{name: ../x}]\n' };
    await expect(prepared(chart, 'helm', ['dependency', 'list'])).rejects.toThrow('a path or a pattern');
  });

  test('are listed by plain names', async () => {
    expect(Object.keys(await list('redis-cluster.v1'))).toEqual(['web/Chart.yaml']);
  });
});

describe('files that are taken', () => {
  test('plain files are handed on byte for byte, in any language', async () => {
    const files = {
      'web/Chart.yaml': 'name: wéb\n',
      '.helmignore': '*.bak',
      'größe/日本.txt': '\0\u{1f600}',
      'a b+c@1': '',
    };
    expect(await prepared(files)).toEqual(files);
  });

  test('an archive becomes the folder of its name, without the folder inside it', async () => {
    const members = [{ name: 'web/', type: '5' }, CHART, { name: 'web/templates/a.yaml', content: 'a: b\n' }];
    expect(await prepared({ 'charts/web-1.0.tgz': archive(members) })).toEqual({
      'charts/web-1.0/Chart.yaml': 'name: web\n',
      'charts/web-1.0/templates/a.yaml': 'a: b\n',
    });
  });

  test('packed subcharts become folders too, down to the third', async () => {
    const third = gzipSync(tar([{ name: 'c/Chart.yaml', content: 'name: c' }]));
    const second = gzipSync(tar([{ name: 'b/charts/c-1.tgz', content: third }]));
    expect(await prepared({ 'web.tgz': archive([CHART, { name: 'web/charts/b-2.tgz', content: second }]) })).toEqual({
      'web/Chart.yaml': 'name: web\n',
      'web/charts/b-2/charts/c-1/Chart.yaml': 'name: c',
    });
  });

  test('a packed subchart in a folder of `files` becomes a folder', async () => {
    const files = {
      'web/Chart.yaml': 'name: web',
      'web/charts/db.tgz': archive([{ name: 'db/Chart.yaml', content: 'name: db' }]),
    };
    expect(await prepared(files)).toEqual({ 'web/Chart.yaml': 'name: web', 'web/charts/db/Chart.yaml': 'name: db' });
  });

  test('an archive elsewhere in an archive is a plain file, as to helm', async () => {
    const files = await prepared({ 'web.tgz': archive([CHART, { name: 'web/files/a.tgz', content: 'x' }]) });
    expect(Object.keys(files)).toEqual(['web/Chart.yaml', 'web/files/a.tgz']);
  });

  test('base64 may be of the URL alphabet and wrapped', async () => {
    const url = archive([CHART]).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
    expect(await prepared({ 'web.tgz': url.replace(/(.{20})/g, '$1\r\n') })).toEqual({
      'web/Chart.yaml': 'name: web\n',
    });
  });

  test('long names of pax and GNU archives are read', async () => {
    const long = `web/${'a'.repeat(120)}/b.yaml`;
    expect(Object.keys(await prepared({ 'w.tgz': archive([{ ...CHART, pax: { path: long } }]) }))).toEqual([
      long.replace('web', 'w'),
    ]);
    expect(Object.keys(await prepared({ 'w.tgz': archive([{ ...CHART, gnuName: long }]) }))).toEqual([
      long.replace('web', 'w'),
    ]);
  });

  test('what another packer makes is read', async () => {
    const name = `web/templates/${'n'.repeat(150)}.yaml`;
    const packed = await packTar([
      { header: { name: 'web/', type: 'directory', size: 0 } },
      { header: { name, size: 5 }, body: 'a: b\n' },
    ]);
    expect(await prepared({ 'web.tgz': gzipSync(packed).toString('base64') })).toEqual({ [name]: 'a: b\n' });
  });

  test('schemas that stay within themselves are taken, with an $id of their own too', async () => {
    const schemas = {
      'a/values.schema.json': {
        $schema: 'http://json-schema.org/draft-07/schema#',
        $id: 'https://example.com/a',
        $ref: '#/x',
      },
      'b/values.schema.json': {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        properties: { $ref: { type: 'string' } },
      },
      'c/values.schema.json': {
        items: { $ref: 'http://json-schema.org/draft-07/schema#' },
        default: 'http://x.example',
      },
    };
    const files = Object.fromEntries(Object.entries(schemas).map(([name, value]) => [name, JSON.stringify(value)]));
    expect(await prepared(files)).toEqual(files);
  });

  test('schemas and IstioOperators are looked at for the tools that read them only', async () => {
    const files = { 'values.schema.json': '{"$ref":"file:///x"}', 'iop.yaml': 'spec: {installPackagePath: /etc}' };
    expect(await prepared(files, 'kubectl', ['apply'])).toEqual(files);
    expect(await prepared(files, 'istioctl', ['analyze'])).toEqual(files);
  });

  test('a plain IstioOperator is taken', async () => {
    const files = {
      'iop.yaml': 'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {profile: minimal}\n',
    };
    expect(await prepared(files, 'istioctl', ['install'])).toEqual(files);
  });
});

test('whatever is given, the result lies below its folder or is refused in words', async () => {
  const segment = fc.oneof(fc.constantFrom('..', '.', '', 'a', 'A', 'web', 'charts', 'x.tgz', '\\', 'c:'), fc.string());
  const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
  await fc.assert(
    fc.asyncProperty(fc.dictionary(path, fc.string(), { maxKeys: 4 }), async (files) => {
      try {
        for (const name of Object.keys(await prepared(files))) {
          expect(name).not.toMatch(/^\/|(^|\/)\.{0,2}(\/|$)|\\|\p{C}/u);
        }
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(AppError);
        expect(['invalid_argument', 'too_large']).toContain((thrown as AppError).code);
      }
    }),
    { numRuns: 500 },
  );
});

test('archives of any members and of any bytes are unpacked below their folder or refused in words', async () => {
  const name = fc.oneof(
    fc.string({ maxLength: 90 }),
    fc.constantFrom('web/a', 'web/../a', './web/b', 'web/charts/x.tgz'),
  );
  const member = fc.record({ name, type: fc.constantFrom('0', '5', '2', '7', 'x', 'L', 'g'), content: fc.string() });
  const flip = fc.tuple(fc.nat(2000), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(fc.array(member, { maxLength: 4 }), fc.option(flip), async (members, change) => {
      const bytes = tar(members);
      if (change !== null) bytes[change[0] % bytes.length] = change[1];
      try {
        for (const path of Object.keys(await prepared({ 'w.tgz': gzipSync(bytes).toString('base64') }))) {
          expect(path).toMatch(/^w\//);
          expect(path).not.toMatch(/(^|\/)\.{0,2}(\/|$)|\\|\p{C}/u);
        }
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(AppError);
        expect(['invalid_argument', 'too_large']).toContain((thrown as AppError).code);
      }
    }),
    { numRuns: 500 },
  );
});
