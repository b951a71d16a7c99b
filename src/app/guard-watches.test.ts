import { describe, expect, it } from 'vitest';
import {
  answering,
  base64,
  type GuardWorld,
  guardOver,
  mark,
  PROTOBUF,
  podItem,
  SUCCESS,
  secretItem,
} from '../../test/support/guard.ts';
import { envelope, type Message } from '../../test/support/protobuf.ts';

describe('namespaces', () => {
  const list = (...items: unknown[]) => ({
    kind: 'PodList',
    apiVersion: 'v1',
    metadata: { remainingItemCount: 9, resourceVersion: '7' },
    items,
  });

  it('that are forbidden leave lists over all of them', async () => {
    const guard = answering(list(podItem('a', 'x'), podItem('prod', 'y'), { metadata: {} }), {
      rules: { forbiddenNamespaces: new Set(['prod']) },
    });
    const { json } = await guard.ask({ path: '/api/v1/pods?limit=500' });
    expect(json()).toEqual({
      kind: 'PodList',
      apiVersion: 'v1',
      metadata: { resourceVersion: '7' },
      items: [podItem('a', 'x')],
    });
  });

  it('that are allowed are all that a list over all of them shows', async () => {
    const rules = { allowedNamespaces: new Set(['a', 'b']), forbiddenNamespaces: new Set(['b']) };
    const guard = answering(list(podItem('a', 'x'), podItem('b', 'y'), podItem('c', 'z')), { rules });
    expect((await guard.ask({ path: '/api/v1/pods' })).json().items).toEqual([podItem('a', 'x')]);
    expect((await guard.ask({ path: '/api/v1/namespaces/c/pods' })).status).toBe(403);
    const namespaces = answering(
      { kind: 'NamespaceList', items: [{ metadata: { name: 'a' } }, { metadata: { name: 'c' } }] },
      { rules },
    );
    expect((await namespaces.ask({ path: '/api/v1/namespaces' })).json().items).toEqual([{ metadata: { name: 'a' } }]);
  });

  it('that are hidden do not show in the token of the next page, which works all the same', async () => {
    const token = base64('{"start":"prod/secret-name"}');
    const guard = answering(
      { kind: 'PodList', metadata: { continue: token }, items: [] },
      {
        rules: { forbiddenNamespaces: new Set(['prod']) },
      },
    );
    const word = (await guard.ask({ path: '/api/v1/pods?limit=1' })).json().metadata.continue;
    expect(word).toMatch(/^[0-9a-f]{24}$/);
    await guard.ask({ path: `/api/v1/pods?limit=1&continue=${word}` });
    expect(guard.sent[1]?.path).toBe(`/api/v1/pods?limit=1&continue=${encodeURIComponent(token)}`);
  });

  it('are looked for where an answer is no list at all', async () => {
    const guard = answering(
      { kind: 'Pod', ...podItem('prod', 'y') },
      { rules: { forbiddenNamespaces: new Set(['prod']) } },
    );
    expect((await guard.ask({ path: '/api/v1/pods' })).status).toBe(502);
  });

  it('named in the body of a new Namespace count as any other, in JSON and in protobuf', async () => {
    const guard = answering(SUCCESS, { gates: ['create'], rules: { forbiddenNamespaces: new Set(['prod']) } });
    const create = (body: unknown, type = 'application/json') =>
      guard.ask({ method: 'POST', path: '/api/v1/namespaces', body, headers: { 'content-type': type } });
    const namespace = (name: string): Message => [[1, [[1, name]]]];
    expect((await create({ kind: 'Namespace', metadata: { name: 'prod' } })).status).toBe(403);
    expect((await create(envelope('v1', 'Namespace', namespace('prod')), PROTOBUF)).status).toBe(403);
    expect((await create('{"metadata":{"name":"fine"},"metadata":{"name":"prod"}}')).status).toBe(403);
    expect(guard.sent).toEqual([]);
    expect((await create(envelope('v1', 'Namespace', namespace('fine')), PROTOBUF)).status).toBe(200);
  });
});

