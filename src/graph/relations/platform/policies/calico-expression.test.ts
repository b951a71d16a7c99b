import { describe, expect, it } from 'vitest';
import { parseExpression } from './calico-expression.ts';

describe('Calico selectors', () => {
  it('reads a plain and', () => {
    expect(parseExpression(`app == "cart" && tier != 'web' && zone in { 'a', "b" } && old not in {'x'}`)).toEqual([
      { key: 'app', op: 'in', values: ['cart'] },
      { key: 'tier', op: 'notIn', values: ['web'] },
      { key: 'zone', op: 'in', values: ['a', 'b'] },
      { key: 'old', op: 'notIn', values: ['x'] },
    ]);
    expect(parseExpression('has(app) && !has( projectcalico.org/namespace )')).toEqual([
      { key: 'app', op: 'exists' },
      { key: 'projectcalico.org/namespace', op: 'absent' },
    ]);
  });

  it('takes nothing and all() for everything', () => {
    expect(parseExpression('')).toEqual([]);
    expect(parseExpression('all()')).toEqual([]);
  });

  it.each([`a == 'b' || c == 'd'`, `(a == 'b')`, `a starts with 'b'`, `a in {b}`, `a == 'b' && !`, 'x'.repeat(1_001)])(
    'does not guess what %s selects',
    (text) => {
      expect(parseExpression(text)).toBeUndefined();
    },
  );
});
