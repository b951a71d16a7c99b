import { expect, test } from 'vitest';
import type { ApiResource } from '../../kube/types.ts';
import { decide } from '../../policy/decide.ts';
import { mintedTokens } from './minted-tokens.ts';

const SECRETS: ApiResource = {
  group: '',
  version: 'v1',
  kind: 'Secret',
  resource: 'secrets',
  singular: 'secret',
  shortNames: [],
  categories: [],
  namespaced: true,
  verbs: ['create'],
  subresources: [],
  preferred: true,
};
const asked = (body: unknown, over: object = {}, dryRun = false) =>
  mintedTokens([{ resource: SECRETS, namespace: 'shop', name: 'x', body, ...over }], dryRun);
const MINT = { verb: 'create', resource: 'serviceaccounts', subresource: 'token', namespace: 'shop' };
const NAME = 'kubernetes.io/service-account.name';

test.each([
  ['an object of the token type', { kind: 'Secret', type: 'kubernetes.io/service-account-token' }],
  ['a merge patch that names another account', { metadata: { annotations: { [NAME]: 'admin' } } }],
  [
    'a JSON patch below the annotations',
    [{ op: 'add', path: `/metadata/annotations/${NAME.replace('/', '~1')}`, value: 'a' }],
  ],
  ['a JSON patch of all annotations', [{ op: 'add', path: '/metadata/annotations', value: { [NAME]: 'admin' } }]],
])('writing a Secret as %s asks for a token', (_, body) => {
  expect(asked(body)).toMatchObject([MINT]);
});

test('so does a bootstrap token, whose name makes it one', () => {
  expect(asked({ type: 'Opaque' }, { namespace: 'kube-system', name: 'bootstrap-token-abcdef' })).toHaveLength(1);
  expect(asked({ type: 'Opaque' }, { name: 'bootstrap-token-abcdef' })).toEqual([]);
});

test('other Secrets, what only data mentions, other kinds and dry runs do not', () => {
  expect(asked({ type: 'Opaque', metadata: { name: 'x' } })).toEqual([]);
  expect(asked({ stringData: { doc: 'see kubernetes.io/service-account.name' } })).toEqual([]);
  expect(
    asked({ type: 'kubernetes.io/service-account-token' }, { resource: { ...SECRETS, resource: 'pods' } }),
  ).toEqual([]);
  expect(asked({ type: 'kubernetes.io/service-account-token' }, {}, true)).toEqual([]);
});

test('with create and update open but not escalation, policy refuses the token', () => {
  const gates = { list: true, create: true, update: true, delete: true, exec: false, escalation: false };
  const rules = {
    gates,
    allowedNamespaces: undefined,
    forbiddenNamespaces: new Set<string>(),
    deniedKinds: new Set<string>(),
    contexts: undefined,
    writeContexts: undefined,
    defaultContext: 'main',
    maxResources: undefined,
  };
  const [request] = asked({ type: 'kubernetes.io/service-account-token' });
  expect(decide(request!, { rules, context: 'main' })).toMatchObject({ allow: false, code: 'gate_closed' });
  const open = { ...rules, gates: { ...gates, escalation: true } };
  expect(decide(request!, { rules: open, context: 'main' })).toEqual({ allow: true });
});
