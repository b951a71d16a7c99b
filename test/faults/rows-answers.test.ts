import { expect } from 'vitest';
import type { RawClient } from './raw-client.ts';
import { type Check, CONFIG_MAPS, LIST, next, rest, testRows } from './row-setup.ts';
import { answerRows } from './rows-answers.ts';

const ALL = '/api/v1/configmaps';
const NAMES = ['a', 'b', 'c', 'kube-root-ca.crt'];

interface List {
  kind: string;
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number };
  items: { kind?: string; metadata: { name: string } }[] | null;
}

async function read(client: RawClient, path: string) {
  const { status, headers, body, end } = await client.ask(path);
  const text = body.toString();
  const json = String(headers['content-type']).includes('json');
  return {
    status,
    headers,
    end,
    text,
    list: (json && end === 'clean' ? JSON.parse(text) : {}) as List & { message: string },
  };
}

const names = ({ items }: List) => items?.map((item) => item.metadata.name);
const more = (list: List, limit: number) => `${LIST}?limit=${limit}&continue=${list.metadata.continue}`;

/** The first answers have these statuses, what comes then is well. */
const statuses =
  (path: 'list' | 'watch', expected: readonly number[], header?: readonly [string, string]): Check =>
  async ({ client, watch }) => {
    const made = await client();
    const answers = [];
    for (const _ of expected) answers.push(await read(made, path === 'list' ? LIST : watch));
    expect(answers.map(({ status }) => status)).toEqual(expected);
    if (header !== undefined) expect(answers[0]?.headers[header[0]]).toBe(header[1]);
    if (path === 'list') expect(names((await read(made, LIST)).list)).toEqual(NAMES);
    else expect(await next(made.open(watch), 1)).toEqual(['ADDED a']);
  };

const edited =
  (look: (list: List) => unknown, expected: unknown, path = LIST): Check =>
  async ({ client }) => {
    expect(look((await read(await client(), path)).list)).toEqual(expected);
  };

