import { describe, expect, it } from 'vitest';
import { sameMinor } from './binaries.ts';
import { wrapperModules } from './modules.ts';

describe('a program found on the machine', () => {
  it.each([
    ['Kubernetes v1.36.0', 'v1.36.3', true],
    ['Client Version: v1.36.3\nKustomize Version: v5.8.1', 'v1.36.3', true],
    ['Client Version: v1.35.4\nKustomize Version: v1.36.1', 'v1.36.3', false],
    ['etcd Version: 3.6.14\nGo Version: go1.26.8', 'v3.6.14', true],
    ['kwok version v0.8.0 go1.26.8 (linux/amd64)', 'v0.8.0', true],
    ['kwok version v0.80.0', 'v0.8.0', false],
    ['', 'v1.36.3', false],
  ])('that says %j fits %s: %s', (text, pinned, fits) => {
    expect(sameMinor(text, pinned)).toBe(fits);
  });
});

describe('the wrapper modules', () => {
  it('pin their versions in go.mod', () => {
    expect(wrapperModules().map(({ name, version }) => `${name} ${version}`)).toEqual([
      'etcd v3.6.14',
      'kubernetes v1.36.3',
      'kwok v0.8.0',
    ]);
  });
});
