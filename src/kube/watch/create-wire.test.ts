import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encode, envelope } from '../../../test/support/protobuf.ts';
import { AppError } from '../../kernel/errors.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { allowAll, never, scriptedTransport } from '../testing/scripted-transport.ts';
import type { Transport, TransportRequest, TransportResponse } from '../transport/types.ts';
import { createWire } from './create-wire.ts';
import type { ListParameters, WatchEvent, WatchTarget, WireFailure } from './types.ts';

const POD = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  resource: 'pods',
  singular: 'pod',
  shortNames: ['po'],
  categories: [],
  namespaced: true,
  verbs: ['list', 'watch'],
  subresources: [],
  preferred: true,
};
const PODS: WatchTarget = { resource: POD, depth: 'object', fields: [] };
const GADGETS: WatchTarget = {
  ...PODS,
  resource: { ...POD, group: 'x.example.com', kind: 'Gadget', resource: 'gadgets' },
};
const PAGE: ListParameters = { limit: 500 };

type Answer = Partial<Omit<TransportResponse, 'body'>> & { body: readonly (string | Uint8Array)[]; breaks?: unknown };

function wireOf(...answers: (Answer | AppError)[]) {
  const sent: TransportRequest[] = [];
  const transport: Transport = {
    ...scriptedTransport(() => undefined),
    async send(request) {
      sent.push(request);
      const answer = answers[Math.min(sent.length, answers.length) - 1]!;
      if (answer instanceof AppError) throw answer;
      const { status = 200, headers = {}, body, breaks } = answer;
      async function* chunks() {
        for (const chunk of body) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
        if (breaks !== undefined) throw breaks;
      }
      return { status, headers: { 'content-type': 'application/json', ...headers }, body: chunks() };
    },
  };
  return {
    wire: createWire(transport, allowAll, { clock: { now: () => 0, monotonic: () => 0, after: () => () => {} } }),
    sent,
  };
}

const nameOf = (object: KubeObject) => `${object.apiVersion} ${object.kind} ${object.metadata?.name}`;

async function watched(answer: Answer | AppError, target = PODS, signal = never) {
  const batches: (readonly WatchEvent<string>[])[] = [];
  let opened = 0;
  let failure: WireFailure | undefined;
  const { wire, sent } = wireOf(answer);
  try {
    const options = { signal, onOpen: () => void opened++ };
    for await (const batch of wire.watch(target, { resourceVersion: '5', timeoutSeconds: 300 }, nameOf, options))
      batches.push(batch);
  } catch (thrown) {
    failure = (thrown as { failure: WireFailure }).failure;
  }
  return { batches, events: batches.flat(), opened, failure, sent };
}

async function listed(answer: Answer | AppError, target = PODS, parameters = PAGE) {
  const { wire, sent } = wireOf(answer);
  const page = await wire.list(target, parameters, nameOf, never);
  return { page, sent };
}

const failureOfList = (answer: Answer | AppError, target = PODS) =>
  listed(answer, target).then(
    () => undefined,
    (thrown: { failure: WireFailure }) => thrown.failure,
  );

const list = (items: unknown, more: object = {}) =>
  JSON.stringify({ kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '7' }, items, ...more });
const pod = (name: string, more: object = {}) => ({ metadata: { name, resourceVersion: '3' }, ...more });
const line = (type: string, object: object) => `${JSON.stringify({ type, object })}\n`;

