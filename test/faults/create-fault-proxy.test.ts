import { readdirSync } from 'node:fs';
import { type ClientHttp2Session, connect } from 'node:http2';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createClock } from '../../sandbox/clock.ts';
import { createSandbox, type Sandbox } from '../../sandbox/create-sandbox.ts';
import { findField } from '../../sandbox/server/protobuf-wire.ts';
import { BARE } from '../../sandbox/worlds/bare.ts';
import { createFaultProxy, type FaultProxy, type FaultProxyOptions } from './create-fault-proxy.ts';
import type { Plan, Rule } from './plan.ts';
import { createRawClient, type RawClient } from './raw-client.ts';
import { next, rest } from './row-setup.ts';
import { targetOf } from './upstream.ts';

const MAPS = '/api/v1/namespaces/team-a/configmaps';
const HISTORY = ['ADDED a', 'ADDED b', 'ADDED c', 'MODIFIED a'];
const PROTOBUF = { accept: 'application/vnd.kubernetes.protobuf' };

let sandbox: Sandbox;
let kubeconfig: string;
let since: number;
let opened: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  sandbox = createSandbox({ world: BARE, time: 'still' });
  kubeconfig = sandbox.kubeconfig((await sandbox.listen(0)).url);
  since = sandbox.store.revision;
  for (const name of ['a', 'b', 'c']) {
    sandbox.operator.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'team-a' },
    });
  }
  sandbox.operator.modify('configmaps', 'team-a', 'a', (draft) => {
    draft['data'] = { changed: 'yes' };
  });
});
afterAll(() => sandbox.stop());
afterEach(async () => {
  for (const { close } of opened.splice(0).reverse()) await close();
  opened = [];
});

async function start(plan: Plan | readonly Rule[] = [], options: Partial<FaultProxyOptions> = {}): Promise<FaultProxy> {
  const rules = 'rules' in plan ? plan : { rules: plan };
  const proxy = await createFaultProxy({ upstream: { kubeconfig }, plan: rules, ...options });
  opened.push(proxy);
  return proxy;
}

async function client(proxy: FaultProxy, alpn?: readonly string[]): Promise<RawClient> {
  const made = await createRawClient({ url: proxy.url, ca: proxy.ca, ...(alpn === undefined ? {} : { alpn }) });
  opened.push(made);
  return made;
}

const watchPath = () => `${MAPS}?watch=1&resourceVersion=${since}`;
const openDescriptors = () => readdirSync('/proc/self/fd').length;

test.each(['h2', 'http/1.1'])('without a plan %s passes through: reads, writes, watches, failures', async (alpn) => {
  const proxy = await start();
  const made = await client(proxy, [alpn]);
  expect(made.alpn).toBe(alpn);
  const json = async (path: string, options = {}) => JSON.parse((await made.ask(path, options)).body.toString());
  const name = alpn === 'h2' ? 'two' : 'one';
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { text: 'z'.repeat(100_000) } };
  const headers = { 'content-type': 'application/json' };
  const elsewhere = '/api/v1/namespaces/default/configmaps';
  const write = await made.ask(elsewhere, { method: 'POST', headers, body: JSON.stringify(object) });
  expect([write.status, (await json(`${elsewhere}/${name}`)).data]).toEqual([201, object.data]);
  expect((await made.ask(`${elsewhere}/${name}`, { method: 'DELETE' })).status).toBe(200);
  expect(await json(`${MAPS}/absent`)).toMatchObject({ reason: 'NotFound', code: 404 });
  expect((await json('/version')).gitVersion).toContain('sandbox');
  expect(await next(made.open(watchPath()), 4)).toEqual(HISTORY);
  expect([...proxy.stats.kinds].map(([kind, { requests }]) => [kind, requests])).toEqual([
    ['create configmaps', 1],
    ['get configmaps', 2],
    ['delete configmaps', 1],
    ['other', 1],
    ['watch configmaps', 1],
  ]);
});

