/** Who may do what, in whose name, and what reviews say of it. */

import { pod } from '../objects.ts';
import {
  across,
  clusterSequence,
  core,
  get,
  inNamespace,
  mergePatch,
  post,
  put,
  remove,
  type Sequence,
  type Step,
  sequence,
  topic,
} from '../sequence.ts';

const MAPS = core('configmaps');
const REVIEWS = across('authorization.k8s.io/v1', 'selfsubjectaccessreviews');
const review = (resourceAttributes: Record<string, unknown>) => ({ spec: { resourceAttributes } });

const denials: Sequence[] = ['nobody', 'viewer', 'editor'].flatMap((as) => [
  sequence(
    `${as} reads`,
    ...[
      MAPS,
      `${MAPS}/kube-root-ca.crt`,
      core('secrets'),
      core('pods'),
      `${core('pods')}/p/log`,
      `${core('pods')}/p/status`,
      '/api/v1/nodes',
      '/api/v1/namespaces/{ns}',
      '/api/v1/persistentvolumes',
      inNamespace('apps/v1', 'deployments'),
      inNamespace('rbac.authorization.k8s.io/v1', 'roles'),
    ].map((path) => get(path, { as })),
  ),
  sequence(
    `${as} watches`,
    { path: `${MAPS}?watch=1&fieldSelector=metadata.name=none`, events: 1, withinMs: 300, as },
    { path: `${core('secrets')}?watch=1`, events: 1, withinMs: 300, as },
  ),
  sequence(
    `${as} writes`,
    post(MAPS, { metadata: { name: 'a' } }, { as }),
    put(`${MAPS}/a`, { metadata: { name: 'a' } }, { as }),
    mergePatch(`${MAPS}/a`, {}, { as }),
    remove(`${MAPS}/a`, undefined, { as }),
    remove(MAPS, undefined, { as }),
    post('/api/v1/namespaces', { metadata: { name: '{id}-x' } }, { as }),
    post(`${core('pods')}/p/eviction`, { metadata: { name: 'p' } }, { as }),
    mergePatch(`${inNamespace('apps/v1', 'deployments')}/d/scale`, {}, { as }),
    post(`${core('pods')}/p/exec?command=x`, undefined, { as }),
  ),
  clusterSequence(
    `${as} looks around`,
    ...[
      '/api',
      '/apis',
      '/version',
      '/healthz',
      '/metrics',
      '/openapi/v3',
      '/api/v1',
      '/livez',
      '/logs/',
      '/nothing',
    ].map((path) =>
      get(path, { as, ...(/openapi|apis|api\b|version|metrics/.test(path) ? { unrecorded: true } : {}) }),
    ),
  ),
]);