describe('a page', () => {
  test('is asked for with limit, token or version, and its items get their kind', async () => {
    const { page, sent } = await listed(
      {
        body: [
          list([pod('a'), pod('b')], { metadata: { resourceVersion: '9', continue: 'tok', remainingItemCount: 4 } }),
        ],
      },
      { ...PODS, namespace: 'shop' },
      { limit: 2, notOlderThan: '8' },
    );
    expect(page).toEqual({ items: ['v1 Pod a', 'v1 Pod b'], resourceVersion: '9', continue: 'tok', remaining: 4 });
    expect(sent[0]?.path).toBe(
      '/api/v1/namespaces/shop/pods?limit=2&resourceVersion=8&resourceVersionMatch=NotOlderThan',
    );
  });

  test('that is continued names no version', async () => {
    const { sent } = await listed({ body: [list([])] }, PODS, { limit: 2, continue: 'tok', notOlderThan: '8' });
    expect(sent[0]?.path).toBe('/api/v1/pods?limit=2&continue=tok');
  });

  test('of metadata asks for it, and cuts whole objects down where the server sent them', async () => {
    const target: WatchTarget = { ...GADGETS, depth: 'metadata' };
    const { wire, sent } = wireOf({
      body: [
        list([{ kind: 'PartialObjectMetadata', metadata: { name: 'a' } }, pod('b', { spec: 1 })], {
          kind: 'GadgetList',
        }),
      ],
    });
    const page = await wire.list(target, PAGE, (object) => object, never);
    expect(page.items).toEqual([
      { apiVersion: 'x.example.com/v1', kind: 'Gadget', metadata: { name: 'a' } },
      { apiVersion: 'x.example.com/v1', kind: 'Gadget', metadata: { name: 'b', resourceVersion: '3' } },
    ]);
    expect(sent[0]?.headers?.['accept']).toContain('as=PartialObjectMetadataList');
  });

  test.each([
    ['null', list(null)],
    ['missing', '{"kind":"PodList","metadata":{}}'],
    ['empty', list([])],
  ])('whose items are %s is empty', async (_, body) => {
    expect((await listed({ body: [body] })).page.items).toEqual([]);
  });

  test('may have a name of its own for a list of custom objects', async () => {
    expect((await listed({ body: [list([pod('a')], { kind: 'GadgetCollection' })] }, GADGETS)).page.items).toEqual([
      'x.example.com/v1 Gadget a',
    ]);
  });

  test.each([
    ['a Table', { body: [JSON.stringify({ kind: 'Table', columnDefinitions: [{}], rows: [{ object: {} }] })] }],
    ['a list of another kind', { body: [list([], { kind: 'ServiceList' })] }],
    ['objects of another kind', { body: [list([pod('a', { kind: 'Service' })])] }],
    ['a Status', { body: ['{"kind":"Status","status":"Failure"}'] }],
    ['a page in HTML', { headers: { 'content-type': 'text/html' }, body: ['<html>'] }],
    ['HTML that calls itself JSON', { body: ['<html>'] }],
    ['JSON that is no list', { body: ['{"login":true}'] }],
    ['an item that is no object', { body: [list([1])] }],
    ['an item that does not parse', { body: ['{"items":[{"a":b}]}'] }],
    ['brackets that do not match', { body: ['{"items":[{"a":[}]}]}'] }],
    ['two lists', { body: [list([]) + list([])] }],
  ])('that is %s is malformed', async (_, answer) => {
    expect(await failureOfList(answer)).toMatchObject({ kind: 'malformed' });
  });

  test('that ends early is a lost connection', async () => {
    expect(await failureOfList({ body: [list([pod('a')]).slice(0, -3)] })).toMatchObject({
      kind: 'unreachable',
      cause: 'reset',
    });
  });

  test('may be split anywhere', async () => {
    const items = [pod('ä"\\{[', { spec: { text: ']}\\"', emoji: '🦆' } }), pod('b', { items: [{ items: [] }] })];
    const before = { kind: 'PodList', note: 'a "items": [ in a text', other: [1, { items: [2] }], metadata: {} };
    const bytes = Buffer.from(JSON.stringify({ ...before, items, after: { items: [] } }, undefined, 1));
    const whole = ['v1 Pod ä"\\{[', 'v1 Pod b'];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 12 }), async (cuts) => {
        const ends = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        const body = ends.slice(1).map((end, index) => bytes.subarray(ends[index], end));
        expect((await listed({ body })).page.items).toEqual(whole);
      }),
    );
    const single = [...bytes].map((byte) => Uint8Array.of(byte));
    expect((await listed({ body: single })).page.items).toEqual(whole);
  });
});

