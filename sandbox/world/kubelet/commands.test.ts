import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { programOf } from './commands.ts';

const run = (command: string[] | undefined, args?: string[], env: Record<string, string> = {}, isShell = true) =>
  programOf(
    { name: 'c', ...(command === undefined ? {} : { command }), ...(args === undefined ? {} : { args }) },
    new Map(Object.entries(env)),
    isShell,
  );
const ends = (at: number, code: number, ...lines: string[]) => ({
  kind: 'script',
  end: { at, code },
  lines: lines.map((text) => expect.objectContaining({ text })),
  thenApp: false,
});

describe('a command', () => {
  it.each([
    [['sleep', '5'], ends(5000, 0)],
    [['sleep', '2m'], ends(120_000, 0)],
    [['false'], ends(0, 1)],
    [['echo', 'hello', 'there'], ends(0, 0, 'hello there')],
    [['sh', '-c', 'exit 3'], ends(0, 3)],
    [['/bin/sh', '-ec', 'echo one; false; echo two'], ends(0, 0, 'one', 'two')],
    [['sh', '-c', 'set -e\necho one\nfalse\necho two'], ends(0, 1, 'one')],
    [['sh', '-c', 'false && echo no; echo yes'], ends(0, 0, 'yes')],
    [['sh', '-c', 'false || echo "fallback $NAME"'], ends(0, 0, 'fallback x')],
  ])('%j ends as it should', (command, expected) => {
    expect(run(command, undefined, { NAME: 'x' })).toMatchObject(expected);
  });

  it('goes on for ever when it should', () => {
    for (const command of [
      ['sleep', 'infinity'],
      ['tail', '-f', '/dev/null'],
    ])
      expect(run(command)).toMatchObject({ kind: 'script', thenApp: false, lines: [] });
    expect(run(['sleep', 'infinity'])).not.toHaveProperty('end');
    expect(run(['sh', '-c', 'while true; do echo tick; sleep 5; done'])).toMatchObject({
      every: { ms: 5000, text: 'tick' },
    });
  });

  it('waits for a service', () => {
    expect(
      run(['sh', '-c', 'until nc -z $DB_HOST 5432; do echo waiting; sleep 2; done'], undefined, { DB_HOST: 'db' }),
    ).toMatchObject({
      waits: { host: 'db', port: 5432, everyMs: 2000 },
      end: { code: 0 },
    });
  });

  it('is the image’s own program otherwise, and arguments are its flags', () => {
    expect(run(undefined, ['--verbose'], {}, false)).toEqual({ kind: 'app' });
    expect(run(['nginx', '-g', 'daemon off;'])).toMatchObject({ kind: 'script', thenApp: true });
    expect(run(['nosuchprogram'])).toEqual({ kind: 'missing', name: 'nosuchprogram' });
  });

  it('never throws, whatever a script holds', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.array(fc.constantFrom('while', 'true', 'do', ';', 'done', 'sleep 1', '&&', '"', "'", '$X')),
        (text, words) => {
          expect(run(['sh', '-c', text]).kind).toBeDefined();
          expect(run(['sh', '-c', words.join(' ')]).kind).toBeDefined();
        },
      ),
    );
  });
});
