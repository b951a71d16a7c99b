import { expect, test } from 'vitest';
import { createRecent } from './recent.ts';

test('what was made of the last eight objects is made once, for the same other parts', () => {
  const recent = createRecent<string>();
  const asked: string[] = [];
  const made = (of: { id: number }, first: string, second = 'spec') =>
    recent(of, first, second, () => {
      const name = `${of.id} ${first} ${second}`;
      asked.push(name);
      return name;
    });
  const objects = Array.from({ length: 9 }, (_, id) => ({ id }));
  const [one = { id: -1 }, ...others] = objects;
  expect([made(one, 'a'), made(one, 'a'), made(one, 'b'), made(one, 'a', 'template')]).toEqual([
    '0 a spec',
    '0 a spec',
    '0 b spec',
    '0 a template',
  ]);
  expect(asked).toHaveLength(3);
  for (const other of others) made(other, 'a');
  expect(made(one, 'a')).toBe('0 a spec');
  expect(asked).toHaveLength(12);
});