describe('a failure', () => {
  test('with a Status keeps its code, reason and wait', async () => {
    const status = { kind: 'Status', apiVersion: 'v1', reason: 'Expired', message: 'too old', code: 410 };
    expect(await failureOfList({ status: 410, body: [JSON.stringify(status)] })).toEqual({
      kind: 'status',
      code: 410,
      reason: 'Expired',
      message: 'too old',
    });
    const waits = { ...status, details: { retryAfterSeconds: 3 } };
    expect(await failureOfList({ status: 504, body: [JSON.stringify(waits)] })).toMatchObject({ retryAfterSeconds: 3 });
    expect(
      await failureOfList({ status: 429, headers: { 'retry-after': '7' }, body: [JSON.stringify(waits)] }),
    ).toMatchObject({ code: 429, retryAfterSeconds: 7 });
  });

  test('without one says what came', async () => {
    const headers = { 'content-type': 'text/html; charset=x' };
    expect(await failureOfList({ status: 502, headers, body: ['<html>secret</html>'] })).toEqual({
      kind: 'status',
      code: 502,
      reason: '',
      message: 'HTTP 502 without a Kubernetes Status (content type text/html).',
    });
  });

  test.each([
    [new AppError('credentials_failed', 'm'), { kind: 'credentials', message: 'm' }],
    [new AppError('deadline_exceeded', 'm'), { kind: 'silent', message: 'm' }],
    [new AppError('cluster_tls', 'm'), { kind: 'unreachable', cause: 'tls', message: 'm' }],
    [new AppError('kind_denied', 'm'), { kind: 'status', code: 403, reason: 'Forbidden', message: 'm' }],
    [new AppError('cancelled', 'm'), { kind: 'stopped' }],
    [new AppError('cluster_bad_answer', 'm'), { kind: 'malformed', message: 'm' }],
    [
      new AppError('cluster_unreachable', 'm', { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) }),
      { kind: 'unreachable', cause: 'refused', message: 'm' },
    ],
  ])('of the transport is told as what it is', async (error, failure) => {
    expect(await failureOfList(error)).toEqual(failure);
  });

  test('to unpack makes the third request one for unpacked answers', async () => {
    const damaged = new AppError('cluster_bad_answer', 'gzip');
    const { wire, sent } = wireOf(damaged, damaged, { body: [list([])] });
    for (let round = 0; round < 2; round++) await wire.list(PODS, PAGE, nameOf, never).catch(() => undefined);
    await wire.list(PODS, PAGE, nameOf, never);
    expect(sent.map(({ unpacked }) => unpacked)).toEqual([undefined, undefined, true]);
  });

  test('of the projection is malformed', async () => {
    const { wire } = wireOf({ body: [list([pod('a')])] });
    const project = () => {
      throw new Error('bug');
    };
    await expect(wire.list(PODS, PAGE, project, never)).rejects.toMatchObject({ failure: { kind: 'malformed' } });
  });
});

describe('a watch', () => {
  test('is asked for with bookmarks and a time-out, and may be silent as long as that', async () => {
    const { sent, opened } = await watched({ body: [] });
    expect(sent[0]).toMatchObject({
      path: '/api/v1/pods?watch=1&resourceVersion=5&allowWatchBookmarks=true&timeoutSeconds=300',
      idleTimeoutMs: 315_000,
    });
    expect(opened).toBe(1);
  });

  test('tells each kind of event', async () => {
    const end = { metadata: { resourceVersion: '8', annotations: { 'k8s.io/initial-events-end': 'true' } } };
    const error = { kind: 'Status', code: 429, reason: 'R', message: 'm', details: { retryAfterSeconds: 2 } };
    const { events } = await watched({
      body: [
        line('ADDED', pod('a')) + line('MODIFIED', pod('b')) + line('DELETED', pod('c')),
        line('BOOKMARK', end) + line('BOOKMARK', {}) + line('ERROR', error) + line('ERROR', {}),
        line('SYNCED', {}) + line('ADDED', { kind: 'Mystery' }),
      ],
    });
    expect(events).toEqual([
      { type: 'ADDED', object: 'v1 Pod a', resourceVersion: '3' },
      { type: 'MODIFIED', object: 'v1 Pod b', resourceVersion: '3' },
      { type: 'DELETED', object: 'v1 Pod c', resourceVersion: '3' },
      { type: 'BOOKMARK', resourceVersion: '8', initialEventsEnd: true },
      { type: 'BOOKMARK', resourceVersion: '', initialEventsEnd: false },
      { type: 'ERROR', code: 429, reason: 'R', message: 'm', retryAfterSeconds: 2 },
      { type: 'ERROR', code: 500, reason: '', message: '' },
      { type: 'UNKNOWN', name: 'SYNCED' },
      { type: 'UNKNOWN', name: 'ADDED Mystery' },
    ]);
  });

  test('gives what arrived together as one batch, of a bounded size', async () => {
    const many = Array.from({ length: 300 }, (_, index) => line('ADDED', pod(`${index}`))).join('');
    const body = [many, line('ADDED', pod('late'))];
    expect((await watched({ body })).batches.map((batch) => batch.length)).toEqual([256, 44, 1]);
  });

  test.each([
    ['does not parse', '{"type":\n', 'malformed'],
    ['is no event', '{"a":1}\n', 'malformed'],
    ['holds no object', '{"type":"ADDED"}\n', 'malformed'],
    ['holds a Table', line('ADDED', { kind: 'Table' }), 'malformed'],
    ['is cut off at the end', '{"type":"ADDED","obj', 'unreachable'],
  ])('with a line that %s ends after the events before it', async (_, bad, kind) => {
    const { events, failure } = await watched({ body: [line('ADDED', pod('a')) + bad] });
    expect(events).toHaveLength(1);
    expect(failure).toMatchObject({ kind });
  });

  test('that breaks gives what came before', async () => {
    const breaks = new AppError('cluster_unreachable', 'm');
    const { events, failure } = await watched({ body: [line('ADDED', pod('a'))], breaks });
    expect(events).toHaveLength(1);
    expect(failure).toMatchObject({ kind: 'unreachable', cause: 'reset' });
  });

  test('may be split anywhere, and hold large events', async () => {
    const large = line('ADDED', pod('large', { data: 'x'.repeat(3 * 1024 * 1024) }));
    const bytes = Buffer.from(line('ADDED', pod('ä"\\')) + large + line('DELETED', pod('🦆')));
    const ends = [0, 1, 60, 61, 62, 63, 200, 70_000, 1_000_000, bytes.length - 9, bytes.length];
    const body = ends.slice(1).map((end, index) => bytes.subarray(ends[index], end));
    expect((await watched({ body })).events.map((event) => 'object' in event && event.object)).toEqual([
      'v1 Pod ä"\\',
      'v1 Pod large',
      'v1 Pod 🦆',
    ]);
  });

  test('that is stopped says so', async () => {
    expect((await watched(new AppError('cancelled', 'm'), PODS, AbortSignal.abort())).failure).toEqual({
      kind: 'stopped',
    });
  });
});

