import { expect, test } from 'vitest';
import { described, uncovered } from '../../access/covers.ts';
import { failureOf, testRegistry } from '../test-registry.ts';

const GROUP = 'rbac.authorization.k8s.io';
const NOBODY = { caller: { user: 'nobody', groups: ['system:authenticated'] } };
const rule = (group: string, resource: string, ...verbs: string[]) => ({
  apiGroups: [group],
  resources: [resource],
  verbs,
});

/** Where `nobody` has these rules in `default`. */
function withRules(...rules: object[]) {
  const registry = testRegistry();
  registry.create(`roles.${GROUP}`, { metadata: { name: 'own' }, rules });
  bind(registry, 'own');
  return registry;
}

function bind(registry: ReturnType<typeof testRegistry>, role: string) {
  registry.create(`rolebindings.${GROUP}`, {
    metadata: { name: role },
    roleRef: { apiGroup: GROUP, kind: 'Role', name: role },
    subjects: [{ apiGroup: GROUP, kind: 'User', name: 'nobody' }],
  });
}

const binding = (kind: string, name: string) => ({
  metadata: { name: 'b' },
  roleRef: { apiGroup: GROUP, kind, name },
  subjects: [],
});

test('a role holds no more than the rights of who makes it, and says what is missing', () => {
  const { create } = withRules(rule('', 'pods', 'get', 'list'));
  const made = create(`roles.${GROUP}`, { metadata: { name: 'less' }, rules: [rule('', 'pods', 'get')] }, NOBODY);
  expect(made.metadata.name).toBe('less');
  const rules = [
    { apiGroups: ['', 'apps'], resources: ['pods'], verbs: ['get', 'delete'] },
    rule('', 'secrets', 'get', '*'),
  ];
  const status = failureOf(() => create(`roles.${GROUP}`, { metadata: { name: 'more' }, rules }, NOBODY));
  expect([status.code, status.message]).toEqual([
    403,
    'roles.rbac.authorization.k8s.io "more" is forbidden: user "nobody" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n' +
      '{APIGroups:[""], Resources:["pods"], Verbs:["delete"]}\n' +
      '{APIGroups:[""], Resources:["secrets"], Verbs:["get" "*"]}\n' +
      '{APIGroups:["apps"], Resources:["pods"], Verbs:["get" "delete"]}',
  ]);
});

test('a role above its editor stays as it is but for what the garbage collector needs', () => {
  const { create, registry, target, get, context } = withRules(rule('', 'pods', 'get'));
  create(`roles.${GROUP}`, { metadata: { name: 'above' }, rules: [rule('', 'secrets', 'get')] });
  const patch = (metadata: object) => () =>
    registry.patch(
      target(`roles.${GROUP}`, 'above'),
      { type: 'merge', body: { metadata }, force: false },
      { ...context, ...NOBODY },
    );
  expect(failureOf(patch({ labels: { a: 'b' } })).code).toBe(403);
  patch({ finalizers: ['example.test/x'] })();
  expect(get(`roles.${GROUP}`, 'above').metadata.finalizers).toEqual(['example.test/x']);
});

test('a binding gives a role whose rights one has, or which one may bind', () => {
  const registry = withRules(rule('', 'pods', 'get'), {
    ...rule(GROUP, 'clusterroles', 'bind'),
    resourceNames: ['big'],
  });
  const { create } = registry;
  for (const name of ['big', 'other'])
    create(`clusterroles.${GROUP}`, { metadata: { name }, rules: [rule('*', '*', '*')] });
  const give = (kind: string, name: string) => () =>
    create(`rolebindings.${GROUP}`, binding(kind, name), { ...NOBODY, dryRun: true });
  expect(give('ClusterRole', 'big')().kind).toBe('RoleBinding');
  expect(give('Role', 'own')().kind).toBe('RoleBinding');
  expect(failureOf(give('ClusterRole', 'other')).message).toContain('{APIGroups:["*"], Resources:["*"], Verbs:["*"]}');
  expect(failureOf(give('Role', 'gone')).message).toBe('rolebindings.rbac.authorization.k8s.io "gone" not found');
  expect(failureOf(give('ClusterRole', '')).message).toBe('Name parameter required.');
  expect(failureOf(give('Foo', 'x')).message).toBe('unsupported role reference kind: "Foo"');
});

test('who may escalate may write any role; nobody but an administrator one that gathers others', () => {
  const { create } = withRules(rule(GROUP, 'roles', 'escalate'));
  create(`roles.${GROUP}`, { metadata: { name: 'all' }, rules: [rule('*', '*', '*')] }, NOBODY);
  const gathering = {
    metadata: { name: 'gathering' },
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] },
    rules: [],
  };
  expect(failureOf(() => create(`clusterroles.${GROUP}`, gathering, NOBODY)).message).toBe(
    'clusterroles.rbac.authorization.k8s.io "gathering" is forbidden: must have cluster-admin privileges to use the aggregationRule',
  );
});

test('a rule covers what it says, with its stars, and names only where it has names itself', () => {
  const missing = (owned: object, wanted: object) => described(uncovered([owned], [wanted]));
  expect(missing(rule('*', '*/scale', 'get'), rule('apps', 'deployments/scale', 'get'))).toEqual([]);
  expect(missing(rule('*', 'pods', '*'), rule('', 'pods/log', 'get'))).toHaveLength(1);
  const named = { ...rule('', 'configmaps', 'get'), resourceNames: ['a'] };
  expect(missing(named, rule('', 'configmaps', 'get'))).toHaveLength(1);
  expect(missing(rule('', 'configmaps', 'get'), named)).toEqual([]);
  expect(
    missing({ nonResourceURLs: ['/logs/*'], verbs: ['get'] }, { nonResourceURLs: ['/logs/x'], verbs: ['get'] }),
  ).toEqual([]);
});
