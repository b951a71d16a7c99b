/** What filters may do to the process that they run in, and what becomes of it without its server. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { descendants, isAlive, isFilterWorker } from '../../../test/support/process-watch.ts';
import { type Script, startScript } from '../../../test/support/script.ts';
import { parseFilter } from './parse.ts';
import { closeFilters, runFilters } from './run.ts';

const onLinux = test.runIf(process.platform === 'linux');

afterAll(closeFilters);

const pipe = (input: string, words: string[], timeoutMs: number) =>
  runFilters(input, [parseFilter(words)], { maxOutputChars: 1000, timeoutMs });

/** `entries` strings of 10 kB, then small ones: the array grows when little is left. */
const fill = (entries: number) => [
  'awk',
  `BEGIN{s = sprintf("%9999d", 1); for(; i < ${entries};) a[i++] = toupper(s i); for(;;) a[i++] = i i}`,
];

describe('a worker without memory', () => {
  /** Of what takes two seconds at rest: a busy machine of two cores took more than sixty. */
  const SOON = 240_000;
  const OUT = /needed more memory than they may have/;
  test.each([
    ['long strings', '', fill(1e9), OUT, SOON],
    [
      'an array that grows when the heap is nearly full',
      '',
      fill(47_000),
      /needed more memory|more than 1000000 entries/,
      SOON,
    ],
    ['the sorting of 16 million lines', 'a\n'.repeat(2 ** 24), ['sort'], OUT, SOON],
    [
      'a line that doubles',
      `${'x'.repeat(2 ** 16)}\n`,
      ['sed', 's/x/xx/g;'.repeat(12)],
      /needed more memory|took longer/,
      2000,
    ],
  ])('ends alone, and the next has its own: %s', { timeout: 6 * SOON }, async (_, input, words, message, limitMs) => {
    for (let round = 0; round < 2; round += 1) {
      const ends = await Promise.all([pipe(input, words, limitMs), pipe(input, words, limitMs)]);
      for (const end of ends) {
        expect(end).toMatchObject({ output: '' });
        expect(end.error).toMatch(message);
      }
      expect(await pipe('a\nb\n', ['grep', 'a'], 20_000)).toEqual({ output: 'a\n', exitCode: 0, truncated: false });
    }
  });

  onLinux('leaves no memory in a core dump, and is the first to go where the system has too little', async () => {
    await pipe('a', ['cat'], 20_000);
    const [worker] = descendants(process.pid).filter(isFilterWorker);
    expect([text(worker, 'coredump_filter'), text(worker, 'oom_score_adj')]).toEqual(['00000000\n', '1000\n']);
  });
});

describe('a worker whose server was killed', () => {
  /** A server that has run a filter, then runs this one, and then does something else. */
  async function server(stage: string[], also: string): Promise<{ server: Script; workers: number[] }> {
    const url = new URL('./run.ts', import.meta.url).href;
    const child = startScript(
      `import { runFilters } from ${JSON.stringify(url)};
       const run = (name, args) => runFilters('x', [{ name, args }], { maxOutputChars: 10, timeoutMs: 60_000 });
       await run('cat', []);
       ${stage.length === 0 ? '' : `void run(...${JSON.stringify([stage[0], stage.slice(1)])});`}
       ${also}
       console.log('ready');`,
    );
    const errors: Buffer[] = [];
    child.stderr?.on('data', (chunk) => errors.push(chunk));
    const ready = once(child.stdout ?? child, 'data');
    await Promise.race([ready, once(child, 'exit')]);
    expect(Buffer.concat(errors).toString()).toBe('');
    return { server: child, workers: descendants(child.pid ?? 0) };
  }

  onLinux.each([
    ['idle', []],
    ['busy', ['awk', 'BEGIN{for(;;) i++}']],
  ])('goes as well when it is %s', async (_, stage) => {
    const { server: killed, workers } = await server(stage, 'setInterval(() => {}, 1000)');
    expect(workers).toHaveLength(1);
    killed.kill('SIGKILL');
    await expect.poll(() => workers.filter(isAlive)).toEqual([]);
  });

  onLinux('outlives the signals of a terminal, which are for the server', async () => {
    const { server: parent, workers } = await server(
      [],
      `setInterval(() => {}, 1000);
       process.on('SIGUSR2', () => run('cat', []).then(() => console.log('again')));`,
    );
    const [worker] = workers;
    if (worker === undefined) throw new Error('no worker runs');
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(worker, signal);
    const again = once(parent.stdout ?? parent, 'data');
    parent.kill('SIGUSR2');
    await again;
    expect(descendants(parent.pid ?? 0)).toEqual(workers);
    parent.kill('SIGKILL');
    await expect.poll(() => workers.filter(isAlive)).toEqual([]);
  });

  onLinux('does not keep a server from its end', async () => {
    const { server: ending, workers } = await server([], '');
    if (ending.exitCode === null) await once(ending, 'exit');
    expect(ending.exitCode).toBe(0);
    await expect.poll(() => workers.filter(isAlive)).toEqual([]);
  });
});

function text(pid: number | undefined, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
