import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelProblems, pathSegmentProblems, subdomainProblems } from './names.ts';

describe('names', () => {
  it.each([
    ['a', 0],
    ['a-b.c', 0],
    ['a..b', 1],
    ['-a', 1],
    ['a_b', 1],
    ['', 1],
    ['a'.repeat(254), 1],
  ])('%s has %i problems as a subdomain', (name, problems) => {
    expect(subdomainProblems(name)).toHaveLength(problems);
  });

  it('say which part is wrong', () => {
    expect(labelProblems('a.b')).toEqual(['must not contain dots']);
    expect(pathSegmentProblems('a/b%')).toEqual(["may not contain '/'", "may not contain '%'"]);
  });

  it('are judged as by the patterns that the messages quote', () => {
    const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
    const subdomain = new RegExp(`^${label}(\\.${label})*$`);
    const text = fc.string({ unit: fc.constantFrom('a', 'Z', '0', '-', '_', '.', '/'), maxLength: 12 });
    fc.assert(
      fc.property(text, (name) => {
        expect(subdomainProblems(name).length === 0).toBe(subdomain.test(name));
      }),
    );
  });
});
