import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import type { KubeObject } from '../../sandbox/types.ts';
import { type Check, CONFIG_MAPS, LIST, next, refusal, rest, testRows } from './row-setup.ts';
import { connectionRows } from './rows-connection.ts';

const NAMES = ['a', 'b', 'c', 'kube-root-ca.crt'];
const HISTORY = ['ADDED a', 'ADDED b', 'ADDED c', 'ADDED d', 'MODIFIED b', 'DELETED d'];
const namesOf = (body: Buffer) => JSON.parse(body.toString()).items.map((item: KubeObject) => item.metadata.name);

const refusesTls =
  (code: string): Check =>
  async ({ client }) => {
    expect(await refusal(client())).toBe(code);
    expect(await refusal(client())).toBe(code);
  };

/** One event, then the given end; the next watch on another connection is whole. */
const endsAfterOne =
  (end: string): Check =>
  async ({ client, watch }) => {
    const answer = (await client()).open(watch);
    expect(await rest(answer)).toEqual(['ADDED a']);
    expect(await answer.end).toBe(end);
    expect(await next((await client()).open(watch), 6)).toEqual(HISTORY);
  };

const quietAfterOne: Check = async ({ client, watch, roundTrip }) => {
  const answer = (await client()).open(watch);
  let ended = false;
  void answer.end.then(() => {
    ended = true;
  });
  expect(await next(answer, 1)).toEqual(['ADDED a']);
  await roundTrip();
  expect([ended, Buffer.concat(answer.chunks).toString().split('\n').length]).toEqual([false, 2]);
};

const idleCut =
  (ms: number, end: string): Check =>
  async ({ client, watch, clock, roundTrip }) => {
    const answer = (await client()).open(watch);
    expect(await next(answer, 6)).toEqual(HISTORY);
    let ended = false;
    void answer.end.then(() => {
      ended = true;
    });
    await roundTrip();
    clock.advance(ms - 1);
    await roundTrip();
    expect(ended).toBe(false);
    clock.advance(1);
    expect(await answer.end).toBe(end);
  };

const overHttp1 =
  (alpn: string | false): Check =>
  async ({ client }) => {
    const made = await client();
    expect(made.alpn).toBe(alpn);
    expect((await made.ask(LIST)).status).toBe(200);
    expect(await refusal(client(['h2']))).toBe(
      alpn === false ? 'connected' : 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
    );
  };

const encoded =
  (encoding: string | undefined, read: (body: Buffer) => unknown, expected: unknown): Check =>
  async ({ client }) => {
    const made = await client();
    const wrong = await made.ask(LIST, { headers: { 'accept-encoding': 'gzip' } });
    expect([wrong.status, wrong.headers['content-encoding'], wrong.end]).toEqual([200, encoding, 'clean']);
    expect(read(wrong.body)).toEqual(expected);
    expect(namesOf((await made.ask(LIST)).body)).toEqual(NAMES);
  };

