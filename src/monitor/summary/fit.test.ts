import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, cutBytes, fitText, type Section } from './fit.ts';

const section = fc.record<Section>({
  heading: fc.string({ unit: 'grapheme', maxLength: 40 }),
  lines: fc.array(fc.string({ unit: 'grapheme', maxLength: 400 }), { maxLength: 60 }),
  rank: fc.integer({ min: 0, max: 9 }),
  least: fc.integer({ min: 0, max: 5 }),
  more: fc.string({ maxLength: 30 }),
});

describe('a text that must fit', () => {
  it('never has more bytes than it may', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 3000 }),
        fc.string({ unit: 'grapheme', maxLength: 3000 }),
        fc.array(section, { maxLength: 8 }),
        fc.integer({ min: 1, max: 50 }),
        (first, last, sections, kb) => {
          expect(bytesOf(fitText({ first, sections, last }, kb * 1024))).toBeLessThanOrEqual(kb * 1024);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('says how much it left out and how to get it, and gives space by rank', () => {
    const lines = Array.from({ length: 40 }, (_, index) => `line ${index} ${'x'.repeat(40)}`);
    const text = fitText(
      {
        first: 'verdict',
        sections: [
          { heading: 'B', lines, rank: 2, least: 1, more: 'max_size_kb' },
          { heading: 'A', lines, rank: 1, least: 1, more: 'scope: anomalies' },
        ],
        last: 'as of now',
      },
      1024,
    );
    expect(text.split('\n')).toEqual([
      'verdict',
      'B',
      lines[0],
      '… and 39 more (max_size_kb)',
      'A',
      ...lines.slice(0, 15),
      '… and 25 more (scope: anomalies)',
      'as of now',
    ]);
  });

  it('tells the beginning of what is most important however little room there is, and names no section without a heading', () => {
    const sections = [
      { heading: 'Anomalies:', lines: [`1. ${'x'.repeat(600)}`, 'e'.repeat(200)], rank: 0, least: 12, more: 'lines' },
      { heading: 'Health:', lines: ['pods: 3', 'nodes: 2'], rank: 1, least: 7, more: '' },
      { heading: '', lines: ['y'.repeat(300)], rank: 2, least: 1, more: '' },
    ];
    const lines = fitText({ first: 'v'.repeat(900), sections, last: 'l'.repeat(900) }, 500).split('\n');
    expect(lines).toEqual([
      `${'v'.repeat(197)}…`,
      'Anomalies:',
      expect.stringMatching(/^1\. x{100,}…$/),
      '… and 1 more (lines)',
      'no room for: Health',
      `${'l'.repeat(47)}…`,
    ]);
  });

  it('shows everything where everything fits', () => {
    const sections = [{ heading: 'A', lines: ['1', '2'], rank: 1, least: 1, more: '' }];
    expect(fitText({ first: 'f', sections, last: 'l' }, 1024)).toBe('f\nA\n1\n2\nl');
  });

  it('never cuts a character in two', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.integer({ min: 0, max: 200 }), (text, most) => {
        const cut = cutBytes(text, most);
        expect(bytesOf(cut)).toBeLessThanOrEqual(Math.max(most, 0));
        expect(cut).not.toContain('\ufffd');
      }),
    );
  });
});
