import { expect, test } from 'vitest';
import { createStore } from '../store/create-store.ts';
import type { Caller, KubeObject, ResourceId } from '../types.ts';
import { createAuthenticator } from './authenticate.ts';
import { type Attributes, createAuthorizer } from './rbac.ts';
import { createReviews } from './reviews.ts';
import { createServiceAccountTokens } from './service-account-tokens.ts';

const RBAC = 'rbac.authorization.k8s.io';
const BINDING = { apiVersion: `${RBAC}/v1`, roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'reader' } };

function setUp() {
  const store = createStore();
  const put = (resource: ResourceId, object: KubeObject) => store.put({ resource, object });
  put(`clusterroles.${RBAC}`, {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRole',
    metadata: { name: 'reader' },
    rules: [
      { apiGroups: [''], resources: ['pods', 'pods/log'], verbs: ['get', 'list'] },
      { apiGroups: ['apps'], resources: ['*/scale'], verbs: ['*'] },
      { apiGroups: [''], resources: ['configmaps'], resourceNames: ['settings'], verbs: ['get'] },
      { nonResourceURLs: ['/metrics', '/logs/*'], verbs: ['get'] },
    ],
  });
  put(`rolebindings.${RBAC}`, {
    ...BINDING,
    kind: 'RoleBinding',
    metadata: { name: 'readers', namespace: 'shop' },
    subjects: [
      { kind: 'User', name: 'ana' },
      { kind: 'ServiceAccount', name: 'bot', namespace: 'tools' },
    ],
  });
  put(`clusterrolebindings.${RBAC}`, {
    ...BINDING,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'auditors' },
    subjects: [{ kind: 'Group', name: 'audit' }],
  });
  return { store, authorizer: createAuthorizer(store) };
}

const ana: Caller = { user: 'ana', groups: ['system:authenticated'] };
const ask = (verb: string, resource: string, more: Partial<Extract<Attributes, { kind: 'resource' }>> = {}) =>
  ({ kind: 'resource', verb, group: '', resource, subresource: '', namespace: 'shop', name: '', ...more }) as const;

test('a RoleBinding gives its role in its namespace only', () => {
  const { authorizer } = setUp();
  expect(authorizer.authorize(ana, ask('list', 'pods'))).toEqual({
    allowed: true,
    reason: 'RBAC: allowed by RoleBinding "readers/shop" of ClusterRole "reader" to User "ana"',
  });
  expect(authorizer.authorize(ana, ask('list', 'pods', { namespace: 'other' }))).toEqual({ allowed: false });
  expect(authorizer.authorize(ana, ask('list', 'pods', { namespace: '' }))).toEqual({ allowed: false });
  expect(authorizer.authorize(ana, ask('delete', 'pods'))).toEqual({ allowed: false });
});

test('a ClusterRoleBinding gives its role everywhere, paths included', () => {
  const { authorizer } = setUp();
  const auditor: Caller = { user: 'eve', groups: ['audit'] };
  const allowed = (attributes: Attributes) => authorizer.authorize(auditor, attributes).allowed;
  expect(allowed(ask('list', 'pods', { namespace: '' }))).toBe(true);
  expect(allowed({ kind: 'path', verb: 'get', path: '/metrics' })).toBe(true);
  expect(allowed({ kind: 'path', verb: 'get', path: '/logs/a' })).toBe(true);
  expect(allowed({ kind: 'path', verb: 'get', path: '/healthz' })).toBe(false);
});

test.each([
  [ask('get', 'pods', { subresource: 'log', name: 'p' }), true],
  [ask('get', 'pods', { subresource: 'exec', name: 'p' }), false],
  [ask('update', 'deployments', { group: 'apps', subresource: 'scale', name: 'web' }), true],
  [ask('update', 'deployments', { group: 'apps', name: 'web' }), false],
  [ask('get', 'configmaps', { name: 'settings' }), true],
  [ask('get', 'configmaps', { name: 'others' }), false],
  [ask('get', 'configmaps'), false],
])('%j is %s', (attributes, allowed) => {
  expect(setUp().authorizer.authorize(ana, attributes).allowed).toBe(allowed);
});

test('a binding to a role that is not there is the reason of the refusal', () => {
  const { store, authorizer } = setUp();
  store.put({
    resource: `rolebindings.${RBAC}`,
    object: {
      ...BINDING,
      kind: 'RoleBinding',
      metadata: { name: 'broken', namespace: 'shop' },
      roleRef: { apiGroup: RBAC, kind: 'Role', name: 'gone' },
      subjects: [{ kind: 'User', name: 'ana' }],
    },
  });
  expect(authorizer.authorize(ana, ask('delete', 'pods'))).toEqual({
    allowed: false,
    reason: 'RBAC: role.rbac.authorization.k8s.io "gone" not found',
  });
});