const unzipFailure = (body: Buffer) => {
  try {
    return gunzipSync(body).length;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
};

testRows(connectionRows(CONFIG_MAPS), {
  'F01 refused': async ({ client, clock, proxy }) => {
    expect(await refusal(client())).toBe('ECONNREFUSED');
    clock.advance(4999);
    expect(await refusal(client())).toBe('ECONNREFUSED');
    clock.advance(1);
    await expect.poll(async () => refusal(client())).toBe('connected');
    expect(proxy.stats.fired.get('rule-0')).toBeGreaterThan(0);
  },
  'F02 refused': async ({ client, watch, clock }) => {
    const answer = (await client()).open(watch);
    expect(await rest(answer)).toEqual(['ADDED a']);
    expect(await answer.end).toBe('ECONNRESET');
    expect(await refusal(client())).toBe('ECONNREFUSED');
    clock.advance(5000);
    await expect.poll(async () => refusal(client())).toBe('connected');
  },
  'F03 wrong name': refusesTls('ERR_TLS_CERT_ALTNAME_INVALID'),
  'F03 other authority': refusesTls('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
  'F03 expired': refusesTls('CERT_HAS_EXPIRED'),
  'F03 wrong once': async ({ client }) => {
    expect(await refusal(client())).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    expect(await refusal(client())).toBe('connected');
  },
  'F04 no SYN answered': async ({ proxy, clock }) => {
    const socket = connect(proxy.port, '127.0.0.1');
    let said = 'nothing';
    socket.on('connect', () => {
      said = 'connected';
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      said = error.code ?? '';
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(said).toBe('nothing');
    clock.advance(30_000);
    // The kernel sends the SYN again after a second, then after two more.
    await expect.poll(() => said).toBe('connected');
    socket.destroy();
  },
  'F04 no TLS answered': async ({ client, roundTrip }) => {
    let said = 'nothing';
    void refusal(client()).then((code) => {
      said = String(code);
    });
    await roundTripAfter(roundTrip);
    expect(said).toBe('nothing');
  },
  'F05 head': async ({ client, watch }) => {
    const answer = (await client()).open(watch);
    expect(await answer.end).toBe('ECONNRESET');
    expect(await answer.head).toBeUndefined();
    expect(await next((await client()).open(watch), 1)).toEqual(['ADDED a']);
  },
  'F05 stream': endsAfterOne('ECONNRESET'),
  'F06 connection': quietAfterOne,
  'F06 stream': quietAfterOne,
  'F07 after 60 s': idleCut(60_000, 'cut'),
  'F07 after 350 s': idleCut(350_000, 'ECONNRESET'),
  'F08 drip': async ({ client, advance, clock }) => {
    const answer = (await client()).open(LIST);
    for (let byte = 1; byte <= 3; byte++) {
      await expect
        .poll(() => [answer.chunks.map((chunk) => chunk.length), clock.pending() > 0])
        .toEqual([Array(byte).fill(1), true]);
      await advance(1000);
    }
  },
  'F08 held head': async ({ client, sandbox, roundTrip }) => {
    const answer = (await client()).open(`${LIST}?watch=1&resourceVersion=${sandbox.store.revision}`);
    let status = 0;
    void answer.head.then((head) => {
      status = head?.status ?? 0;
    });
    await roundTrip();
    expect(status).toBe(0);
    sandbox.operator.modify('configmaps', 'team-a', 'c', (draft) => {
      draft.metadata.labels = { at: 'F08' };
    });
    expect(await next(answer, 1)).toEqual(['MODIFIED c']);
    expect(status).toBe(200);
  },
  'F09 http/1.1': overHttp1('http/1.1'),
  'F09 no alpn': overHttp1(false),
  'F10 graceful': async ({ client, watch, sandbox }) => {
    const made = await client();
    const first = made.open(watch);
    expect(await next(first, 6)).toEqual(HISTORY);
    const second = made.open(watch);
    expect(await next(second, 6)).toEqual(HISTORY);
    await expect.poll(() => made.goaways).toEqual([0]);
    sandbox.operator.modify('configmaps', 'team-a', 'c', (draft) => {
      draft.metadata.labels = { at: 'F10' };
    });
    await expect.poll(() => Buffer.concat(second.chunks).toString()).toContain('"F10"');
    expect(await next((await client()).open(watch), 6)).toEqual(HISTORY);
  },
  'F10 with an error': async ({ client, watch }) => {
    const made = await client();
    const answer = made.open(watch);
    expect(await rest(answer)).toEqual(['ADDED a']);
    expect(await answer.end).toBe('ERR_HTTP2_SESSION_ERROR');
    expect(made.goaways).toEqual([2]);
  },
  'F11 REFUSED_STREAM': async ({ client, watch }) => {
    const made = await client();
    const refused = made.open(watch);
    expect([await refused.end, await refused.head]).toEqual(['rst-stream 7', undefined]);
    expect(await next(made.open(watch), 6)).toEqual(HISTORY);
  },
  'F11 CANCEL': endsAfterOne('rst-stream 8'),
  'F11 INTERNAL_ERROR': endsAfterOne('rst-stream 2'),
  'F11 ENHANCE_YOUR_CALM': endsAfterOne('rst-stream 11'),
  'F12 three streams': async ({ client, watch, sandbox, roundTrip }) => {
    const made = await client();
    await made.ask(LIST);
    expect(made.maxStreams).toBe(3);
    const watches = [60, 600, 600].map((seconds) => made.open(`${watch}&timeoutSeconds=${seconds}`));
    for (const answer of watches) expect(await next(answer, 1)).toEqual(['ADDED a']);
    const fourth = made.open(watch);
    await roundTrip();
    expect(fourth.chunks).toEqual([]);
    sandbox.clock.advance(60_000);
    expect(await next(fourth, 1)).toEqual(['ADDED a']);
  },
  'F14 truncated': encoded('gzip', unzipFailure, 'Z_BUF_ERROR'),
  'F14 corrupt': encoded('gzip', (body) => typeof unzipFailure(body), 'string'),
  'F14 not gzip': encoded('gzip', namesOf, NAMES),
  'F14 gzip unsaid': encoded(undefined, (body) => namesOf(gunzipSync(body)), NAMES),
  'F15 byte by byte': async ({ client, watch }) => {
    const answer = (await client()).open(watch);
    expect(await next(answer, 6)).toEqual(HISTORY);
    expect(new Set(answer.chunks.map((chunk) => chunk.length))).toEqual(new Set([1]));
  },
  'F15 list byte by byte': async ({ client }) => {
    const answer = (await client()).open(LIST);
    expect(await answer.end).toBe('clean');
    expect(new Set(answer.chunks.map((chunk) => chunk.length))).toEqual(new Set([1]));
    expect(namesOf(Buffer.concat(answer.chunks))).toEqual(NAMES);
  },
  'F15 joined': async ({ client, watch, sandbox, roundTrip }) => {
    const answer = (await client()).open(`${watch}&timeoutSeconds=60`);
    expect((await answer.head)?.status).toBe(200);
    await roundTrip();
    expect(answer.chunks).toEqual([]);
    sandbox.clock.advance(60_000);
    expect(await answer.end).toBe('clean');
    expect(await next(answer, 6)).toEqual(HISTORY);
  },
  'F15 large': async ({ client, watch }) => {
    const answer = (await client()).open(watch);
    expect(await next(answer, 3)).toEqual(['ADDED a', 'ADDED b', 'ADDED c']);
    expect(Buffer.concat(answer.chunks).length).toBeGreaterThan(3_000_000);
  },
  'F16 login page': async ({ client }) => {
    const made = await client();
    const page = await made.ask(LIST);
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.body.toString()).toContain('<form action="/login">');
    expect(namesOf((await made.ask(LIST)).body)).toEqual(NAMES);
  },
  'F16 redirect': async ({ client }) => {
    const { status, headers } = await (await client()).ask(LIST);
    expect([status, headers['location']]).toEqual([302, 'https://login.example/start']);
  },
  'F16 no protobuf': async ({ client }) => {
    const made = await client();
    const headers = { accept: 'application/vnd.kubernetes.protobuf, application/json' };
    expect((await made.ask(LIST, { headers })).status).toBe(406);
    expect((await made.ask(LIST, { headers: { accept: 'application/json' } })).status).toBe(200);
  },
});

/** Connecting was begun before: a round trip on a later connection shows that it had its turn. */
async function roundTripAfter(roundTrip: () => Promise<void>): Promise<void> {
  await roundTrip();
  await roundTrip();
}
