import { expect, test } from 'vitest';
import { prefersText } from './negotiate.ts';

test.each([
  [undefined, false],
  ['', false],
  ['*/*', false],
  ['application/json', false],
  ['text/plain', true],
  ['text/plain, */*', true],
  ['TEXT/PLAIN; charset=utf-8', true],
  ['application/json, text/plain', false],
  ['application/json;q=0.5, text/plain', true],
  ['text/plain;q=0.1, */*', false],
  ['text/plain;q=0', false],
  ['text/plain;q=x', false],
  ['text/html', false],
])('Accept %s prefers text: %s', (accept, expected) => {
  expect(prefersText(accept)).toBe(expected);
});
