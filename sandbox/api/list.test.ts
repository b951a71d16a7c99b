import { describe, expect, it } from 'vitest';
import type { ResourceInfo } from '../types.ts';
import { bed } from './test-reader.ts';
import type { ListQuery } from './types.ts';

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
