import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClock } from '../clock.ts';
import { createKinds } from '../kinds/create-kinds.ts';
import { createStore } from '../store/create-store.ts';
import type { KubeObject, ResourceInfo } from '../types.ts';
import { createReader } from './create-reader.ts';
import { ApiFailure } from './failure.ts';
import type { ListQuery, Scope, Status, WatchFrame, WatchQuery } from './types.ts';

function bed(options: { watchBacklog?: number } = {}) {
  const clock = createClock('still', 0);
  const store = createStore({ startRevision: 100 });
  const kinds = createKinds();
  const reader = createReader({ store, clock, kinds, ...options });
  const scopeOf = (id: string, namespace?: string): Scope => {
    const resource = kinds.byId(id);
    if (resource === undefined) throw new Error(`no kind ${id}`);
    return { resource, version: resource.storageVersion, ...(namespace === undefined ? {} : { namespace }) };
  };
  const put = (id: string, namespace: string, name: string, rest: Record<string, unknown> = {}) => {
    const { metadata, ...fields } = rest as { metadata?: object };
    const object: KubeObject = {
      apiVersion: 'v1',
      kind: id,
      metadata: { name, ...(namespace === '' ? {} : { namespace }), ...metadata },
      ...fields,
    };
    return store.put({ resource: id, object });
  };
  /** Pods a..f in two namespaces at 101..106. */
  const fill = () => {
    for (const [index, name] of ['a', 'b', 'c', 'd', 'e', 'f'].entries()) {
      put('pods', index < 4 ? 'one' : 'two', name, { metadata: { labels: { odd: `${index % 2 === 1}` } } });
    }
  };
  const list = (query: ListQuery, scope = scopeOf('pods')) => {
    const { versions, ...answer } = reader.list(scope, query);
    return { ...answer, names: versions.map(({ name }) => name).join('') };
  };
  const refusal = (query: ListQuery, scope = scopeOf('pods')): Status => {
    try {
      reader.list(scope, query);
    } catch (error) {
      if (error instanceof ApiFailure) return error.status;
      throw error;
    }
    throw new Error('not refused');
  };
  const watch = (query: WatchQuery, scope = scopeOf('pods')) => {
    const frames: string[] = [];
    const statuses: Status[] = [];
    const stop = reader.watch(scope, query, {
      send(frame) {
        if (frame.type === 'ERROR') statuses.push(frame.status);
        frames.push(told(frame));
        return true;
      },
      end: () => void frames.push('end'),
    });
    return { frames, statuses, stop };
  };
  return { clock, store, kinds, reader, scopeOf, put, fill, list, refusal, watch };
}

function told(frame: WatchFrame): string {
  if (frame.type === 'ERROR') return `ERROR ${frame.status.code} ${frame.status.message}`;
  if (frame.type === 'BOOKMARK') return `BOOKMARK ${frame.resourceVersion}${frame.initialEventsEnd ? ' initial' : ''}`;
  return `${frame.type} ${frame.version.name} ${frame.version.body.object().metadata.resourceVersion}`;
}

const EXPIRED = 'The resourceVersion for the provided list is too old.';
const TOO_LARGE = { causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }] };
const token = (text: string) => Buffer.from(text).toString('base64url');

