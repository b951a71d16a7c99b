import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIntern } from './intern.ts';

describe('interning', () => {
  it('makes equal values one and leaves different ones apart', () => {
    const intern = createIntern();
    const first = intern.shared({ image: 'a:1', ports: [{ port: 80 }] });
    expect(intern.shared({ image: 'a:1', ports: [{ port: 80 }] })).toBe(first);
    expect(intern.shared({ image: 'a:1', ports: [{ port: 81 }] })).not.toBe(first);
    expect(intern.shared({ image: 'a:1', ports: [{ port: 80 }], more: undefined })).not.toBe(first);
    expect(intern.statistics()).toEqual({ texts: 0, shared: 3, reused: 1 });
  });

  it('gives back what is equal to what it was given, whatever that is', () => {
    const intern = createIntern(50);
    fc.assert(
      fc.property(fc.object({ maxDepth: 3 }), fc.string(), (value, text) => {
        expect(intern.shared(value)).toEqual(value);
        expect(intern.shared(structuredClone(value))).toEqual(value);
        expect(intern.text(text)).toBe(text);
      }),
      { seed: 8 },
    );
  });

  it('remembers a bounded number, those in use the longest', () => {
    const intern = createIntern(100);
    const kept = intern.shared({ template: 'often used' });
    for (let i = 0; i < 10_000; i++) {
      intern.text(`text ${i}`);
      intern.shared({ index: i });
      if (i % 10 === 0) expect(intern.shared({ template: 'often used' })).toBe(kept);
    }
    const { texts, shared } = intern.statistics();
    expect(texts).toBeLessThanOrEqual(100);
    expect(shared).toBeLessThanOrEqual(100);
  });

  it('tells names apart that differ in few letters', () => {
    const intern = createIntern();
    for (let i = 0; i < 4000; i++)
      intern.shared({ image: `registry.test/team-${i % 80}/app-${Math.floor(i / 80)}:1.2.3` });
    // As many hashes as values, but for a few that meet.
    expect(intern.statistics().shared).toBeGreaterThan(3990);
  });

  it('compares with few others where values were made to meet, and gives back what it was given', () => {
    const intern = createIntern();
    // Every fourth letter of what is this long is looked at, from the end on.
    const alike = (i: number) => ({ note: `${String(i).padStart(4, '0')}`.split('').join('---').padEnd(256, '-') });
    const values = Array.from({ length: 2000 }, (_, i) => alike(i));
    for (const value of values) expect(intern.shared(value)).toBe(value);
    expect(intern.shared(alike(3))).toBe(values[3]);
    const late = alike(1999);
    expect(intern.shared(late)).toBe(late);
  });
});