test('it signs in itself, or passes on what the client signs in with', async () => {
  const { url, ca, certificate } = targetOf({ kubeconfig });
  expect(certificate?.cert).toContain('BEGIN CERTIFICATE');
  const token = targetOf({ kubeconfig, context: 'token-admin' }).token ?? '';
  const signing = await client(await start());
  expect((await signing.ask(MAPS, { headers: { authorization: 'Bearer wrong' } })).status).toBe(200);
  const passing = await client(await start([], { upstream: { url, ca } }));
  const statusWith = async (bearer: string) =>
    (await passing.ask(MAPS, { headers: { authorization: `Bearer ${bearer}` } })).status;
  expect([await statusWith('wrong'), await statusWith(token), (await passing.ask(MAPS)).status]).toEqual([
    401, 200, 403,
  ]);
});

test('its kubeconfig leads to it', async () => {
  const proxy = await start();
  expect(targetOf({ kubeconfig: proxy.kubeconfig('my-token') })).toEqual({
    url: proxy.url,
    ca: proxy.ca,
    token: 'my-token',
  });
});

test('rules count the requests that match, all together or for each path', async () => {
  const answer = { kind: 'answer', status: 500 } as const;
  const rule = (counts: Rule['counts']): Rule => ({
    match: { verb: 'list' },
    ...(counts && { counts }),
    at: { at: 'request' },
    do: answer,
  });
  const proxy = await start([rule({ every: 2 })]);
  const made = await client(proxy);
  const statuses = async (...paths: string[]) => {
    const found = [];
    for (const path of paths) found.push((await made.ask(path)).status);
    return found;
  };
  const nodes = '/api/v1/nodes';
  expect(await statuses(MAPS, nodes, `${MAPS}/a`, MAPS, nodes)).toEqual([200, 500, 200, 200, 500]);
  await proxy.setPlan({ rules: [rule({ per: 'path', nth: 1 })] });
  expect(await statuses(MAPS, MAPS, nodes, nodes)).toEqual([500, 200, 500, 200]);
  await proxy.setPlan({ rules: [rule({ from: 2, to: 3 })] });
  expect(await statuses(MAPS, MAPS, MAPS, MAPS)).toEqual([200, 500, 500, 200]);
  await proxy.setPlan({ rules: [rule({ probability: 0.5 })] });
  const first = await statuses(...Array(20).fill(MAPS));
  await proxy.setPlan({ rules: [rule({ probability: 0.5 })] });
  expect(await statuses(...Array(20).fill(MAPS))).toEqual(first);
  expect(new Set(first)).toEqual(new Set([200, 500]));
});

test('several rules work on one answer, and are told of in the statistics', async () => {
  const watch = { verb: 'watch' } as const;
  const proxy = await start([
    { name: 'no b', match: watch, at: { at: 'event', name: 'b' }, do: { kind: 'drop' } },
    { name: 'small', match: watch, at: { at: 'body' }, do: { kind: 'split', bytes: 7 } },
    {
      name: 'twice',
      match: watch,
      at: { at: 'event', name: 'c' },
      do: { kind: 'inject', where: 'after', lines: [{ line: 'again' }] },
    },
    {
      name: 'cut',
      match: watch,
      counts: { nth: 1 },
      at: { at: 'after-events', after: 4 },
      do: { kind: 'cut', how: 'end' },
    },
    { name: 'never', match: { verb: 'patch' }, at: { at: 'request' }, do: { kind: 'answer', status: 500 } },
  ]);
  const answer = (await client(proxy)).open(watchPath());
  expect(await rest(answer)).toEqual(['ADDED a', 'ADDED c', 'ADDED c', 'MODIFIED a']);
  expect(Math.max(...answer.chunks.map((chunk) => chunk.length))).toBe(7);
  expect([...proxy.stats.fired]).toEqual([
    ['small', 1],
    ['no b', 1],
    ['twice', 1],
    ['cut', 1],
  ]);
  await expect.poll(() => proxy.stats.openRequests).toBe(0);
  expect(proxy.stats.log).toMatchObject([{ status: 200, events: 4, rules: ['small', 'no b', 'twice', 'cut'] }]);
  expect(proxy.stats.bytes).toBe(Buffer.concat(answer.chunks).length);
  expect([proxy.stats.count({ verb: 'watch', resource: 'configmaps' }), proxy.stats.count({ verb: 'list' })]).toEqual([
    1, 0,
  ]);
});

