import { afterAll, describe, expect, test } from 'vitest';
import { parseFilter } from './parse.ts';
import { WorkerPool } from './pool.ts';
import { closeFilters, runFilters, warmFilters } from './run.ts';

const LIMITS = { maxOutputChars: 100_000, timeoutMs: 20_000 };

/** `a | b` as words separated by blanks; what stands in single quotes is one word. */
function stages(line: string) {
  const pipes: string[][] = [[]];
  for (const [word, quoted] of line.matchAll(/'([^']*)'|\S+/g)) {
    if (word === '|') pipes.push([]);
    else pipes.at(-1)?.push(quoted ?? word);
  }
  return pipes.map(parseFilter);
}

const pipe = (
  input: string | Uint8Array,
  line: string,
  limits: Partial<typeof LIMITS> & { signal?: AbortSignal } = {},
) => runFilters(input, stages(line), { ...LIMITS, ...limits });

afterAll(closeFilters);

describe('filters in their worker', () => {
  test('a pipe gives what its last stage gives', async () => {
    const pods = 'NAME STATUS\nweb-2 Running\nweb-1 Running\napi-1 Error\n';
    expect(await pipe(pods, 'grep -v NAME | sort | head -2')).toEqual({
      output: 'api-1 Error\nweb-1 Running\n',
      exitCode: 0,
      truncated: false,
    });
    expect(await pipe(pods, "awk '{print $2}' | sort | uniq -c | sort -rn | sed -n 1p")).toMatchObject({
      output: '      2 Running\n',
    });
    expect(await pipe('{"a":[1,2]}', "jq '.a[]' | wc -l")).toMatchObject({ output: '2\n', exitCode: 0 });
    expect(await pipe(pods, 'grep nothing')).toEqual({ output: '', exitCode: 1, truncated: false });
    expect(await pipe(pods, 'grep nothing | wc -l')).toEqual({ output: '0\n', exitCode: 0, truncated: false });
    expect(await pipe(pods, 'jq . | head -1')).toMatchObject({
      output: '',
      exitCode: 0,
      error: expect.stringContaining('jq: parse error'),
    });
  });

  test('bytes that are no UTF-8 become the replacement character', async () => {
    expect(await pipe(new Uint8Array([0x61, 0xff, 0x0a, 0xef, 0xbb, 0xbf, 0x0a]), 'cat')).toMatchObject({
      output: 'a\ufffd\n\ufeff\n',
    });
  });

  test('output ends at its limit, and says so', async () => {
    expect(await pipe('abc\n'.repeat(1000), 'cat', { maxOutputChars: 10 })).toEqual({
      output: 'abc\nabc\nab',
      exitCode: 0,
      truncated: true,
    });
    expect(await pipe('', "jq -n 'range(infinite)'", { maxOutputChars: 9 })).toEqual({
      output: '0\n1\n2\n3\n4',
      exitCode: 0,
      truncated: true,
    });
    expect(await pipe('', "awk 'BEGIN{for(;;) print}'", { maxOutputChars: 2 })).toMatchObject({
      output: '\n\n',
      truncated: true,
    });
  });

  test.each([
    "jq -n 'def f: f; f'",
    "jq -n 'repeat(1) | empty'",
    "jq -n 'until(false; .)'",
    "jq -n 'last(range(infinite))'",
    "jq -n '[limit(1000000000; repeat(1))] | length'",
    "jq -n 'range(infinite)' | grep x",
    "awk 'BEGIN{for(;;) i++}'",
    "awk 'BEGIN{while(1);}'",
  ])('%s ends at the deadline', async (line) => {
    const end = await pipe('a\n', line, { timeoutMs: 300 });
    expect(end).toMatchObject({
      output: '',
      exitCode: 124,
      error: expect.stringMatching(/took longer than the 0\.3 s left for them/),
    });
  });

  test.each([
    ['jq -n \'"x" * 1000000000\'', /jq: out of memory/],
    ["jq -n 'def f: [f]; f'", /jq: out of memory/],
    ["jq -n 'reduce range(100000) as $i (0; [.]) | tojson'", /jq: broke off; the program or its data nests too deeply/],
    ['awk \'BEGIN{a = "x"; for(;;) a = a a}\'', /awk: .*string length/i],
    [
      'awk \'BEGIN{s = sprintf("%9999d", 1); s = s s s s s s s s s s; for(;;) a[i++] = toupper(s i)}\'',
      /needed more memory than they may have/,
    ],
  ])('%s ends at its memory', async (line, message) => {
    const end = await pipe('', line);
    expect(end.error).toMatch(message);
    expect(end.exitCode).toBeGreaterThan(1);
    expect(await pipe('a\n', 'grep a')).toMatchObject({ output: 'a\n' });
  });

  test('patterns that take others for ever end soon', async () => {
    const text = `${'a'.repeat(30_000)}!\n`;
    expect((await pipe(text, "grep -cE '(a+)+$'")).output).toBe('0\n');
    expect((await pipe(text, "sed -E 's/(a|aa)+b/x/'")).output).toBe(text);
    expect((await pipe(text, 'awk \'$0 ~ "(a*)*b"\'')).output).toBe('');
  });

  test('a cancelled call ends its work', async () => {
    const controller = new AbortController();
    const end = pipe('', "jq -n 'repeat(1) | empty'", { signal: controller.signal });
    setTimeout(() => controller.abort(), 100);
    await expect(end).rejects.toMatchObject({ code: 'cancelled' });
    await expect(pipe('', 'cat', { signal: controller.signal })).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('calls side by side never see each other', async () => {
    const calls = Array.from({ length: 40 }, (_, index) =>
      pipe(`{"n":${index}}`, index % 2 === 0 ? 'jq -c .' : `sed 's/n/m${index}/'`),
    );
    const outputs = (await Promise.all(calls)).map(({ output }) => output);
    expect(outputs).toEqual(
      outputs.map((_, index) => (index % 2 === 0 ? `{"n":${index}}\n` : `{"m${index}":${index}}`)),
    );
  });

  test('the worker has no environment and no arguments of the server', async () => {
    expect(await pipe('', "jq -nc '[env, $ENV.PATH]'")).toMatchObject({ output: '[{},null]\n' });
  });
});

describe('the pool of workers', () => {
  const job = { stages: [{ name: 'cat', args: [] }], input: 'x', maxOutputChars: 10 };

  test('keeps two workers at most, and none after a failure', async () => {
    const pool = new WorkerPool();
    await Promise.all(Array.from({ length: 6 }, () => pool.run(job, 20_000)));
    expect(pool.idle).toBe(2);
    await pool.close();
    expect(pool.idle).toBe(0);
    const loop = { ...job, stages: [{ name: 'awk', args: ['BEGIN{for(;;) i++}'] }] };
    expect(await pool.run(loop, 500)).toEqual({ ended: 'deadline' });
    expect(pool.idle).toBe(0);
    await pool.close();
  });

  test('a call that waits for a worker has its deadline too', async () => {
    const pool = new WorkerPool();
    const loop = { ...job, stages: [{ name: 'awk', args: ['BEGIN{for(;;) i++}'] }] };
    const busy = Array.from({ length: 4 }, () => pool.run(loop, 2_000));
    expect(await pool.run(job, 200)).toEqual({ ended: 'deadline' });
    const later = pool.run(job, 20_000);
    expect(await Promise.all(busy)).toEqual(Array.from({ length: 4 }, () => ({ ended: 'deadline' })));
    expect(await later).toMatchObject({ outcome: { output: 'x' } });
    await pool.close();
  });

  test('warming starts one worker, once', async () => {
    const pool = new WorkerPool();
    pool.warm();
    pool.warm();
    expect(pool.idle).toBe(1);
    await pool.close();
    warmFilters();
  });

  test('a worker is not kept after a large input', async () => {
    const pool = new WorkerPool();
    await pool.run({ ...job, input: 'x'.repeat(3 * 1024 * 1024) }, 20_000);
    expect(pool.idle).toBe(0);
  });
});
