/** WATCH: from where, of what, until when, and what is refused. */
import {
  apply,
  core,
  get,
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
const MINE = 'labelSelector=app';
/** For what is refused at once. */
const QUIET_MS = 400;
/** For events that should be there already. */
const LIVE_MS = 4000;

const configMap = (name: string, labels: Record<string, string> = {}, data: Record<string, string> = {}) => ({
  metadata: { name, labels: { app: 'watch', ...labels } },
  data,
});

const two: readonly Step[] = [post(MAPS, configMap('a')), post(MAPS, configMap('b', { tier: 'x' }))];
const from: Step = get(`${MAPS}?${MINE}`, { save: { rv: 'metadata.resourceVersion' } });

/** What happens while the watch is open. */
const busy: readonly Step[] = [
  post(MAPS, configMap('c', { tier: 'x' })),
  mergePatch(`${MAPS}/a`, { data: { x: '1' } }),
  mergePatch(`${MAPS}/a`, { metadata: { labels: { tier: 'x' } } }),
  mergePatch(`${MAPS}/b`, { metadata: { labels: { tier: null } } }),
  remove(`${MAPS}/c`),
  mergePatch(`${MAPS}/a`, { data: { x: '1' } }),
  mergePatch(`${MAPS}/b`, { data: { last: 'yes' } }),
];

const live = (name: string, parameters: string, events: number, whileOpen: readonly Step[] = busy) =>
  sequence(name, ...two, from, { path: `${MAPS}?watch=1&${parameters}`, events, while: whileOpen, withinMs: LIVE_MS });

/** The same, read after it happened. */
const replay = (name: string, parameters: string, events: number) =>
  sequence(name, ...two, from, ...busy, { path: `${MAPS}?watch=1&${parameters}`, events, withinMs: LIVE_MS });

const finalizers: readonly Step[] = [
  post(MAPS, { metadata: { name: 'held', labels: { app: 'watch' }, finalizers: ['example.com/hold'] } }),
  remove(`${MAPS}/held`),
  mergePatch(`${MAPS}/held`, { metadata: { finalizers: null } }),
];

const asTable = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
const asMetadata = { accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io' };

const events: Sequence[] = [
  live('from a version, live', `${MINE}&resourceVersion={rv}`, 6),
  replay('from a version, replayed', `${MINE}&resourceVersion={rv}`, 6),
  live('from 0', `${MINE}&resourceVersion=0`, 8),
  live('from nowhere in particular', MINE, 8),
  live('objects that enter and leave a selection, live', 'labelSelector=tier=x&resourceVersion={rv}', 6),
  replay('objects that enter and leave a selection, replayed', 'labelSelector=tier=x&resourceVersion={rv}', 6),
  live('one name', 'fieldSelector=metadata.name=a&resourceVersion={rv}', 2),
  live('all but one name', `${MINE}&fieldSelector=metadata.name!=a&resourceVersion={rv}`, 4),
  live('an object with finalizers', `${MINE}&resourceVersion={rv}`, 3, finalizers),
  live('bookmarks allowed', `${MINE}&resourceVersion={rv}&allowWatchBookmarks=true`, 6),
  live(
    'initial events, then live ones',
    `${MINE}&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan&resourceVersion=`,
    9,
  ),
  live(
    'initial events from a version',
    `${MINE}&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan&resourceVersion={rv}`,
    9,
  ),
  live(
    'initial events from 0',
    `${MINE}&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan&resourceVersion=0`,
    9,
  ),
  live(
    'no initial events',
    `${MINE}&sendInitialEvents=false&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan&resourceVersion={rv}`,
    6,
  ),
  live(
    'no initial events and no version',
    `${MINE}&sendInitialEvents=false&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan`,
    6,
  ),
  live('as a table', `${MINE}&resourceVersion={rv}`, 6),
  sequence('as a table, live', ...two, from, {
    path: `${MAPS}?watch=1&${MINE}&resourceVersion={rv}`,
    events: 6,
    while: busy,
    headers: asTable,
    withinMs: LIVE_MS,
  }),
  sequence('as metadata, live', ...two, from, {
    path: `${MAPS}?watch=1&${MINE}&resourceVersion={rv}`,
    events: 6,
    while: busy,
    headers: asMetadata,
    withinMs: LIVE_MS,
  }),
  sequence('as metadata with initial events', ...two, {
    path: `${MAPS}?watch=1&${MINE}&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan`,
    events: 3,
    headers: asMetadata,
    withinMs: LIVE_MS,
  }),
  sequence('as a table with initial events', ...two, {
    path: `${MAPS}?watch=1&${MINE}&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan`,
    events: 3,
    headers: asTable,
    withinMs: LIVE_MS,
  }),
  sequence(
    'resumed after each event',
    ...two,
    from,
    post(MAPS, configMap('c'), { save: { one: 'metadata.resourceVersion' } }),
    remove(`${MAPS}/a`),
    post(MAPS, configMap('d'), { save: { three: 'metadata.resourceVersion' } }),
    { path: `${MAPS}?watch=1&${MINE}&resourceVersion={one}`, events: 2 },
    { path: `${MAPS}?watch=1&${MINE}&resourceVersion={three}`, events: 1, withinMs: QUIET_MS },
  ),
  sequence('of one object, the old way', ...two, from, {
    path: `/api/v1/watch/namespaces/{ns}/configmaps/a?resourceVersion={rv}`,
    events: 2,
    while: busy,
    withinMs: LIVE_MS,
  }),
  sequence('of a collection, the old way', ...two, from, {
    path: `/api/v1/watch/namespaces/{ns}/configmaps?${MINE}&resourceVersion={rv}`,
    events: 6,
    while: busy,
    withinMs: LIVE_MS,
  }),
  sequence('of one object', ...two, from, {
    path: `${MAPS}/a?watch=1&resourceVersion={rv}`,
    events: 2,
    while: busy,
    withinMs: LIVE_MS,
  }),
  sequence('deletecollection', ...two, from, {
    path: `${MAPS}?watch=1&${MINE}&resourceVersion={rv}`,
    events: 2,
    while: [remove(`${MAPS}?${MINE}`)],
    unordered: ['*.object.x'],
  }),
  sequence('updates of all ways', ...two, from, {
    path: `${MAPS}?watch=1&${MINE}&resourceVersion={rv}`,
    events: 3,
    while: [
      put(`${MAPS}/a`, configMap('a', {}, { put: 'yes' })),
      apply(`${MAPS}/new?fieldManager=me`, { apiVersion: 'v1', kind: 'ConfigMap', ...configMap('new') }),
      apply(`${MAPS}/a?fieldManager=me`, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'a' },
        data: { applied: 'yes' },
      }),
      post(`${MAPS}?dryRun=All`, configMap('dry')),
    ],
  }),
];