testRows(answerRows(CONFIG_MAPS), {
  'F17 watch': statuses('watch', [401]),
  'F17 list': statuses('list', [401]),
  'F18 for ever': async ({ client }) => {
    const made = await client();
    for (const path of [LIST, '/api', '/version', '/api/v1/nodes/node-0']) {
      expect((await read(made, path)).status).toBe(401);
    }
  },
  'F20 forbidden': async ({ client, watch }) => {
    const made = await client();
    for (const path of [LIST, watch, ALL]) expect((await read(made, path)).status).toBe(403);
    expect((await read(made, '/api/v1/nodes')).status).toBe(200);
    expect((await read(made, `${LIST}/a`)).status).toBe(200);
  },
  'F21 from the third read': async ({ client, watch }) => {
    const made = await client();
    expect((await read(made, LIST)).status).toBe(200);
    const answer = made.open(watch);
    expect([await rest(answer), await answer.end]).toEqual([['ADDED a'], 'clean']);
    expect([(await read(made, watch)).status, (await read(made, LIST)).status]).toEqual([403, 403]);
  },
  'F22 in namespaces only': async ({ client, watch }) => {
    const made = await client();
    expect((await read(made, ALL)).status).toBe(403);
    expect(names((await read(made, LIST)).list)).toEqual(NAMES);
    expect(await next(made.open(watch), 1)).toEqual(['ADDED a']);
  },
  'F23 old token refused': async ({ client }) => {
    const made = await client();
    const withToken = (token: string) => made.ask(LIST, { headers: { authorization: `Bearer ${token}` } });
    expect((await withToken('old-token')).status).toBe(401);
    expect((await withToken('new-token')).status).toBe(200);
  },
  'F24 list': statuses('list', [429], ['retry-after', '1']),
  'F24 watch': statuses('watch', [429], ['retry-after', '1']),
  'F24 in the stream': async ({ client, watch }) => {
    const answer = (await client()).open(watch);
    expect(await next(answer, 1)).toEqual(['ADDED a']);
    expect(JSON.parse((await answer.line()) ?? '')).toMatchObject({
      type: 'ERROR',
      object: { kind: 'Status', code: 429, reason: 'TooManyRequests', details: { retryAfterSeconds: 1 } },
    });
    expect([await answer.line(), await answer.end]).toEqual([undefined, 'clean']);
  },
  'F25 500': statuses('list', [500, 500, 500]),
  'F25 502': statuses('list', [502, 502, 502], ['content-type', 'text/html']),
  'F25 503': statuses('watch', [503, 503, 503]),
  'F26 40 s': async ({ client, clock, advance, roundTrip }) => {
    const answer = (await client()).open(LIST);
    let status = 0;
    void answer.head.then((head) => {
      status = head?.status ?? 0;
    });
    await advance(39_999);
    await roundTrip();
    expect(status).toBe(0);
    clock.advance(1);
    expect([await answer.end, status]).toEqual(['clean', 200]);
  },
  'F27 page 2': async ({ client }) => {
    const made = await client();
    const first = await read(made, `${LIST}?limit=2`);
    const expired = await read(made, more(first.list, 2));
    expect([expired.status, expired.list.metadata.continue]).toEqual([410, 'inconsistent']);
    const again = await read(made, `${LIST}?limit=2`);
    expect(names((await read(made, more(again.list, 2))).list)).toEqual(['c', 'kube-root-ca.crt']);
  },
  'F27 page 2 every time': async ({ client }) => {
    const made = await client();
    for (let turn = 0; turn < 3; turn++) {
      const first = await read(made, `${LIST}?limit=2`);
      expect((await read(made, more(first.list, 2))).status).toBe(410);
    }
    expect(names((await read(made, LIST)).list)).toEqual(NAMES);
  },
  'F28 page 2': async ({ client }) => {
    const made = await client();
    const first = await read(made, `${LIST}?limit=2`);
    const lost = await read(made, more(first.list, 2));
    expect([lost.end, lost.text.length]).toEqual(['ECONNRESET', 100]);
    expect(names((await read(await client(), more(first.list, 2))).list)).toEqual(['c', 'kube-root-ca.crt']);
  },
  'F29 empty page with continue': async ({ client }) => {
    const made = await client();
    const first = await read(made, `${LIST}?limit=2`);
    const empty = await read(made, more(first.list, 2));
    expect([empty.list.items, empty.list.metadata.continue]).toEqual([[], first.list.metadata.continue]);
    expect(names((await read(made, more(empty.list, 2))).list)).toEqual(['c', 'kube-root-ca.crt']);
  },
  'F29 item on two pages': async ({ client }) => {
    const made = await client();
    const first = await read(made, `${LIST}?limit=2`);
    expect(names(first.list)).toEqual(['a', 'b']);
    expect(names((await read(made, more(first.list, 2))).list)).toEqual(['b', 'c', 'kube-root-ca.crt']);
  },
  'F29 wrong remainingItemCount': edited((list) => list.metadata.remainingItemCount, 123_456),
  'F29 null items': edited((list) => list.items, null),
  'F29 items without kind': edited(
    (list) => [list.items?.length, list.items?.some((item) => 'kind' in item)],
    [4, false],
  ),
  'F30 empty': edited((list) => [list.metadata.resourceVersion, names(list)], ['', NAMES]),
  'F31 replica': async ({ client, sandbox }) => {
    const made = await client();
    const before = await read(made, LIST);
    sandbox.operator.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'new', namespace: 'team-a' },
    });
    const replica = await read(made, LIST);
    const after = await read(made, LIST);
    sandbox.operator.delete('configmaps', 'team-a', 'new');
    expect(names(after.list)).toEqual(['a', 'b', 'c', 'kube-root-ca.crt', 'new']);
    expect(replica.text).toBe(before.text);
  },
  'F31 older version': async ({ client }) => {
    const made = await client();
    const versions = [];
    for (let turn = 0; turn < 3; turn++) versions.push(Number((await read(made, LIST)).list.metadata.resourceVersion));
    const [known = 0] = versions;
    expect(versions).toEqual([known, known - 5, known]);
  },
  'F32 once': async ({ client }) => {
    const made = await client();
    const { status, list } = await read(made, LIST);
    expect([status, list]).toMatchObject([
      504,
      { reason: 'Timeout', details: { causes: [{ reason: 'ResourceVersionTooLarge' }], retryAfterSeconds: 1 } },
    ]);
    expect((await read(made, LIST)).status).toBe(200);
  },
  'F32 persists': async ({ client }) => {
    const made = await client();
    for (let turn = 0; turn < 4; turn++) expect((await read(made, LIST)).status).toBe(504);
  },
  'F33 table': edited((list) => [list.kind, list.items], ['Table', undefined]),
  'F33 other kind': edited((list) => [list.kind, list.items?.length], ['GadgetList', 4]),
  'F34 three times': async ({ client, watch, advance, roundTrip }) => {
    const made = await client();
    for (let turn = 0; turn < 3; turn++) {
      const answer = made.open(LIST);
      expect((await answer.head)?.status).toBe(200);
      await roundTrip();
      expect(answer.chunks).toEqual([]);
      await advance(360_000);
      expect(await answer.end).toBe('clean');
      expect((await read(made, watch)).status).toBe(410);
    }
    expect((await read(made, LIST)).status).toBe(200);
    expect(await next(made.open(watch), 1)).toEqual(['ADDED a']);
  },
});
