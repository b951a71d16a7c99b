import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isPlain, scrubShapes } from './shapes.ts';

const BEGINNINGS = [
  ...[
    'eyJ',
    'AKIA',
    'ASIA',
    'ghp_',
    'github_pat_',
    'glpat-',
    'xoxb-',
    'xapp-',
    'AIza',
    'ya29.',
    'sk_live_',
    'rk_test_',
  ],
  ...['npm_', 'sk-', 'hf_', 'hvs.', 'dop_v1_', 'SG.', 'pypi-', 'hooks.slack.com/services/', 'Pod/', 'Deployment.apps/'],
  ...['bearer ', 'password=', 'token: ', '--token ', 'https://u:p@h/', 'Secret.', '/', '.', '-'],
];
const run = fc
  .constantFrom('a', 'b0', 'x-', '7', 'z.', 'Q', 'N4')
  .chain((unit) => fc.nat(70).map((n) => unit.repeat(n)));
const text = fc.array(fc.oneof(fc.constantFrom(...BEGINNINGS), run), { maxLength: 6 }).map((parts) => parts.join(''));

it('takes no text for plain in which a credential shape stands', () => {
  fc.assert(
    fc.property(text, (name) => {
      // A text of its own is looked at by one glance where it is plain; behind a mark it never is.
      const looked = `! ${name}`;
      if (isPlain(name)) expect(scrubShapes(looked, () => '<found>')).toBe(looked);
    }),
    { numRuns: 3000 },
  );
});

it.each(['Deployment.apps/shop/cart', 'Node/worker-1', 'registry.test/cart', 'Certificate.cert-manager.io/shop/web'])(
  'takes %s for plain',
  (name) => expect(isPlain(name)).toBe(true),
);

it.each([
  'SG.abcdefghijklmnopq.abcdefghijklmnopq',
  'ns/sk-abcdefghijklmnopqrstuvwx',
  'Pod.glpat-abcdefghijklmnopqrstuv',
])('does not take %s for plain', (name) => expect(isPlain(name)).toBe(false));
