import { describe, expect, it } from 'vitest';
import { markerOf } from './fingerprint.ts';
import { createRedactor } from './redactor.ts';

const KEY = new Uint8Array(32).fill(7);
const mark = (value: string) => markerOf(KEY, value);
const text = (value: string) => createRedactor(KEY).clusterText(value);

describe('what stands behind the name of a credential', () => {
  it.each(['12345', '123456 is wrong', '5 objectsX', '5  objects', 'x5 objects'])(
    'takes nothing but a count of objects for one: %s',
    (value) => {
      const [first = ''] = value.split(' ');
      const marked = value.replace(first, mark(first));
      expect(text(`Secret acc/runner-token: ${value}`)).toBe(`Secret acc/runner-token: ${marked}`);
    },
  );
  it.each(['5 objects', '12345 objects'])('takes a value of its own line for one: %s', (value) =>
    expect(text(`runner-token: ${value}`)).toBe(`runner-token: ${mark(value)}`),
  );
});
