/** LIST with every combination of its parameters, and what selectors select. */
import { across, core, get, mergePatch, post, remove, type Sequence, type Step, sequence, topic } from '../sequence.ts';

const MAPS = core('configmaps');
/** The ConfigMap that every namespace has is left out. */
const MINE = 'labelSelector=app';

const configMap = (name: string, labels: Record<string, string>) => ({
  metadata: { name, labels: { app: 'list', ...labels } },
  data: { name },
});

/** Five objects; `{first}` and `{last}` are versions of the collection before and after the last was made. */
const five: readonly Step[] = [
  ...['a', 'b', 'c', 'd'].map((name, at) =>
    post(MAPS, configMap(name, { at: String(at), half: at < 2 ? 'one' : 'two' })),
  ),
  get(`${MAPS}?${MINE}`, { save: { first: 'metadata.resourceVersion' } }),
  post(MAPS, configMap('e', { at: '4' })),
  get(`${MAPS}?${MINE}`, { save: { last: 'metadata.resourceVersion' } }),
];

const VERSIONS = {
  none: undefined,
  empty: '',
  zero: '0',
  first: '{first}',
  last: '{last}',
  'no number': 'abc',
  negative: '-1',
  'with zeros before': '007x',
};
const MATCHES = { none: undefined, empty: '', exact: 'Exact', 'not older': 'NotOlderThan', unknown: 'Newest' };
const LIMITS = ['', '&limit=0', '&limit=2', '&limit=10', '&limit=-1', '&limit=two'];

const query = (parts: Record<string, string | undefined>) =>
  Object.entries(parts)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `&${key}=${value}`)
    .join('');

const combinations: Sequence[] = Object.entries(VERSIONS).flatMap(([versionName, resourceVersion]) =>
  Object.entries(MATCHES).map(([matchName, resourceVersionMatch]) =>
    sequence(
      `version ${versionName}, match ${matchName}, every limit`,
      ...five,
      ...LIMITS.map((limit) => get(`${MAPS}?${MINE}${query({ resourceVersion, resourceVersionMatch })}${limit}`)),
    ),
  ),
);

/** The first page is saved as `{token}`; then the second with these parameters beside the token. */
const withToken = (name: string, parameters: string, firstParameters = '') =>
  sequence(
    name,
    ...five,
    get(`${MAPS}?${MINE}&limit=2${firstParameters}`, { save: { token: 'metadata.continue' } }),
    post(MAPS, configMap('aa', {})),
    remove(`${MAPS}/c`),
    get(`${MAPS}?${MINE}${parameters}&continue={token}`, { save: { token: 'metadata.continue' } }),
    get(`${MAPS}?${MINE}&limit=2`),
  );

const pages: Sequence[] = [
  sequence(
    'pages to the end on one snapshot',
    ...five,
    get(`${MAPS}?${MINE}&limit=2`, { save: { token: 'metadata.continue' } }),
    post(MAPS, configMap('bb', {})),
    remove(`${MAPS}/d`),
    mergePatch(`${MAPS}/e`, { data: { changed: 'yes' } }),
    get(`${MAPS}?${MINE}&limit=2&continue={token}`, { save: { token: 'metadata.continue' } }),
    get(`${MAPS}?${MINE}&limit=2&continue={token}`),
  ),
  withToken('the rest without a limit', ''),
  withToken('the rest with a larger limit', '&limit=100'),
  withToken('a token with resourceVersion 0', '&limit=2&resourceVersion=0'),
  withToken('a token with a resourceVersion', '&limit=2&resourceVersion={last}'),
  withToken('a token with a match', '&limit=2&resourceVersionMatch=Exact'),
  withToken('a token with a version and a match', '&limit=2&resourceVersion={last}&resourceVersionMatch=NotOlderThan'),
  withToken('a first page of an exact version', '&limit=2', '&resourceVersion={first}&resourceVersionMatch=Exact'),
  withToken('a first page from version 0', '&limit=2', '&resourceVersion=0'),
  withToken('another selector with a token', '&limit=2&fieldSelector=metadata.name!=e'),
  sequence(
    'tokens that are none',
    ...five,
    ...[
      'x',
      'eyJ2IjoiZm9vIn0',
      'bm90IGpzb24',
      encodeURIComponent('eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiIifQ=='),
    ].map((token) => get(`${MAPS}?${MINE}&limit=2&continue=${token}`)),
  ),
  sequence(
    'a token of one namespace in another collection',
    ...five,
    get(`${MAPS}?${MINE}&limit=2`, { save: { token: 'metadata.continue' } }),
    get(`${core('secrets')}?limit=2&continue={token}`),
  ),
  sequence(
    'a namespace that is not there',
    get('/api/v1/namespaces/{ns}-none/configmaps'),
    get('/api/v1/namespaces/{ns}-none/configmaps?limit=1'),
    get('/api/v1/namespaces/{ns}-none/configmaps/x'),
    get('/api/v1/namespaces/{ns}-none/pods?resourceVersion=0'),
  ),
  sequence(
    'a version of the future',
    ...five,
    get(`${MAPS}?resourceVersion=999999999999&resourceVersionMatch=Exact`),
    get(`${MAPS}?resourceVersion=999999999999&resourceVersionMatch=NotOlderThan`),
    get(`${MAPS}?resourceVersion=999999999999&limit=1`),
    get(`${MAPS}/a?resourceVersion=999999999999`),
  ),
  sequence(
    'one object at a version',
    ...five,
    get(`${MAPS}/a?resourceVersion=0`),
    get(`${MAPS}/a?resourceVersion={last}`),
    get(`${MAPS}/a?resourceVersion=abc`),
    get(`${MAPS}/a?resourceVersion=-1`),
    get(`${MAPS}/nothing?resourceVersion=0`),
  ),
  sequence(
    'all namespaces',
    ...five,
    get(`${across('v1', 'configmaps')}?labelSelector=app&fieldSelector=metadata.namespace={ns}`),
    get(`${across('v1', 'configmaps')}?labelSelector=app&fieldSelector=metadata.namespace={ns},metadata.name=a`),
    get(`${across('v1', 'configmaps')}?labelSelector=app&fieldSelector=metadata.namespace={ns}&limit=3`, {
      save: { token: 'metadata.continue' },
    }),
  ),
];