const reviews: Sequence[] = [
  ...['admin', 'viewer', 'editor', 'nobody'].map((as) =>
    clusterSequence(
      `what ${as} may`,
      ...[
        { verb: 'get', resource: 'pods', namespace: 'team-a' },
        { verb: 'create', resource: 'pods', namespace: 'team-a' },
        { verb: 'get', resource: 'secrets', namespace: 'team-a' },
        { verb: 'delete', resource: 'deployments', group: 'apps', namespace: 'team-a' },
        { verb: 'get', resource: 'pods', subresource: 'log', namespace: 'team-a' },
        { verb: 'create', resource: 'pods', subresource: 'exec', namespace: 'team-a' },
        { verb: 'list', resource: 'nodes' },
        { verb: 'get', resource: 'pods', namespace: 'default' },
        { verb: 'impersonate', resource: 'users', name: 'admin' },
        { verb: 'get', resource: 'nothing', group: 'no.such' },
        { verb: '*', resource: '*', group: '*' },
      ].map((attributes) => post(REVIEWS, review(attributes), { as })),
      // Two bindings allow the paths of health: which of them is named is chance.
      ...['/metrics', '/apis'].map((path) =>
        post(REVIEWS, { spec: { nonResourceAttributes: { path, verb: 'get' } } }, { as }),
      ),
    ),
  ),
  clusterSequence(
    'reviews that cannot be',
    post(REVIEWS, {}),
    post(REVIEWS, { spec: {} }),
    post(REVIEWS, { spec: { resourceAttributes: { verb: 'get' }, nonResourceAttributes: { path: '/x' } } }),
    get(REVIEWS),
    post(across('authorization.k8s.io/v1', 'subjectaccessreviews'), {
      spec: { resourceAttributes: { verb: 'get', resource: 'pods' } },
    }),
  ),
  clusterSequence(
    'of others',
    ...[
      { user: 'viewer' },
      { user: 'nobody' },
      { user: 'x', groups: ['system:masters'] },
      { user: 'editor', extra: { a: ['b'] } },
    ].map((subject) =>
      post(across('authorization.k8s.io/v1', 'subjectaccessreviews'), {
        spec: { ...subject, resourceAttributes: { verb: 'get', resource: 'pods', namespace: 'team-a' } },
      }),
    ),
  ),
  sequence(
    'of one namespace',
    post(inNamespace('authorization.k8s.io/v1', 'localsubjectaccessreviews'), {
      spec: { user: 'viewer', resourceAttributes: { namespace: '{ns}', verb: 'get', resource: 'pods' } },
    }),
    post(inNamespace('authorization.k8s.io/v1', 'localsubjectaccessreviews'), {
      metadata: { namespace: '{ns}' },
      spec: { user: 'viewer', resourceAttributes: { namespace: '{ns}', verb: 'get', resource: 'pods' } },
    }),
    post(inNamespace('authorization.k8s.io/v1', 'localsubjectaccessreviews'), {
      spec: { user: 'viewer', resourceAttributes: { namespace: 'other', verb: 'get', resource: 'pods' } },
    }),
  ),
  sequence(
    'of tokens',
    post(
      `${core('serviceaccounts')}/default/token`,
      { spec: {} },
      { save: { token: 'status.token' }, unrecorded: true },
    ),
    post(across('authentication.k8s.io/v1', 'tokenreviews'), { spec: { token: '{token}' } }),
    post(across('authentication.k8s.io/v1', 'tokenreviews'), { spec: { token: 'wrong' } }),
    post(across('authentication.k8s.io/v1', 'tokenreviews'), { spec: {} }),
    post(across('authentication.k8s.io/v1', 'tokenreviews'), { spec: { token: '{token}', audiences: ['other'] } }),
  ),
  ...['admin', 'viewer', 'nobody', 'token-admin', 'expired'].map((as) =>
    clusterSequence(
      `who ${as} is`,
      post(across('authentication.k8s.io/v1', 'selfsubjectreviews'), {}, { as }),
      get('/api/v1/namespaces/none-such-{id}', { as }),
    ),
  ),
  clusterSequence(
    'rules of nobody',
    post(
      across('authorization.k8s.io/v1', 'selfsubjectrulesreviews'),
      { spec: { namespace: 'default' } },
      {
        as: 'nobody',
        unordered: ['status.resourceRules', 'status.nonResourceRules', 'status.nonResourceRules.*.nonResourceURLs'],
      },
    ),
  ),
];

const asUser = (user: string, groups?: string) => ({
  headers: { 'impersonate-user': user, ...(groups === undefined ? {} : { 'impersonate-group': groups }) },
});
const impersonation: Sequence[] = [
  sequence(
    'as another',
    get(MAPS, asUser('nobody')),
    get(`${MAPS}/kube-root-ca.crt`, asUser('viewer')),
    get(core('secrets'), asUser('x', 'system:masters')),
    post(
      across('authentication.k8s.io/v1', 'selfsubjectreviews'),
      {},
      {
        headers: {
          'impersonate-user': 'u',
          'impersonate-group': 'g',
          'impersonate-uid': '5',
          'impersonate-extra-scopes': 'a',
        },
      },
    ),
  ),
  sequence(
    'by those who may not',
    get(MAPS, { as: 'viewer', ...asUser('admin') }),
    get(MAPS, { as: 'nobody', ...asUser('x', 'system:masters') }),
  ),
  sequence(
    'without a user',
    get(MAPS, { headers: { 'impersonate-group': 'system:masters' } }),
    get(MAPS, { headers: { 'impersonate-uid': '1' } }),
  ),
  sequence(
    'as a service account',
    get(MAPS, asUser('system:serviceaccount:default:default')),
    post(across('authentication.k8s.io/v1', 'selfsubjectreviews'), {}, asUser('system:serviceaccount:default:default')),
    post(across('authentication.k8s.io/v1', 'selfsubjectreviews'), {}, asUser('system:anonymous')),
  ),
  sequence(
    'with a token of a service account',
    post(
      `${core('serviceaccounts')}/default/token`,
      { spec: {} },
      { save: { token: 'status.token' }, unrecorded: true },
    ),
    async (on) =>
      on.send({ ...get(MAPS), as: 'expired', headers: { authorization: `Bearer ${on.saved.get('token')}` } }),
  ),
];

