import { expect, test } from 'vitest';
import { foldRepeats, withoutStamp } from './fold.ts';

test('neighbours that differ in their time stamp alone are one, the last, with a count', () => {
  expect(
    foldRepeats([
      '2026-01-01T00:00:01Z ready',
      '2026-01-01T00:00:02.123456789Z ready',
      '2026-01-01T00:00:03Z ready',
      '2026-01-01T00:00:04Z failed',
      '2026-01-01T00:00:05Z ready',
    ]),
  ).toEqual(['2026-01-01T00:00:03Z ready (x3)', '2026-01-01T00:00:04Z failed', '2026-01-01T00:00:05Z ready']);
});

test.each([
  ['2026/01/02 03:04:05 msg', 'msg'],
  ['[2026-01-02 03:04:05,678] msg', 'msg'],
  ['I0102 03:04:05.678901       1 server.go:12] msg', 'server.go:12] msg'],
  ['took 12ms', 'took 12ms'],
  ['12 items', '12 items'],
])('the line %j without its stamp is %j', (line, rest) => {
  expect(withoutStamp(line)).toBe(rest);
});

test('lines that differ in a number stay apart', () => {
  expect(foldRepeats(['took 12ms', 'took 13ms'])).toEqual(['took 12ms', 'took 13ms']);
});
