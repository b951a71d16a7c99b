/** Roles and their bindings. */
import { isUsableSelector, labelSelector } from './common-validation.ts';
import type { Findings } from './field-errors.ts';
import { ensure, type Fields, fieldsOf, has, itemsOf, semanticEqual, setDefault, stringsOf, textOf } from './fields.ts';
import { kindStrategy } from './kind-strategy.ts';
import { dnsSubdomainProblems, pathSegmentProblems } from './names.ts';

const GROUP = 'rbac.authorization.k8s.io';

function rule(found: Findings, field: string, value: Fields, namespaced: boolean): void {
  const urls = stringsOf(value['nonResourceURLs']);
  const empty = (part: string) => stringsOf(value[part]).length === 0;
  if (empty('verbs')) found.required(`${field}.verbs`, 'verbs must contain at least one value');
  if (urls.length > 0) {
    if (namespaced) {
      found.invalid(`${field}.nonResourceURLs`, urls, 'namespaced rules cannot apply to non-resource URLs');
    }
    if (!empty('apiGroups') || !empty('resources') || !empty('resourceNames')) {
      const why = 'rules cannot apply to both regular resources and non-resource URLs';
      found.invalid(`${field}.nonResourceURLs`, urls, why);
    }
    return;
  }
  if (empty('apiGroups')) found.required(`${field}.apiGroups`, 'resource rules must supply at least one api group');
  if (empty('resources')) found.required(`${field}.resources`, 'resource rules must supply at least one resource');
}

const rules = (found: Findings, role: Fields, namespaced: boolean) => {
  for (const [index, value] of itemsOf(role['rules']).entries()) rule(found, `rules[${index}]`, value, namespaced);
};

function subject(found: Findings, field: string, value: Fields, namespaced: boolean): void {
  const name = textOf(value['name']);
  const group = textOf(value['apiGroup']);
  const kind = textOf(value['kind']);
  if (name === '') found.required(`${field}.name`);
  if (kind === 'ServiceAccount') {
    if (name !== '') found.invalidEach(`${field}.name`, name, dnsSubdomainProblems(name));
    if (group !== '') found.notSupported(`${field}.apiGroup`, group, ['']);
    if (!namespaced && textOf(value['namespace']) === '') found.required(`${field}.namespace`);
  } else if (kind === 'User' || kind === 'Group') {
    if (group !== GROUP) found.notSupported(`${field}.apiGroup`, group, [GROUP]);
  } else found.notSupported(`${field}.kind`, kind, ['ServiceAccount', 'User', 'Group']);
}

function binding(found: Findings, object: Fields, namespaced: boolean): void {
  const reference = fieldsOf(object['roleRef']);
  const kinds = namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  const kind = textOf(reference['kind']);
  const name = textOf(reference['name']);
  const group = textOf(reference['apiGroup']);
  if (group !== GROUP) found.notSupported('roleRef.apiGroup', group, [GROUP]);
  if (!kinds.includes(kind)) found.notSupported('roleRef.kind', kind, kinds);
  if (name === '') found.required('roleRef.name');
  else found.invalidEach('roleRef.name', name, pathSegmentProblems(name));
  for (const [index, value] of itemsOf(object['subjects']).entries())
    subject(found, `subjects[${index}]`, value, namespaced);
}

function bindingDefaults(object: Fields): void {
  setDefault(ensure(object, 'roleRef'), 'apiGroup', GROUP, true);
  for (const value of itemsOf(object['subjects'])) {
    if (value['kind'] === 'User' || value['kind'] === 'Group') setDefault(value, 'apiGroup', GROUP, true);
  }
}

function sameRole(found: Findings, object: Fields, old: Fields): void {
  if (semanticEqual(object['roleRef'], old['roleRef'])) return;
  const { apiGroup, kind, name } = fieldsOf(object['roleRef']);
  found.invalid(
    'roleRef',
    { APIGroup: textOf(apiGroup), Kind: textOf(kind), Name: textOf(name) },
    'cannot change roleRef',
  );
}

function clusterRole(found: Findings, object: Fields): void {
  rules(found, object, false);
  if (!has(object, 'aggregationRule')) return;
  const field = 'aggregationRule.clusterRoleSelectors';
  const selectors = itemsOf(fieldsOf(object['aggregationRule'])['clusterRoleSelectors']);
  if (selectors.length === 0) {
    found.required(field, 'at least one clusterRoleSelector required if aggregationRule is non-nil');
  }
  for (const [index, selector] of selectors.entries()) {
    labelSelector(found, `${field}[${index}]`, selector);
    if (!isUsableSelector(selector)) found.invalid(`${field}[${index}]`, null, 'invalid label selector.');
  }
}

const common = { nameRule: 'path', createOnUpdate: true } as const;

export const RBAC_STRATEGIES = {
  [`roles.${GROUP}`]: kindStrategy('rbac.Role', { ...common, validate: (found, object) => rules(found, object, true) }),
  [`clusterroles.${GROUP}`]: kindStrategy('rbac.ClusterRole', { ...common, validate: clusterRole }),
  [`rolebindings.${GROUP}`]: kindStrategy('rbac.RoleBinding', {
    ...common,
    defaults: bindingDefaults,
    validate: (found, object) => binding(found, object, true),
    validateUpdate: sameRole,
  }),
  [`clusterrolebindings.${GROUP}`]: kindStrategy('rbac.ClusterRoleBinding', {
    ...common,
    defaults: bindingDefaults,
    validate: (found, object) => binding(found, object, false),
    validateUpdate: sameRole,
  }),
};
