import { expect, test } from 'vitest';
import { refuseCopiedSecrets } from './copied-secrets.ts';

const MARKER = '<redacted sha256:0123abcd>';
const SECRET = { kind: 'Secret', metadata: { name: 'db', labels: { app: 'db' } }, data: { password: MARKER } };
const step = (op: string, from: string) => [{ op, from, path: '/metadata/annotations/x' }];

test.each(['/data/password', '/data', ''])('copying or moving from %j of a Secret is refused', (from) => {
  for (const op of ['copy', 'move']) {
    expect(() => refuseCopiedSecrets(step(op, from), SECRET)).toThrow(/holds redacted values/);
  }
});

test('an earlier step cannot hide which path is meant', () => {
  const pod = {
    spec: {
      env: [
        { name: 'A', value: 'x' },
        { name: 'DB_PASSWORD', value: MARKER },
      ],
    },
  };
  const patch = [{ op: 'remove', path: '/spec/env/0' }, ...step('copy', '/spec/env/0/value')];
  expect(() => refuseCopiedSecrets(patch, pod)).toThrow(/holds redacted values/);
});

test('other steps, and copies from fields that hold none, pass', () => {
  refuseCopiedSecrets(step('copy', '/metadata/labels/app'), SECRET);
  refuseCopiedSecrets([{ op: 'replace', path: '/data/password', value: 'eA==' }], SECRET);
  refuseCopiedSecrets(step('copy', '/nowhere'), SECRET);
  refuseCopiedSecrets({ data: null }, SECRET);
  refuseCopiedSecrets([null, 5, 'copy'], SECRET);
});
