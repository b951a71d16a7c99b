import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compare, flags, output, run, some, together } from '../../../test/support/filters.ts';
import { parseFilter } from './parse.ts';

const PODS = JSON.stringify({
  items: [
    { metadata: { name: 'web-1', labels: { app: 'web' } }, status: { phase: 'Running' } },
    { metadata: { name: 'api-1' }, status: { phase: 'Failed' } },
  ],
});

const PROGRAMS = [
  '.',
  '.[]?',
  '.a',
  '.a.b?',
  'keys?',
  'length?',
  'tojson',
  '[.[]?|type]',
  'map(.)?',
  'to_entries?',
  'select(.a? != null)',
  'if type == "object" then .a else . end',
  '[paths]',
  '.. | numbers',
  'tostring | test("^[0-9]+$")',
  'empty',
  'error("x")',
  '[.[]?] | sort | unique | reverse',
  'tostring | ascii_downcase | split(",") | join("-")',
  '[1, 2, 3] | add, min, max, (.[1:] | length)',
  '@base64 "\\(.)", @sh "\\(tojson)", @csv "\\([1, "a"])"',
];
const json = fc.json({ noUnicodeString: true, maxDepth: 3 }).filter((text) => !/[.eE-]\d/.test(text));
const documents = fc.array(json, { maxLength: 3 }).map((list) => list.join('\n'));
const layout = some('', '--tab', '--indent 1', '--indent 7').map((words) =>
  words.split(' ').filter((word) => word !== ''),
);

/** A start of jq takes longer than that of other tools. */
const SLOW = 0.3;

describe('jq', () => {
  compare(
    'jq',
    'runs programs',
    together(
      flags('-r', '-c', '-s', '-S'),
      layout,
      some(...PROGRAMS).map((program) => [program]),
    ),
    documents,
    'jq-1',
    SLOW,
  );
  compare(
    'jq',
    'reads plain lines',
    together(
      flags('-r', '-s', '-j'),
      some('.', 'length', 'ascii_upcase').map((one) => ['-R', one]),
    ),
    fc.string().filter((text) => text.isWellFormed() && !text.includes('\0')),
    'jq-1',
    SLOW,
  );

  test('does what it is mostly used for', async () => {
    expect(await output(PODS, 'jq', '-r', '.items[].metadata.name')).toBe('web-1\napi-1\n');
    expect(await output(PODS, 'jq', '.items | length')).toBe('2\n');
    expect(await output(PODS, 'jq', '-r', '.items[] | select(.status.phase=="Failed") | .metadata.name')).toBe(
      'api-1\n',
    );
    expect(await output(PODS, 'jq', '-rc', '.items[] | [.metadata.name, .status.phase] | @tsv')).toBe(
      'web-1\tRunning\napi-1\tFailed\n',
    );
    expect(
      await output(
        PODS,
        'jq',
        '-r',
        '--arg',
        'app',
        'web',
        '.items[] | select(.metadata.labels.app==$app).metadata.name',
      ),
    ).toBe('web-1\n');
    expect(await output('', 'jq', '-n', '--argjson', 'n', '[1]', '-c', '{n: $n}')).toBe('{"n":[1]}\n');
    expect(await output('"é😀"', 'jq', '-r', '.')).toBe('é😀\n');
  });

  test('ends with the codes of jq', async () => {
    expect(await run('{"a":null}', 'jq', '-e', '.a')).toEqual({ output: 'null\n', exitCode: 1, truncated: false });
    expect((await run('', 'jq', '-e', '.a')).exitCode).toBe(4);
    expect((await run('1', 'jq', '"x" | halt_error(7)')).exitCode).toBe(7);
    const broken = await run('{', 'jq', '.');
    expect(broken).toMatchObject({
      output: '',
      exitCode: 2 + 3,
      error: expect.stringMatching(/^jq: parse error: Unfinished JSON term/),
    });
    const syntax = await run('1', 'jq', '.[');
    expect(syntax).toMatchObject({ exitCode: 3, error: expect.stringContaining('syntax error') });
  });

  test('knows no environment, no file and no module', async () => {
    expect(await output('1', 'jq', '-c', '[env, $ENV, $ENV.PATH, env.HOME]')).toBe('[{},{},null,null]\n');
    expect(await output('1', 'jq', '-c', '[input_filename, $__loc__.file]')).toBe('["<stdin>","<top-level>"]\n');
    expect(await output('1', 'jq', '-r', '"$(id); `id`" | @sh')).toBe("'$(id); `id`'\n");
    for (const program of [
      'import "a" as a; .',
      'include "a"; .',
      'import "/etc/passwd" as $x; $x',
      'include "x" {search: "/etc"}; .',
      '"/etc/passwd" | modulemeta',
    ])
      expect(await run('1', 'jq', program)).toMatchObject({
        output: '',
        exitCode: expect.toSatisfy((code: number) => code > 1),
      });
  });

  test('keeps nothing from one run to the next', async () => {
    expect(await output('1', 'jq', '--arg', 'secret', 'x', '$secret')).toBe('"x"\n');
    expect((await run('1', 'jq', '$secret')).error).toContain('$secret is not defined');
    expect((await run('1', 'jq', '[inputs]')).output).toBe('[]\n');
  });

  test('a few megabytes take no minutes', async () => {
    const items = Array.from({ length: 5_000 }, (_, index) => ({ name: `pod-${index}`, text: 'x'.repeat(500) }));
    expect((await output(JSON.stringify({ items }), 'jq', '-r', '.items[].name')).length).toBe(43_890);
  });

  test.each([
    [['-f', 'x']],
    [['--from-file', 'x']],
    [['-rf', 'x']],
    [['--slurpfile', 'a', '/etc/passwd', '.']],
    [['--rawfile', 'a', '/etc/passwd', '.']],
    [['--argfile', 'a', '/etc/passwd', '.']],
    [['-L', '/etc', '.']],
    [['-L/etc', '.']],
    [['--seq', '.']],
    [['-C', '.']],
    [['.', '/etc/passwd']],
    [['.', '--args', 'a']],
  ])('refuses %j', (args) => {
    expect(() => parseFilter(['jq', ...args])).toThrow(expect.objectContaining({ code: 'command_refused' }));
  });

  test.each([
    [[]],
    [['--nope', '.']],
    [['-x', '.']],
    [['--arg', 'a']],
    [['--indent', '9', '.']],
    [['--version']],
    [['-h']],
  ])('does not understand %j', (args) => {
    expect(() => parseFilter(['jq', ...args])).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
  });

  test('jq-wasm still has the names that its host functions are replaced by', () => {
    const script = readFileSync(createRequire(import.meta.url).resolve('jq-wasm/dist/build/jq.js'), 'utf8');
    expect(script).toContain('f: ___syscall_openat');
    expect(script).toContain('i: _environ_get, j: _environ_sizes_get');
    expect(script).toContain('g: _fd_read');
    expect(script).toContain('d: _fd_write');
    expect(script).toContain('wasmMemory = wasmExports["E"]');
  });
});