const RBAC = 'rbac.authorization.k8s.io';
const bind = (name: string, user: string, role: string, kind = 'Role') => ({
  metadata: { name },
  roleRef: { apiGroup: RBAC, kind, name: role },
  subjects: [{ kind: 'User', name: user }],
});
const ROLES = inNamespace(`${RBAC}/v1`, 'roles');
const BINDINGS = inNamespace(`${RBAC}/v1`, 'rolebindings');

/** Until the authorizer has heard of a new rule. */
const heard =
  (path: string, as: string): Step =>
  (on) =>
    on.until(get(path, { as }), ({ status }) => status !== 403);

const roles: Sequence[] = [
  sequence(
    'a role begins to count',
    get(MAPS, { as: 'nobody' }),
    post(ROLES, {
      metadata: { name: 'r' },
      rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list'] }],
    }),
    post(BINDINGS, bind('b', 'nobody', 'r')),
    heard(`${MAPS}/kube-root-ca.crt`, 'nobody'),
    post(MAPS, { metadata: { name: 'x' } }, { as: 'nobody' }),
    get(core('secrets'), { as: 'nobody' }),
  ),
  sequence(
    'only some names',
    post(ROLES, {
      metadata: { name: 'r' },
      rules: [
        {
          apiGroups: [''],
          resources: ['configmaps'],
          resourceNames: ['kube-root-ca.crt'],
          verbs: ['get', 'list', 'watch'],
        },
      ],
    }),
    post(BINDINGS, bind('b', 'nobody', 'r')),
    heard(`${MAPS}/kube-root-ca.crt`, 'nobody'),
    get(`${MAPS}/other`, { as: 'nobody' }),
    get(MAPS, { as: 'nobody' }),
    get(`${MAPS}?fieldSelector=metadata.name=kube-root-ca.crt`, { as: 'nobody' }),
  ),
  sequence(
    'more than one has cannot be given',
    post(ROLES, {
      metadata: { name: 'giver' },
      rules: [{ apiGroups: [RBAC], resources: ['roles', 'rolebindings'], verbs: ['create', 'get', 'update'] }],
    }),
    post(BINDINGS, bind('b', 'nobody', 'giver')),
    heard(`${ROLES}/giver`, 'nobody'),
    post(
      ROLES,
      { metadata: { name: 'more' }, rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }] },
      { as: 'nobody' },
    ),
    post(BINDINGS, bind('c', 'nobody', 'view', 'ClusterRole'), { as: 'nobody' }),
    post(
      ROLES,
      { metadata: { name: 'same' }, rules: [{ apiGroups: [RBAC], resources: ['roles'], verbs: ['get'] }] },
      { as: 'nobody' },
    ),
  ),
  sequence(
    'an editor where he may',
    get('/api/v1/namespaces/team-a/configmaps/none-{id}', { as: 'editor' }),
    post('/api/v1/namespaces/team-a/configmaps?dryRun=All', { metadata: { name: '{id}' } }, { as: 'editor' }),
    post(
      `/apis/${RBAC}/v1/namespaces/team-a/roles?dryRun=All`,
      { metadata: { name: 'x' }, rules: [] },
      { as: 'editor' },
    ),
    post('/api/v1/namespaces/team-a/pods?dryRun=All', pod('{id}'), { as: 'editor' }),
    get('/api/v1/namespaces/team-a/resourcequotas', { as: 'editor' }),
    post('/api/v1/namespaces/team-a/resourcequotas?dryRun=All', { metadata: { name: 'x' } }, { as: 'editor' }),
  ),
];

export const ACCESS = [
  ...topic('denied', ...denials),
  ...topic('review', ...reviews),
  ...topic('impersonate', ...impersonation),
  ...topic('roles', ...roles),
];
