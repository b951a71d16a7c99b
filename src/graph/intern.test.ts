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
});