test('a line comes at its time, between two events', async () => {
  const clock = createClock('still');
  const proxy = await start(
    [
      {
        at: { at: 'time', ms: 1000 },
        do: { kind: 'inject', lines: [{ line: 'status', code: 410, reason: 'Expired' }] },
      },
    ],
    { clock },
  );
  const answer = (await client(proxy)).open(watchPath());
  expect(await next(answer, 4)).toEqual(HISTORY);
  clock.advance(1000);
  expect(await next(answer, 1)).toEqual(['ERROR 410']);
  sandbox.operator.modify('configmaps', 'team-a', 'b', (draft) => {
    draft.metadata.labels = { at: 'time' };
  });
  expect(await next(answer, 1)).toEqual(['MODIFIED b']);
});

test('frames of protobuf are found by type and name, dropped, cut, repeated and put in', async () => {
  const only = (type: string, name: string): Rule['at'] => ({ at: 'event', type, name });
  const proxy = await start([
    { at: only('ADDED', 'b'), do: { kind: 'drop' } },
    {
      at: only('ADDED', 'c'),
      do: { kind: 'inject', where: 'after', lines: [{ line: 'again' }, { line: 'status', code: 429 }] },
    },
    { at: only('MODIFIED', 'a'), do: { kind: 'cut', how: 'end', inside: 9 } },
    { at: { at: 'body' }, do: { kind: 'split', bytes: 3 } },
  ]);
  const { body, end } = await (await client(proxy)).ask(watchPath(), { headers: PROTOBUF });
  const types: string[] = [];
  let at = 0;
  for (; at + 4 + body.readUInt32BE(at) <= body.length; at += 4 + body.readUInt32BE(at)) {
    types.push(findField(body.subarray(at + 4, at + 4 + body.readUInt32BE(at)), 1).toString());
  }
  expect([types, body.length - at, end]).toEqual([['ADDED', 'ADDED', 'ADDED', 'ERROR'], 9, 'clean']);
  expect([...proxy.stats.skipped]).toEqual([]);
});

test('what has to be edited is asked for as JSON; what only comes as protobuf is passed and counted as skipped', async () => {
  const edits = [{ edit: 'set', path: ['kind'], to: 'Odd' }] as const;
  const proxy = await start([{ name: 'odd', at: { at: 'body' }, do: { kind: 'edit', edits } }]);
  const made = await client(proxy);
  const both = await made.ask(MAPS, { headers: { accept: `${PROTOBUF.accept}, application/json` } });
  expect([both.headers['content-type'], JSON.parse(both.body.toString()).kind]).toEqual(['application/json', 'Odd']);
  const one = await made.ask(MAPS, { headers: PROTOBUF });
  expect([one.headers['content-type'], one.body.subarray(0, 3).toString()]).toEqual([PROTOBUF.accept, 'k8s']);
  expect([...proxy.stats.skipped]).toEqual([['odd', 1]]);
});

test('F13: a stream that is not read does not hold up others', async () => {
  const text = 'w'.repeat(900_000);
  for (let count = 0; count < 5; count++) {
    sandbox.operator.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `big-${count}`, namespace: 'default' },
      data: { text },
    });
  }
  const proxy = await start();
  const session: ClientHttp2Session = connect(proxy.url, { ca: proxy.ca });
  opened.push({ close: async () => session.destroy() });
  session.on('connect', () => session.setLocalWindowSize(64 * 1024 * 1024));
  const big = '/api/v1/namespaces/default/configmaps';
  const idle = session.request({ ':path': big });
  await new Promise((resolve) => idle.once('response', resolve));
  const read = session.request({ ':path': big });
  let bytes = 0;
  for await (const chunk of read) bytes += chunk.length;
  expect(bytes).toBeGreaterThan(4_500_000);
  expect(proxy.stats.log[0]?.bytes).toBeLessThan(1_000_000);
});

test('when the upstream is gone, requests get 502 and what was under way breaks off', async () => {
  const other = createSandbox({ world: BARE, time: 'still' });
  const proxy = await start([], { upstream: { kubeconfig: other.kubeconfig((await other.listen(0)).url) } });
  const made = await client(proxy);
  const watch = made.open('/api/v1/nodes?watch=1');
  expect(await next(watch, 3)).toHaveLength(3);
  await other.stop();
  expect(await watch.end).toMatch(/^(rst-stream 2|clean)$/);
  const answer = await made.ask('/api/v1/nodes');
  expect([answer.status, JSON.parse(answer.body.toString()).message]).toEqual([
    502,
    expect.stringContaining('the fault proxy has no answer from its upstream'),
  ]);
  proxy.swapUpstream({ kubeconfig });
  expect((await made.ask(MAPS)).status).toBe(200);
});

