import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cutText, tidyText } from './child-output.ts';
import { createProgress } from './child-progress.ts';
import { call, SECRET } from './child-testing.ts';

const rules = { redactor: call().redactor, masks: [['https://127.0.0.1:1/dev', 'https://api']] as const };

describe('tidyText', () => {
  it('leaves plain text of any size as it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.stringMatching(/^[ -~é中\t]{0,80}$/), { maxLength: 900 }), async (lines) => {
        const text = lines.join('\n');
        expect(await tidyText(text, rules)).toEqual({ text, cleaned: false, redacted: false });
      }),
      { numRuns: 30 },
    );
  });

  it('finds what it looks for wherever it stands in a long text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(60_000), fc.nat(200), async (before, width) => {
        const line = `${'x'.repeat(width)}\n`;
        const filler = line.repeat(Math.ceil(before / line.length));
        const text = `${filler}at https://127.0.0.1:1/dev \x1b[1m${SECRET}\x1b[0m\n${filler}`;
        expect(await tidyText(text, rules)).toEqual({
          text: `${filler}at https://api <redacted sha256:00000000>\n${filler}`,
          cleaned: true,
          redacted: true,
        });
      }),
      { numRuns: 30 },
    );
  });

  it('takes one endless line in pieces', async () => {
    const text = 'x'.repeat(1_000_000);
    expect((await tidyText(text, rules)).text).toBe(text);
  });

  it('gives up when the call does', async () => {
    const text = `${'x'.repeat(100)}\n`.repeat(200_000);
    await expect(tidyText(text, rules, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('cutText', () => {
  it('never leaves half a character', () => {
    expect([cutText('abc', 3), cutText('abc', 2), cutText('a😀', 2), cutText('a😀', 3)]).toEqual([
      'abc',
      'ab',
      'a',
      'a😀',
    ]);
  });
});

describe('createProgress', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const start = (firstAfterMs: number) => {
    const sent: string[] = [];
    return { sent, progress: createProgress({ ...rules, firstAfterMs, send: (text) => sent.push(text) }) };
  };

  it('sends whole lines, redacted, at most twice a second', () => {
    const { sent, progress } = start(0);
    progress.push(Buffer.from(`one\ntwo ${SECRET.slice(0, 5)}`));
    vi.advanceTimersByTime(0);
    expect(sent).toEqual(['one\n']);
    progress.push(Buffer.from(`${SECRET.slice(5)}\nthr`));
    vi.advanceTimersByTime(499);
    expect(sent.length).toBe(1);
    progress.push(Buffer.from('ee\n'));
    vi.advanceTimersByTime(1);
    expect(sent).toEqual(['one\n', 'two <redacted sha256:00000000>\nthree\n']);
    progress.end();
  });

  it('is quiet at first, and for ever when the command ends before', () => {
    const { sent, progress } = start(5000);
    progress.push(Buffer.from('one\n'));
    vi.advanceTimersByTime(4000);
    progress.end();
    vi.advanceTimersByTime(10_000);
    expect(sent).toEqual([]);
  });

  it('shows the newest of a flood and never begins within a line', () => {
    const { sent, progress } = start(0);
    const line = (at: number) => `line ${String(at).padStart(6, '0')} ${'x'.repeat(80)}\n`;
    for (let at = 0; at < 5000; at++) progress.push(Buffer.from(line(at)));
    vi.advanceTimersByTime(0);
    expect(sent[0]?.length).toBeLessThanOrEqual(2002);
    progress.push(Buffer.from(`half of a line\n${line(5000)}`));
    vi.advanceTimersByTime(500);
    expect(sent[1]).toBe(line(5000));
  });
});