describe('watches', () => {
  const event = (type: string, object: unknown) => `${JSON.stringify({ type, object })}\n`;
  const watch = (chunks: readonly (string | Uint8Array)[], world: Partial<GuardWorld> = {}) =>
    guardOver({ answer: () => ({ chunks }), ...world }).ask({ path: '/api/v1/secrets?watch=true' });

  it('pass event by event, redacted, however the bytes arrive', async () => {
    const plain = event('ADDED', { kind: 'ConfigMap', metadata: { name: 'é' } });
    const shown = event('MODIFIED', { kind: 'Secret', ...secretItem('db', { odd: 'hunter22' }) });
    const mark64 = base64(mark('hunter22'));
    const all = Buffer.from(plain + shown + plain);
    for (const size of [1, 10, 77, 10_000]) {
      const chunks = Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
        all.subarray(at * size, (at + 1) * size),
      );
      expect((await watch(chunks)).text).toBe(plain + shown.replace(base64('hunter22'), mark64) + plain);
    }
  });

  it('hide the data of Secrets that do not say what they are', async () => {
    const { text } = await watch([event('ADDED', secretItem('db', { odd: 'hunter22' }))]);
    expect(text).toContain(base64(mark('hunter22')));
  });

  it('leave out the events of hidden namespaces, whole or in tables, and keep bookmarks and columns', async () => {
    const rules = { forbiddenNamespaces: new Set(['prod']) };
    const bookmark = event('BOOKMARK', { kind: 'Pod', metadata: { resourceVersion: '9', creationTimestamp: null } });
    const { text } = await watch(
      [event('ADDED', podItem('prod', 'x')), bookmark, event('DELETED', podItem('a', 'y'))],
      {
        rules,
      },
    );
    expect(text).toBe(bookmark + event('DELETED', podItem('a', 'y')));

    const columnDefinitions = [{ name: 'Name' }];
    const table = (namespace: string, columns: unknown) => ({
      kind: 'Table',
      columnDefinitions: columns,
      rows: [{ cells: ['x'], object: { metadata: { namespace } } }],
    });
    const tables = await watch(
      [
        event('ADDED', table('prod', columnDefinitions)),
        event('ADDED', table('a', null)),
        event('ADDED', table('a', null)),
      ],
      { rules },
    );
    expect(tables.text).toBe(event('ADDED', table('a', columnDefinitions)) + event('ADDED', table('a', null)));
  });

  it.each([
    ['is no JSON', '{"type":"ADDED","object":{"kind":"Secret","data":{"a":"aHVudGVyMjI="}}\n'],
    ['is of a type that is not known', event('OTHER', { data: { a: 'aHVudGVyMjI=' } })],
    ['has no object', '{"type":"ADDED","aHVudGVyMjI=":1}\n'],
    ['is a bookmark with an object in it', event('BOOKMARK', { metadata: { name: 'x' }, data: { a: 'aHVudGVyMjI=' } })],
  ])('end with an error where an event %s', async (_, bad) => {
    const good = event('ADDED', { kind: 'Pod', ...podItem('a', 'x') });
    const { text } = await watch([good + bad + good], { rules: { forbiddenNamespaces: new Set(['prod']) } });
    const [first, last, ...rest] = text.split('\n');
    expect(`${first}\n`).toBe(good);
    expect(JSON.parse(last ?? '')).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 502 } });
    expect(rest).toEqual(['']);
    expect(text).not.toContain('aHVudGVyMjI=');
  });

  it('end with an error at an event without end', async () => {
    const { text } = await watch(Array.from({ length: 17 }, () => 'x'.repeat(1024 * 1024)));
    expect(JSON.parse(text)).toMatchObject({ type: 'ERROR' });
  });
});