const endings: Sequence[] = [
  sequence('ended after timeoutSeconds', ...two, from, {
    path: `${MAPS}?watch=1&${MINE}&resourceVersion={rv}&timeoutSeconds=1`,
    events: 5,
    withinMs: 4000,
  }),
  sequence('a bookmark before the end', ...two, from, {
    path: `${MAPS}?watch=1&${MINE}&resourceVersion={rv}&timeoutSeconds=3&allowWatchBookmarks=true`,
    events: 5,
    withinMs: 6000,
    bookmarks: true,
  }),
  sequence('a version of the future', ...two, {
    path: `${MAPS}?watch=1&resourceVersion=999999999999&timeoutSeconds=1`,
    events: 1,
    withinMs: 6000,
  }),
];

const REFUSED: readonly string[] = [
  'resourceVersion=abc',
  'resourceVersion=-5',
  'resourceVersionMatch=Exact',
  'resourceVersionMatch=NotOlderThan',
  'resourceVersion={rv}&resourceVersionMatch=NotOlderThan',
  'sendInitialEvents=true',
  'sendInitialEvents=true&resourceVersionMatch=Exact',
  'sendInitialEvents=true&resourceVersionMatch=NotOlderThan',
  'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&resourceVersion=abc',
  'sendInitialEvents=maybe',
  'sendInitialEvents=false',
  'continue=abc',
  'continue=abc&limit=2',
  'limit=1&resourceVersion={rv}',
  'timeoutSeconds=-1&resourceVersion={rv}',
  'timeoutSeconds=x',
  'allowWatchBookmarks=x',
  'labelSelector=a b',
  'fieldSelector=spec.x=1',
];

const spelled: Sequence[] = ['true', 'x', ''].map((value) =>
  sequence(`spelled watch=${value}`, ...two, from, {
    path: `${MAPS}?${MINE}&resourceVersion={rv}&watch=${value}`,
    events: 1,
    while: busy.slice(0, 1),
    withinMs: LIVE_MS,
  }),
);

const refused: Sequence[] = REFUSED.map((parameters) =>
  sequence(`parameters ${parameters}`, ...two, from, {
    path: `${MAPS}?watch=1&fieldSelector=metadata.name=b&${parameters.replace(/ /g, '%20')}`,
    events: 4,
    withinMs: QUIET_MS,
  }),
);

const lists: Sequence[] = [
  'sendInitialEvents=true',
  'allowWatchBookmarks=true',
  'watch=false',
  'timeoutSeconds=1',
  'timeoutSeconds=x',
].map((parameters) => sequence(`a list with ${parameters}`, ...two, get(`${MAPS}?${MINE}&${parameters}`)));

export const WATCHES = topic('watch', ...events, ...endings, ...spelled, ...refused, ...lists);
