import { afterEach, describe, expect, it } from 'vitest';
import { createClock, type SandboxClock } from './clock.ts';

const START = Date.parse('2026-01-01T00:00:00Z');
const clocks: SandboxClock[] = [];
function clockOf(mode: 'flowing' | 'still', start = START) {
  const clock = createClock(mode, start);
  clocks.push(clock);
  return clock;
}
afterEach(() => {
  for (const clock of clocks.splice(0)) clock.stop();
});

describe('a still clock', () => {
  it('stands until it is moved, and runs nothing by itself', async () => {
    const clock = clockOf('still');
    let ran = 0;
    clock.after(0, () => ran++);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect([clock.now(), ran]).toEqual([START, 0]);
    clock.advance(0);
    expect(ran).toBe(1);
  });

  it('skips time in which nothing runs: what fell due is late, and runs when it is moved again', () => {
    const clock = clockOf('still');
    const ran: number[] = [];
    clock.after(20, () => ran.push(clock.now() - START));
    clock.skip(1000);
    expect([clock.now() - START, ran]).toEqual([1000, []]);
    clock.advance(5);
    expect([clock.now() - START, ran]).toEqual([1005, [1000]]);
  });

  it('runs timers in the order of their time, equal ones in the order they were set', () => {
    const clock = clockOf('still');
    const ran: string[] = [];
    clock.after(20, () => ran.push('late'));
    clock.after(10, () => ran.push('first of 10'));
    clock.after(10, () => ran.push('second of 10'));
    clock.after(0, () => ran.push('now'));
    clock.advance(20);
    expect(ran).toEqual(['now', 'first of 10', 'second of 10', 'late']);
  });

  it('stands at the time of each timer while that runs, and runs what those set within the span', () => {
    const clock = clockOf('still');
    const times: number[] = [];
    const tick = () => {
      times.push(clock.now() - START);
      clock.after(100, tick);
    };
    clock.after(100, tick);
    clock.advance(350);
    expect(times).toEqual([100, 200, 300]);
    expect(clock.now() - START).toBe(350);
    expect(clock.pending()).toBe(1);
  });

  it('leaves out what was called off', () => {
    const clock = clockOf('still');
    const ran: string[] = [];
    const cancel = clock.after(10, () => ran.push('off'));
    clock.after(10, () => ran.push('on'));
    cancel();
    clock.advance(10);
    expect(ran).toEqual(['on']);
  });

  it('keeps the order of many timers set at random', () => {
    const clock = clockOf('still');
    const ran: number[] = [];
    let seed = 7;
    for (let i = 0; i < 1000; i++) {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      const at = seed % 5000;
      clock.after(at, () => ran.push(at));
    }
    clock.advance(5000);
    expect(ran).toEqual(ran.toSorted((a, b) => a - b));
    expect(ran).toHaveLength(1000);
  });
});

describe('a flowing clock', () => {
  it('runs what falls due on its own', async () => {
    const clock = clockOf('flowing');
    const ran: string[] = [];
    await new Promise<void>((resolve) => {
      clock.after(2, () => {
        ran.push('second');
        resolve();
      });
      clock.after(1, () => ran.push('first'));
    });
    expect(ran).toEqual(['first', 'second']);
    expect(clock.now()).toBeGreaterThanOrEqual(START + 2);
  });

  it('jumps when it is advanced and flows on from there', async () => {
    const clock = clockOf('flowing');
    const at: number[] = [];
    clock.after(60_000, () => at.push(clock.now() - START));
    clock.advance(300_000);
    expect(at).toHaveLength(1);
    // Time stood at the timer, give or take what passed before the jump.
    expect(at[0]).toBeGreaterThanOrEqual(60_000);
    expect(at[0]).toBeLessThan(300_000);
    expect(clock.now() - START).toBeGreaterThanOrEqual(300_000);
    await new Promise<void>((resolve) => clock.after(1, resolve));
    expect(clock.now() - START).toBeGreaterThanOrEqual(300_001);
  });

  it('lets other work in between while its timers breed', async () => {
    const clock = clockOf('flowing');
    let ran = 0;
    const breed = () => {
      ran++;
      clock.after(0, breed);
    };
    clock.after(0, breed);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(ran).toBeGreaterThan(0);
  });

  it('runs nothing once stopped', async () => {
    const clock = clockOf('flowing');
    let ran = 0;
    clock.after(0, () => ran++);
    clock.stop();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(ran).toBe(0);
  });
});

describe('a journey in turns', () => {
  it('does all at its own time, and lets other work be done on the way', async () => {
    const clock = clockOf('flowing');
    const at: number[] = [];
    const busy = () => {
      at.push(clock.now() - START);
      for (const end = performance.now() + 2; performance.now() < end; );
      if (at.length < 30) clock.after(1000, busy);
    };
    clock.after(1000, busy);
    let turns = 0;
    const other = setInterval(() => turns++, 1);
    await Promise.all([clock.advanceInTurns(20_000), clock.advanceInTurns(20_000)]);
    clearInterval(other);
    expect(at).toHaveLength(30);
    expect(at).toEqual(at.map((_, index) => (at[0] ?? 0) + 1000 * index));
    expect(turns).toBeGreaterThan(0);
    expect(clock.now() - START).toBeGreaterThanOrEqual(40_000);
  });

  it('ends when the clock stops', async () => {
    const clock = clockOf('still');
    const breed = () => void clock.after(0, breed);
    clock.after(0, breed);
    const journey = clock.advanceInTurns(1000);
    setTimeout(() => clock.stop(), 30);
    await journey;
    expect(clock.pending()).toBe(1);
  });
});

it('timers that are called off do not pile up', () => {
  const clock = clockOf('still');
  let ran = 0;
  clock.after(500, () => ran++);
  for (let at = 0; at < 100_000; at++) clock.after(3_600_000, () => ran++)();
  expect(clock.pending()).toBe(1);
  const cancel = clock.after(100, () => ran++);
  clock.advance(1000);
  cancel();
  cancel();
  expect([ran, clock.pending()]).toEqual([2, 0]);
});
