import { describe, expect, it } from 'vitest';
import { ApiFailure } from './failure.ts';
import { bed, told } from './test-reader.ts';
import type { Status, WatchFrame, WatchQuery } from './types.ts';

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