const LABELS = [
  'at',
  'at=1',
  'at==1',
  'at!=1',
  '!half',
  'half',
  'at in (1,2)',
  'at notin (1,2)',
  'at>1',
  'at<3',
  'at>x',
  'half=one,at=1',
  'half in (one),at notin (0)',
  'at in ()',
  'half=',
  'a b',
  '=x',
  'at in (1',
  'at=(',
  'at,',
  ',at',
  'at in (1,)',
  '-bad=1',
  'x/y/z=1',
  'half=no good',
  'at gt 1',
  'at>1,at<4',
  ' at = 1 ',
  `${'x'.repeat(64)}=1`,
  'UPPER/x=1',
  'at!=1,!half',
];
const FIELDS = [
  'metadata.name=a',
  'metadata.name==a',
  'metadata.name!=a',
  'metadata.name=a,metadata.name=b',
  'metadata.namespace={ns}',
  'metadata.namespace=other',
  'spec.x=1',
  'data.name=a',
  'metadata.uid=1',
  'metadata.name',
  'metadata.name=',
  '=a',
  'metadata.name in (a)',
  'metadata.name=a=b',
  'metadata.name=\\,',
  ',',
  'metadata.labels=x',
];

const encoded = (texts: readonly string[]) =>
  texts.map((text) => text.split('{ns}').map(encodeURIComponent).join('{ns}'));

const selectors: Sequence[] = [
  ...inGroups(LABELS, 8).map((group, at) =>
    sequence(
      `label selectors ${at + 1}`,
      ...five,
      ...encoded(group).map((text) => get(`${MAPS}?labelSelector=${text}`)),
    ),
  ),
  ...inGroups(FIELDS, 6).map((group, at) =>
    sequence(
      `field selectors ${at + 1}`,
      ...five,
      ...encoded(group).map((text) => get(`${MAPS}?${MINE}&fieldSelector=${text}`)),
    ),
  ),
];

/** Fields that kinds let themselves be selected by, and some that they do not. */
const SELECTABLE: readonly (readonly [string, string])[] = [
  [
    'v1/pods',
    'spec.nodeName=none,status.phase=Running,spec.restartPolicy=Always,spec.schedulerName=x,spec.serviceAccountName=y',
  ],
  ['v1/pods', 'status.podIP=1.2.3.4'],
  ['v1/pods', 'status.nominatedNodeName=x,spec.hostNetwork=false'],
  ['v1/pods', 'spec.containers=x'],
  [
    'v1/events',
    'involvedObject.kind=Pod,involvedObject.name=x,involvedObject.uid=y,reason=z,type=Normal,source=k,reportingComponent=r',
  ],
  [
    'v1/events',
    'involvedObject.namespace=a,involvedObject.apiVersion=v1,involvedObject.resourceVersion=1,involvedObject.fieldPath=x',
  ],
  ['events.k8s.io/v1/events', 'reason=x,regarding.kind=Pod'],
  ['events.k8s.io/v1/events', 'reportingController=x,type=Normal'],
  ['v1/secrets', 'type=Opaque'],
  ['v1/secrets', 'type!=Opaque,data=x'],
  ['v1/services', 'spec.clusterIP=None,spec.type=NodePort'],
  ['v1/services', 'spec.selector=x'],
  ['v1/replicationcontrollers', 'status.replicas=1'],
  ['apps/v1/replicasets', 'status.replicas=1'],
  ['apps/v1/deployments', 'status.replicas=1'],
  ['batch/v1/jobs', 'status.successful=1'],
  ['v1/resourcequotas', 'spec.hard=1'],
  ['v1/serviceaccounts', 'secrets=1'],
  ['networking.k8s.io/v1/ingresses', 'spec.x=1'],
];

const selectable: Sequence[] = SELECTABLE.map(([resource, selector]) => {
  const slash = resource.lastIndexOf('/');
  const group = resource.slice(0, slash);
  const path = `/${group === 'v1' ? 'api/v1' : `apis/${group}`}/namespaces/{ns}/${resource.slice(slash + 1)}`;
  return sequence(`${resource} by ${selector}`, get(`${path}?fieldSelector=${encodeURIComponent(selector)}`));
});

function inGroups<T>(items: readonly T[], size: number): T[][] {
  return Array.from(
    { length: Math.ceil(items.length / size) },
    (_, at) => items.slice(at * size, (at + 1) * size) as T[],
  );
}

export const LISTS = topic('list', ...combinations, ...pages);
export const SELECTORS = topic('select', ...selectors, ...selectable);