describe('a list', () => {
  it('is of the present without a version, from any or not older than one, at the version of the store', () => {
    const { fill, list, put, scopeOf } = bed();
    fill();
    put('secrets', 'one', 's');
    for (const query of [
      {},
      { resourceVersion: '' },
      { resourceVersion: '0' },
      { resourceVersion: '0', limit: '2' },
      { resourceVersion: '102' },
      { resourceVersion: '102', resourceVersionMatch: 'NotOlderThan' },
      { resourceVersion: '0', resourceVersionMatch: 'NotOlderThan', limit: '1' },
      { limit: '-1' },
      { limit: '0' },
    ]) {
      expect(list(query)).toEqual({ resourceVersion: '107', names: 'abcdef' });
    }
    expect(list({}, scopeOf('pods', 'two'))).toEqual({ resourceVersion: '107', names: 'ef' });
    expect(list({}, scopeOf('pods', 'three'))).toEqual({ resourceVersion: '107', names: '' });
  });

  it('is of the past where that is asked for: exactly, or by a limit with a version', () => {
    const { fill, list } = bed();
    fill();
    expect(list({ resourceVersion: '102', resourceVersionMatch: 'Exact' })).toEqual({
      resourceVersion: '102',
      names: 'ab',
    });
    expect(list({ resourceVersion: '103', limit: '2' })).toEqual({
      resourceVersion: '103',
      names: 'ab',
      remainingItemCount: 1,
      continue: token('{"v":"meta.k8s.io/v1","rv":103,"start":"/one/b\\u0000"}'),
    });
  });

  it('has pages of one state, however much changes meanwhile', () => {
    const { fill, list, put, store } = bed();
    fill();
    let answer = list({ limit: '2' });
    let names = answer.names;
    while (answer.continue !== undefined) {
      put('pods', 'one', `a${store.revision}`);
      store.remove('pods', 'two', 'e');
      answer = list({ limit: '2', continue: answer.continue });
      names += answer.names;
      expect(answer.resourceVersion).toBe('106');
    }
    expect(names).toBe('abcdef');
    expect(answer.remainingItemCount).toBeUndefined();
  });

  it('counts what remains only where all is selected, and may end with an empty page where it is not', () => {
    const { fill, list } = bed();
    fill();
    const first = list({ limit: '2', labelSelector: 'odd=false' });
    expect(first).toMatchObject({ names: 'ac' });
    expect(first.remainingItemCount).toBeUndefined();
    const second = list({ limit: '1', labelSelector: 'odd=false', continue: first.continue ?? '' });
    expect(second.names).toBe('e');
    expect(list({ limit: '1', labelSelector: 'odd=false', continue: second.continue ?? '' })).toEqual({
      resourceVersion: '106',
      names: '',
    });
  });

  it('whose pages have expired can be gone on with, inconsistently', () => {
    const { fill, list, put, refusal, store } = bed();
    fill();
    const first = list({ limit: '2' });
    put('pods', 'one', 'cc');
    store.compact();
    const status = refusal({ limit: '2', continue: first.continue ?? '' });
    expect(status).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: { continue: token('{"v":"meta.k8s.io/v1","rv":-1,"start":"one/b\\u0000"}') },
      status: 'Failure',
      message:
        'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
        'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
        'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
        'deleted between the time the first chunk was returned and now may show up in the list.',
      reason: 'Expired',
      code: 410,
    });
    expect(list({ limit: '2', continue: status.metadata.continue ?? '' })).toEqual({
      resourceVersion: '107',
      names: 'ccc',
      remainingItemCount: 3,
      continue: token('{"v":"meta.k8s.io/v1","rv":107,"start":"/one/cc\\u0000"}'),
    });
  });

  it('of a version that is compacted has expired, and of one to come is too early', () => {
    const { fill, refusal, store, list, scopeOf } = bed();
    fill();
    store.compact(104);
    const expired = { metadata: {}, message: EXPIRED, reason: 'Expired', code: 410 };
    expect(refusal({ resourceVersion: '103', resourceVersionMatch: 'Exact' })).toMatchObject(expired);
    expect(refusal({ resourceVersion: '1', limit: '1' })).toMatchObject(expired);
    expect(list({ resourceVersion: '1' }).names).toBe('abcdef');
    expect(list({ resourceVersion: '104', resourceVersionMatch: 'Exact' }).names).toBe('abcd');
    const early = {
      message: 'Timeout: Too large resource version: 18446744073709551615, current: 106',
      reason: 'Timeout',
      details: { ...TOO_LARGE, retryAfterSeconds: 1 },
      code: 504,
    };
    const resourceVersion = '18446744073709551615';
    expect(refusal({ resourceVersion })).toMatchObject(early);
    expect(refusal({ resourceVersion, resourceVersionMatch: 'NotOlderThan' })).toMatchObject(early);
    expect(refusal({ resourceVersion: '999', resourceVersionMatch: 'Exact' })).toMatchObject({ code: 504 });
    expect(refusal({ resourceVersion: '999', limit: '1' })).toMatchObject({ code: 504 });
    const one = { resourceVersion: '999', fieldSelector: 'metadata.name=a' };
    expect(refusal({ ...one, limit: '1' }, scopeOf('pods', 'one')).details).toEqual(TOO_LARGE);
    expect(refusal(one, scopeOf('pods', 'one')).details).toEqual({ ...TOO_LARGE, retryAfterSeconds: 1 });
  });

  it('selects by fields of the kind', () => {
    const { put, list, scopeOf } = bed();
    put('pods', 'one', 'a', { spec: { nodeName: 'n1', hostNetwork: true }, status: { phase: 'Running' } });
    put('pods', 'one', 'b', { spec: {}, status: { phase: 'Pending', podIPs: [{ ip: '10.0.0.1' }] } });
    put('pods', 'two', 'c', { spec: { nodeName: 'n1' }, status: { phase: 'Failed' } });
    const selected = (fieldSelector: string, namespace?: string) =>
      list({ fieldSelector }, scopeOf('pods', namespace)).names;
    expect(selected('spec.nodeName=n1')).toBe('ac');
    expect(selected('spec.host=n1')).toBe('ac');
    expect(selected('spec.nodeName=')).toBe('b');
    expect(selected('spec.nodeName=n1,status.phase!=Failed')).toBe('a');
    expect(selected('spec.hostNetwork=false')).toBe('bc');
    expect(selected('status.podIP=10.0.0.1')).toBe('b');
    expect(selected('status.podIPs=10.0.0.1')).toBe('');
    expect(selected('metadata.namespace=two')).toBe('c');
    expect(selected('metadata.namespace=two', 'one')).toBe('');
    expect(selected('metadata.name=b')).toBe('b');
    expect(selected('metadata.name=b', 'one')).toBe('b');
    expect(selected('metadata.name=b', 'two')).toBe('');
    expect(selected('metadata.name=a,metadata.name=b', 'one')).toBe('');
    expect(selected('metadata.name!=b,')).toBe('ac');
    put('nodes', '', 'n', { spec: {} });
    expect(list({ fieldSelector: 'spec.unschedulable=false' }, scopeOf('nodes')).names).toBe('n');
    put('jobs.batch', 'one', 'j', { status: { succeeded: 2 } });
    expect(list({ fieldSelector: 'status.successful=2' }, scopeOf('jobs.batch')).names).toBe('j');
    put('events', 'one', 'e', { involvedObject: { name: 'x' }, source: {}, reportingComponent: 'kubelet' });
    expect(list({ fieldSelector: 'involvedObject.name=x,source=kubelet' }, scopeOf('events')).names).toBe('e');
  });

  it('selects by the fields that a CRD adds, and by no others', () => {
    const { put, kinds, list, refusal } = bed();
    const resource: ResourceInfo = {
      id: 'shirts.example.com',
      group: 'example.com',
      plural: 'shirts',
      singular: 'shirt',
      kind: 'Shirt',
      listKind: 'ShirtList',
      namespaced: false,
      shortNames: [],
      categories: [],
      versions: [{ version: 'v1', verbs: ['list', 'watch'], subresources: {} }],
      storageVersion: 'v1',
      origin: 'custom',
    };
    kinds.addCustom(resource);
    put('customresourcedefinitions.apiextensions.k8s.io', '', 'shirts.example.com', {
      spec: { versions: [{ name: 'v1', selectableFields: [{ jsonPath: '.spec.size' }] }] },
    });
    put('shirts.example.com', '', 's', { spec: { size: 4 } });
    const scope = { resource, version: 'v1' };
    expect(list({ fieldSelector: 'spec.size=4' }, scope).names).toBe('s');
    expect(list({ fieldSelector: 'spec.size=5' }, scope).names).toBe('');
    const message = (fieldSelector: string) => refusal({ fieldSelector }, scope).message;
    expect(message('spec.color=red')).toBe('field label not supported: spec.color');
    expect(message('metadata.namespace=x')).toBe('field label not supported: metadata.namespace');
  });

  it.each<[ListQuery, number, string]>([
    [{ limit: 'abc' }, 400, 'strconv.ParseInt: parsing "abc": invalid syntax'],
    [{ limit: '99999999999999999999' }, 400, 'strconv.ParseInt: parsing "99999999999999999999": value out of range'],
    [{ timeoutSeconds: '1.5', labelSelector: ',' }, 400, 'strconv.ParseInt: parsing "1.5": invalid syntax'],
    [
      { resourceVersion: '-1' },
      400,
      'invalid resource version: resourceVersion: Invalid value: "-1": strconv.ParseUint: parsing "-1": invalid syntax',
    ],
    [{ fieldSelector: 'a' }, 400, "invalid selector: 'a'; can't understand 'a'"],
    [{ fieldSelector: 'a=b' }, 400, 'field label not supported: a'],
    [{ fieldSelector: 'metadata.name=a=b' }, 400, 'invalid field selector: unescaped character in value: 61'],
    [{ fieldSelector: 'metadata.name=a\\b' }, 400, 'invalid field selector: invalid escape sequence: \\b'],
    [{ fieldSelector: 'metadata.name=a\\' }, 400, 'invalid field selector: invalid escape sequence: \\'],
    [
      { continue: 'abc' },
      400,
      "invalid continue token: continue key is not valid: invalid character 'i' looking for beginning of value",
    ],
    [{ continue: '!' }, 400, 'invalid continue token: continue key is not valid: illegal base64 data at input byte 0'],
    [
      { continue: 'abcde' },
      400,
      'invalid continue token: continue key is not valid: illegal base64 data at input byte 4',
    ],
    [
      { continue: token('{}') },
      400,
      'invalid continue token: continue key is not valid: server does not recognize this encoded version ',
    ],
    [
      { continue: token('[]') },
      400,
      'invalid continue token: continue key is not valid: json: cannot unmarshal array into Go value of type storage.continueToken',
    ],
    [
      { continue: token('{"v":1}') },
      400,
      'invalid continue token: continue key is not valid: json: cannot unmarshal number into Go struct field continueToken.v of type string',
    ],
    [
      { continue: token('{"v":"meta.k8s.io/v1"}') },
      400,
      'invalid continue token: continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)',
    ],
    [
      { continue: token('{"v":"meta.k8s.io/v1","rv":1}') },
      400,
      'invalid continue token: continue key is not valid: encoded start key empty (version meta.k8s.io/v1)',
    ],
    [
      { continue: token('{"v":"meta.k8s.io/v1","rv":1,"start":"../x"}') },
      400,
      'invalid continue token: continue key is not valid: ../x',
    ],
    [
      { continue: token('{"v":"meta.k8s.io/v1","rv":-1,"start":"x"}'), resourceVersion: '5' },
      400,
      'specifying resource version is not allowed when using continue',
    ],
    [
      { resourceVersionMatch: 'Exact', fieldSelector: 'a=b' },
      422,
      'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    ],
    [
      { resourceVersionMatch: 'Exact', resourceVersion: '1', continue: 'abc' },
      422,
      'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided',
    ],
    [
      { resourceVersionMatch: 'Exact', resourceVersion: '0' },
      422,
      'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
    ],
    [
      { resourceVersionMatch: 'Foo' },
      422,
      'ListOptions.meta.k8s.io "" is invalid: [resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion ' +
        'is provided, resourceVersionMatch: Unsupported value: "Foo": supported values: "Exact", "NotOlderThan", ""]',
    ],
    [
      { sendInitialEvents: 'false' },
      422,
      'ListOptions.meta.k8s.io "" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list',
    ],
  ])('is refused as the real server does: %j', (query, code, message) => {
    const status = bed().refusal(query);
    expect([status.code, status.message]).toEqual([code, message]);
  });

  it('names a kind’s own words for fields that it is not selected by', () => {
    const { refusal, scopeOf } = bed();
    const message = (id: string, fieldSelector: string) => refusal({ fieldSelector }, scopeOf(id)).message;
    expect(message('configmaps', 'spec.foo=x')).toBe(
      '"spec.foo" is not a known field selector: only "metadata.name", "metadata.namespace"',
    );
    expect(message('jobs.batch', 'spec.foo=x')).toBe('field label "spec.foo" not supported for Job');
    expect(message('nodes', 'metadata.namespace=x')).toBe('field label not supported: metadata.namespace');
    expect(message('replicasets.apps', 'status.replicas=1')).toBe(
      '"status.replicas" is not a known field selector: only "metadata.name", "metadata.namespace"',
    );
  });
});