test('one request can go to another upstream', async () => {
  const other = createSandbox({ world: BARE, time: 'still', seed: 9 });
  opened.push({ close: () => other.stop() });
  const proxy = await start([{ counts: { nth: 2 }, at: { at: 'request' }, do: { kind: 'upstream', use: 'replica' } }], {
    others: { replica: { kubeconfig: other.kubeconfig((await other.listen(0)).url) } },
  });
  const made = await client(proxy);
  const statuses = [];
  for (let turn = 0; turn < 3; turn++) statuses.push((await made.ask(`${MAPS}/a`)).status);
  expect(statuses).toEqual([200, 404, 200]);
});

test('a silent connection does not even answer a PING', async () => {
  const proxy = await start([
    { match: { verb: 'watch' }, at: { at: 'after-events', after: 1 }, do: { kind: 'silence', of: 'connection' } },
  ]);
  const session = connect(proxy.url, { ca: proxy.ca });
  session.on('error', () => undefined);
  opened.push({ close: async () => session.destroy() });
  await new Promise((resolve) => session.once('connect', resolve));
  const ponged = () =>
    new Promise<string>((resolve) => session.ping((error) => resolve(error === null ? 'pong' : 'none')));
  expect(await ponged()).toBe('pong');
  const stream = session.request({ ':path': watchPath() });
  await new Promise((resolve) => stream.once('data', resolve));
  const other = await client(proxy);
  let said = '';
  const heard = async () => {
    said = 'nothing';
    void ponged().then((answer) => {
      said = answer;
    });
    for (let turn = 0; turn < 3; turn++) expect((await other.ask(MAPS)).status).toBe(200);
    return said;
  };
  await expect.poll(heard).toBe('nothing');
  await proxy.setPlan({ rules: [] });
  await expect.poll(() => said).toBe('pong');
});

test('three hundred watches run at the same time and end with the proxy', async () => {
  const proxy = await start();
  const clients = await Promise.all([1, 2, 3].map(() => client(proxy)));
  const watches = clients.flatMap((made) => Array.from({ length: 100 }, () => made.open(watchPath())));
  for (const answer of watches) expect(await next(answer, 4)).toEqual(HISTORY);
  expect(proxy.stats.openRequests).toBe(300);
  await proxy.close();
  for (const answer of watches) expect(await answer.end).toMatch(/^(cut|ECONNRESET)$/);
  expect([proxy.stats.openRequests, proxy.stats.openConnections]).toEqual([0, 0]);
});

test('a thousand requests, cut in every way, leave no descriptor behind', async () => {
  const ways: Rule['do'][] = [
    { kind: 'cut', how: 'fin' },
    { kind: 'cut', how: 'rst' },
    { kind: 'rst-stream', code: 2 },
    { kind: 'goaway', code: 2 },
    { kind: 'silence', of: 'connection' },
    { kind: 'silence', of: 'stream' },
    { kind: 'cut', how: 'end' },
  ];
  const proxy = await start(
    ways.map(
      (action, index): Rule => ({
        match: { verb: 'watch', bearer: String(index) },
        at: { at: 'after-events', after: 1 },
        do: action,
      }),
    ),
  );
  const round = async (turn: number, lists: number) => {
    const made = await createRawClient({ url: proxy.url, ca: proxy.ca });
    const answers = await Promise.all(Array.from({ length: lists }, () => made.ask(MAPS)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(lists);
    const answer = made.open(watchPath(), { headers: { authorization: `Bearer ${turn % ways.length}` } });
    expect(await next(answer, 1)).toEqual(['ADDED a']);
    await made.close();
  };
  // The first ones open what is kept: sessions to the upstream, listeners.
  for (let turn = 0; turn < ways.length; turn++) await round(turn, 2);
  await proxy.setPlan({ rules: [] });
  await expect.poll(() => proxy.stats.openConnections).toBe(0);
  const before = openDescriptors();
  for (let turn = 0; turn < 3 * ways.length; turn++) await round(turn, 48);
  expect(proxy.stats.requests).toBeGreaterThan(1000);
  await expect.poll(() => [proxy.stats.openConnections, proxy.stats.openRequests]).toEqual([0, 0]);
  await expect.poll(openDescriptors).toBeLessThanOrEqual(before + 3);
});