describe('protobuf', () => {
  const PROTOBUF = { 'content-type': 'application/vnd.kubernetes.protobuf' };
  const JSON_PODS = { body: [list([pod('a')])] };

  async function acceptsOf(first: Answer) {
    const { wire, sent } = wireOf(first, JSON_PODS);
    const pages = [];
    for (let round = 0; round < 2; round++)
      pages.push(await wire.list(PODS, PAGE, nameOf, never).catch(({ failure }) => failure.kind));
    return { pages, accepts: sent.map(({ headers }) => headers?.['accept']) };
  }

  test('is asked for where a kind has it, and JSON for all others', async () => {
    const both = 'application/vnd.kubernetes.protobuf,application/json';
    expect((await listed(JSON_PODS)).sent[0]?.headers?.['accept']).toBe(both);
    expect((await listed(JSON_PODS, GADGETS)).sent[0]?.headers?.['accept']).toBe('application/json');
    const metadata = (await listed(JSON_PODS, { ...GADGETS, depth: 'metadata' })).sent[0]?.headers?.['accept'];
    expect(metadata).toMatch(/^application\/vnd\.kubernetes\.protobuf;as=PartialObjectMetadataList;/);
  });

  test.each([406, 415])('that is refused with %i is asked for once', async (status) => {
    const { pages, accepts } = await acceptsOf({ status, body: ['{}'] });
    expect(pages).toMatchObject([{ items: ['v1 Pod a'] }, { items: ['v1 Pod a'] }]);
    expect(accepts.slice(1)).toEqual(['application/json', 'application/json']);
  });

  test('that cannot be read is a failure, and then JSON is asked for', async () => {
    const { pages, accepts } = await acceptsOf({ headers: PROTOBUF, body: ['k8s\0\x0f\x0f\x0f'] });
    expect(pages).toMatchObject(['malformed', { items: ['v1 Pod a'] }]);
    expect(accepts[1]).toBe('application/json');
  });

  test('may be what a refusal is written in', async () => {
    const status = encode([
      [1, []],
      [3, 'no such token'],
      [4, 'Expired'],
      [6, 410],
    ]);
    const body = [envelope('v1', 'Status', status)];
    expect(await failureOfList({ status: 410, headers: PROTOBUF, body })).toEqual({
      kind: 'status',
      code: 410,
      reason: 'Expired',
      message: 'no such token',
    });
  });
});

test("the server's clock is known from its last answer", async () => {
  const { wire } = wireOf({ headers: { date: 'Thu, 01 Jan 1970 00:10:00 GMT' }, body: [list([])] });
  expect(wire.clockOffset()).toBe(0);
  await wire.list(PODS, PAGE, nameOf, never);
  expect(wire.clockOffset()).toBe(600_500);
});