describe('a watch', () => {
  it('begins with what there is when it names no version, and says when that is told', () => {
    const { fill, watch, put } = bed();
    fill();
    const { frames } = watch({ allowWatchBookmarks: true, labelSelector: 'odd=true' });
    const { frames: any } = watch({ resourceVersion: '0', fieldSelector: 'metadata.name=b' });
    put('pods', 'one', 'b', { metadata: { labels: { odd: 'true' } } });
    expect(frames).toEqual(['ADDED b 102', 'ADDED d 104', 'ADDED f 106', 'BOOKMARK 106 initial', 'MODIFIED b 107']);
    expect(any).toEqual(['ADDED b 102', 'MODIFIED b 107']);
  });

  it('replays from a version, and then tells what happens', () => {
    const { fill, watch, store, put, scopeOf } = bed();
    fill();
    store.remove('pods', 'one', 'a');
    const { frames, stop } = watch({ resourceVersion: '104' }, scopeOf('pods', 'two'));
    const { frames: all } = watch({ resourceVersion: '105' });
    put('pods', 'two', 'e');
    stop();
    put('pods', 'two', 'e');
    expect(frames).toEqual(['ADDED e 105', 'ADDED f 106', 'MODIFIED e 108']);
    expect(all).toEqual(['ADDED f 106', 'DELETED a 107', 'MODIFIED e 108', 'MODIFIED e 109']);
  });

  it('tells what comes into its selection as added, and what leaves it as deleted, in its last selected state', () => {
    const { put, watch, store } = bed();
    put('pods', 'one', 'a', { metadata: { labels: { app: 'x' } }, status: { phase: 'Running' } });
    const byLabel = watch({ labelSelector: 'app=x', resourceVersion: '101' });
    const byField = watch({ fieldSelector: 'status.phase=Running', resourceVersion: '101' });
    put('pods', 'one', 'a', { metadata: { labels: { app: 'y' } }, status: { phase: 'Running' } });
    put('pods', 'one', 'a', { metadata: { labels: { app: 'x' } }, status: { phase: 'Failed' } });
    store.remove('pods', 'one', 'a');
    expect(byLabel.frames).toEqual(['DELETED a 102', 'ADDED a 103', 'DELETED a 104']);
    expect(byField.frames).toEqual(['MODIFIED a 102', 'DELETED a 103']);
  });

  it('from a compacted version is told so in its stream', () => {
    const { fill, watch, store } = bed();
    fill();
    store.compact(104);
    const { frames, statuses } = watch({ resourceVersion: '103' });
    expect(frames).toEqual(['ERROR 410 too old resource version: 103 (104)', 'end']);
    expect(statuses[0]).toMatchObject({ metadata: {}, reason: 'Expired', code: 410 });
    expect(watch({ resourceVersion: '104' }).frames).toEqual(['ADDED e 105', 'ADDED f 106']);
  });

  it('from a version that is to come waits for it; its initial state cannot', () => {
    const { watch, put, clock } = bed();
    const { frames } = watch({ resourceVersion: '102', allowWatchBookmarks: true });
    put('pods', 'one', 'a');
    clock.advance(60_000);
    put('pods', 'one', 'b');
    put('pods', 'one', 'c');
    expect(frames).toEqual(['ADDED c 103']);
    const initial = { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan', resourceVersion: '999' };
    expect(watch(initial).frames).toEqual(['ERROR 504 Timeout: Too large resource version: 999, current: 103', 'end']);
  });

  it('has initial events or none, as it asks', () => {
    const { fill, watch, put } = bed();
    fill();
    const with_ = { resourceVersionMatch: 'NotOlderThan', fieldSelector: 'metadata.name=f' };
    const frames = [
      watch({ ...with_, sendInitialEvents: 'true', resourceVersion: '101', allowWatchBookmarks: true }),
      watch({ ...with_, sendInitialEvents: 'true' }),
      watch({ ...with_, sendInitialEvents: 'false', allowWatchBookmarks: true }),
      watch({ ...with_, sendInitialEvents: 'false', resourceVersion: '0' }),
      watch({ ...with_, sendInitialEvents: 'false', resourceVersion: '101' }),
    ].map((one) => one.frames);
    put('pods', 'two', 'f');
    expect(frames).toEqual([
      ['ADDED f 106', 'BOOKMARK 106 initial', 'MODIFIED f 107'],
      ['ADDED f 106', 'MODIFIED f 107'],
      ['MODIFIED f 107'],
      ['MODIFIED f 107'],
      ['ADDED f 106', 'MODIFIED f 107'],
    ]);
  });

  it('has bookmarks every minute when there is news anywhere, one before its end, and ends in time', () => {
    const { watch, put, clock } = bed();
    const { frames } = watch({ resourceVersion: '100', allowWatchBookmarks: true, timeoutSeconds: '150' });
    const { frames: without } = watch({ resourceVersion: '100', timeoutSeconds: '150' });
    clock.advance(60_000);
    put('secrets', 'one', 's');
    clock.advance(59_999);
    expect(frames).toEqual([]);
    clock.advance(1);
    expect(frames).toEqual(['BOOKMARK 101']);
    put('secrets', 'one', 't');
    clock.advance(28_000);
    expect(frames).toEqual(['BOOKMARK 101', 'BOOKMARK 102']);
    clock.advance(2_000);
    expect(frames).toEqual(['BOOKMARK 101', 'BOOKMARK 102', 'end']);
    expect(without).toEqual(['end']);
    put('pods', 'one', 'a');
    clock.advance(600_000);
    expect(frames).toHaveLength(3);
  });

  it('lives half an hour to an hour when it does not say', () => {
    const { watch, clock } = bed();
    const { frames } = watch({ resourceVersion: '100' });
    clock.advance(2_699_999);
    expect(frames).toEqual([]);
    clock.advance(1);
    expect(frames).toEqual(['end']);
    expect(watch({ timeoutSeconds: '-1' }).frames).toEqual(['end']);
  });

  it('of a custom kind ends with the kind', () => {
    const { kinds, watch, scopeOf } = bed();
    const resource = { ...scopeOf('configmaps').resource, id: 'xs.x.io', group: 'x.io', plural: 'xs', kind: 'X' };
    kinds.addCustom({ ...resource, origin: 'custom' });
    const { frames } = watch({}, { resource, version: 'v1' });
    expect(frames).toEqual([]);
    kinds.removeCustom('xs.x.io');
    expect(frames).toEqual(['end']);
  });

  it('is ended when its receiver stays full', () => {
    const { reader, put, scopeOf } = bed({ watchBacklog: 3 });
    let sent = 0;
    let ended = false;
    const sink = { send: () => ++sent < 3, end: () => (ended = true) };
    reader.watch(scopeOf('pods'), { resourceVersion: '100' }, sink);
    for (let index = 0; index < 5; index++) put('pods', 'one', `a${index}`);
    expect([sent, ended]).toEqual([5, false]);
    put('pods', 'one', 'b');
    put('pods', 'one', 'c');
    expect([sent, ended]).toEqual([6, true]);
  });

  it('holds back for a receiver that says when it takes more, up to its backlog', () => {
    const { reader, put, fill, scopeOf } = bed({ watchBacklog: 3 });
    fill();
    const frames: string[] = [];
    let resume: (() => void) | undefined;
    const sink = {
      send: (frame: WatchFrame) => frames.push(told(frame)) % 2 === 1,
      end: () => void frames.push('end'),
      whenWritable: (again: () => void) => {
        resume = again;
      },
    };
    reader.watch(scopeOf('pods'), { allowWatchBookmarks: true }, sink);
    put('pods', 'one', 'x');
    expect(frames).toEqual(['ADDED a 101', 'ADDED b 102']);
    resume?.();
    resume?.();
    resume?.();
    expect(frames.slice(2)).toEqual([
      'ADDED c 103',
      'ADDED d 104',
      'ADDED e 105',
      'ADDED f 106',
      'BOOKMARK 106 initial',
      'ADDED x 107',
    ]);
    for (const name of ['p', 'q', 'r']) put('pods', 'one', name);
    expect(frames).toHaveLength(8);
    put('pods', 'one', 's');
    expect(frames.slice(8)).toEqual(['end']);
    resume?.();
    expect(frames).toHaveLength(9);
  });

  it.each<[WatchQuery, number, string]>([
    [
      { resourceVersion: 'abc' },
      500,
      'resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
    ],
    [{ timeoutSeconds: 'abc' }, 400, 'strconv.ParseInt: parsing "abc": invalid syntax'],
    [{ limit: 'x' }, 400, 'strconv.ParseInt: parsing "x": invalid syntax'],
    [
      { resourceVersionMatch: 'NotOlderThan' },
      422,
      'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
    ],
    [
      { sendInitialEvents: 'true' },
      422,
      'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    ],
    [
      { sendInitialEvents: 'true', resourceVersionMatch: 'Exact' },
      422,
      'ListOptions.meta.k8s.io "" is invalid: [resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to ' +
        'NotOlderThan, resourceVersionMatch: Unsupported value: "Exact": supported values: "NotOlderThan"]',
    ],
    [
      { continue: 'abc', resourceVersion: '0' },
      422,
      'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided',
    ],
  ])('is refused as the real server does: %j', (query, code, message) => {
    const { watch } = bed();
    let status: Status | undefined;
    try {
      watch(query);
    } catch (error) {
      if (error instanceof ApiFailure) status = error.status;
    }
    expect([status?.code, status?.message]).toEqual([code, message]);
    expect(status?.reason).toBe(code === 500 ? undefined : code === 422 ? 'Invalid' : 'BadRequest');
  });
});

describe('lists and watches beside a model', () => {
  const NAMESPACES = ['a', 'a-b', 'b'];
  const NAMES = ['x', 'y', 'z', 'x-1'];
  const write = fc.record({
    remove: fc.boolean(),
    namespace: fc.constantFrom(...NAMESPACES),
    name: fc.constantFrom(...NAMES),
    app: fc.constantFrom('web', 'db'),
  });
  const query = fc.record({
    namespace: fc.constantFrom(undefined, ...NAMESPACES),
    labelSelector: fc.constantFrom('', 'app=web', 'app!=web'),
    fieldSelector: fc.constantFrom('', 'metadata.name=x', 'metadata.namespace!=a', 'spec.nodeName=web'),
  });

  it('end where a new list begins, from whatever page or version they came', () => {
    fc.assert(
      fc.property(
        fc.array(write, { maxLength: 40 }),
        fc.array(write, { maxLength: 40 }),
        query,
        fc.nat(5),
        (before, later, asked, limit) => {
          const { put, store, reader, scopeOf } = bed();
          const { namespace, ...selectors } = asked;
          const scope = scopeOf('pods', namespace);
          const apply = ({ remove, namespace: within, name, app }: (typeof before)[number]) => {
            if (remove) store.remove('pods', within, name);
            else put('pods', within, name, { metadata: { labels: { app } }, spec: { nodeName: app } });
          };
          const replica = () => {
            const held = new Map<string, number>();
            const send = (frame: WatchFrame) => {
              if (frame.type === 'BOOKMARK' || frame.type === 'ERROR') return true;
              const key = `${frame.version.namespace}/${frame.version.name}`;
              expect(held.has(key)).toBe(frame.type !== 'ADDED');
              if (frame.type === 'DELETED') held.delete(key);
              else held.set(key, frame.version.revision);
              return true;
            };
            return { held, send, end: () => undefined };
          };
          const keyed = (versions: readonly { namespace: string; name: string; revision: number }[]) =>
            versions.map((version) => [`${version.namespace}/${version.name}`, version.revision] as const);

          before.forEach(apply);
          const whole = reader.list(scope, selectors);
          const fromStart = replica();
          reader.watch(scope, selectors, fromStart);
          const fromList = replica();
          for (const [key, revision] of keyed(whole.versions)) fromList.held.set(key, revision);

          const paged = [];
          let answer = reader.list(scope, { ...selectors, limit: `${limit + 1}` });
          paged.push(...answer.versions);
          const rest = [...later];
          while (answer.continue !== undefined) {
            const next = rest.shift();
            if (next !== undefined) apply(next);
            answer = reader.list(scope, { ...selectors, limit: `${limit + 1}`, continue: answer.continue });
            expect(answer.resourceVersion).toBe(whole.resourceVersion);
            paged.push(...answer.versions);
          }
          expect(keyed(paged)).toEqual(keyed(whole.versions));

          rest.forEach(apply);
          reader.watch(scope, { ...selectors, resourceVersion: whole.resourceVersion }, fromList);
          const now = keyed(reader.list(scope, selectors).versions);
          const sorted = (held: Map<string, number>) => [...held].sort((a, b) => (a[0] < b[0] ? -1 : 1));
          expect(sorted(fromList.held)).toEqual(now);
          expect(sorted(fromStart.held)).toEqual(now);
        },
      ),
      { numRuns: 200 },
    );
  });
});