test('who sends what is who', () => {
  const { store } = setUp();
  const clock = { now: () => Date.parse('2026-01-01T00:00:00Z') };
  const account: KubeObject = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'bot', namespace: 'tools', uid: 'u1' },
  };
  store.put({ resource: 'serviceaccounts', object: account });
  const tokens = createServiceAccountTokens(store, clock);
  const who = createAuthenticator(new Map([['t0ken', { user: 'tom', groups: ['ops'] }]]), tokens);
  expect(who({})).toEqual({ user: 'system:anonymous', groups: ['system:unauthenticated'] });
  expect(who({ certificate: { commonName: 'ana', organizations: ['dev'] } })).toEqual({
    user: 'ana',
    groups: ['dev', 'system:authenticated'],
  });
  expect(who({ authorization: 'Bearer t0ken' })).toEqual({ user: 'tom', groups: ['ops', 'system:authenticated'] });
  expect(who({ authorization: 'Bearer wrong' })).toBeUndefined();
  expect(who({ authorization: 'Basic dG9tOnB3' })).toEqual({
    user: 'system:anonymous',
    groups: ['system:unauthenticated'],
  });

  const answer = tokens.request(account, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    metadata: { name: 'bot' },
    spec: { expirationSeconds: 600 },
  });
  const { token, expirationTimestamp } = answer['status'] as { token: string; expirationTimestamp: string };
  expect(expirationTimestamp).toBe('2026-01-01T00:10:00Z');
  expect(who({ authorization: `Bearer ${token}` })).toEqual({
    user: 'system:serviceaccount:tools:bot',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:tools', 'system:authenticated'],
    uid: 'u1',
  });
  const [head = '', , signature = ''] = token.split('.');
  const forged = Buffer.from('{"exp":9999999999}').toString('base64url');
  expect(who({ authorization: `Bearer ${head}.${forged}.${signature}` })).toBeUndefined();
  clock.now = () => Date.parse('2026-01-01T00:10:00Z');
  expect(who({ authorization: `Bearer ${token}` }), 'expired').toBeUndefined();
});

test('an account that is made again does not take the tokens of the old one', () => {
  const { store } = setUp();
  const account = (uid: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'bot', namespace: 'tools', uid },
  });
  store.put({ resource: 'serviceaccounts', object: account('u1') });
  const tokens = createServiceAccountTokens(store, { now: () => 0 });
  const { status } = tokens.request(account('u1'), {
    apiVersion: 'v1',
    kind: 'TokenRequest',
    metadata: { name: 'bot' },
  });
  const { token } = status as { token: string };
  expect(tokens.verify(token)).toEqual({ namespace: 'tools', name: 'bot', uid: 'u1' });
  store.put({ resource: 'serviceaccounts', object: account('u2') });
  expect(tokens.verify(token)).toBeUndefined();
});

test('reviews answer as the authorizer does, in the words of the real API', () => {
  const { authorizer } = setUp();
  const reviews = createReviews(authorizer, () => undefined);
  const review = (kind: string, spec: object): KubeObject => ({
    apiVersion: 'authorization.k8s.io/v1',
    kind,
    metadata: { name: '' },
    spec,
  });
  const self = reviews['selfsubjectaccessreviews.authorization.k8s.io']!;
  const spec = { resourceAttributes: { verb: 'list', resource: 'pods', namespace: 'shop' } };
  expect(self(review('SelfSubjectAccessReview', spec), ana, '')['status']).toMatchObject({ allowed: true });
  expect(() => self(review('SelfSubjectAccessReview', {}), ana, '')).toThrow(
    '.authorization.k8s.io "" is invalid: spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified',
  );
  const other = reviews['subjectaccessreviews.authorization.k8s.io']!;
  expect(() => other(review('SubjectAccessReview', { user: null, groups: null, ...spec }), ana, '')).toThrow(
    'spec.user: Invalid value: "": at least one of user or group must be specified',
  );
  const token = reviews['tokenreviews.authentication.k8s.io']!;
  expect(() => token(review('TokenReview', {}), ana, '')).toThrow(
    'token is required for TokenReview in authentication',
  );
  const rules = reviews['selfsubjectrulesreviews.authorization.k8s.io']!;
  expect(() => rules(review('SelfSubjectRulesReview', {}), ana, '')).toThrow('no namespace on request');
  expect(rules(review('SelfSubjectRulesReview', { namespace: 'shop' }), ana, '')['status']).toEqual({
    resourceRules: [
      { verbs: ['get', 'list'], apiGroups: [''], resources: ['pods', 'pods/log'] },
      { verbs: ['*'], apiGroups: ['apps'], resources: ['*/scale'] },
      { verbs: ['get'], apiGroups: [''], resources: ['configmaps'], resourceNames: ['settings'] },
    ],
    nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/metrics', '/logs/*'] }],
    incomplete: false,
  });
});
