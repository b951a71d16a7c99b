import { once } from 'node:events';
import { type ClientHttp2Session, connect, createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chunksOf } from './chunks.ts';

async function textOf(stream: Readable): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of chunksOf(stream)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('reading a stream', () => {
  test('gives all of it, in order', async () => {
    expect(await textOf(Readable.from([Buffer.from('a'), Buffer.from('b')], { objectMode: false }))).toBe('ab');
    expect(await textOf(Readable.from([], { objectMode: false }))).toBe('');
  });

  test('gives much that waits in pieces', async () => {
    const stream = new PassThrough({ highWaterMark: 2 ** 20 });
    const sent = Buffer.from('0123456789'.repeat(20_000));
    for (let at = 0; at < sent.length; at += 16_000) stream.write(sent.subarray(at, at + 16_000));
    stream.end();
    const chunks: Uint8Array[] = [];
    for await (const chunk of chunksOf(stream)) chunks.push(chunk);
    expect(chunks.map(({ length }) => length)).toEqual([65_536, 65_536, 65_536, 3_392]);
    expect(Buffer.concat(chunks).equals(sent)).toBe(true);
  });

  test('waits for what comes later', async () => {
    const stream = new PassThrough();
    const text = textOf(stream);
    for (const part of ['one ', 'two ', 'three']) {
      stream.write(part);
      await turn();
    }
    stream.end();
    expect(await text).toBe('one two three');
  });

  test('throws what broke it, also when nobody says why', async () => {
    const failing = new PassThrough();
    const failed = textOf(failing);
    failing.destroy(new Error('the cable'));
    await expect(failed).rejects.toThrow('the cable');
    const silent = new PassThrough();
    const broken = textOf(silent);
    silent.destroy();
    await expect(broken).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
  });

  test('leaves no listener behind', async () => {
    const stream = new PassThrough();
    const before = stream.eventNames().length;
    stream.end('x');
    await textOf(stream);
    expect(stream.eventNames()).toHaveLength(before);
  });
});

describe('reading an HTTP/2 stream', () => {
  let server: Http2Server;
  let session: ClientHttp2Session;
  let answer: (stream: ServerHttp2Stream) => void;
  beforeAll(async () => {
    server = createServer().on('stream', (stream) => answer(stream));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterAll(() => {
    session.destroy();
    server.close();
  });

  test.each([1, 100_000, 3_000_000])('that was complete before it is read: %i bytes', async (size) => {
    answer = (stream) =>
      stream.resume().once('end', () => {
        stream.respond({ ':status': 200 });
        stream.end('x'.repeat(size));
      });
    const stream = session.request({ ':method': 'POST', ':path': '/' });
    stream.end('body');
    await once(stream, 'response');
    // The larger ones do not fit into the window: there is more to come when reading begins.
    for (let turns = 0; !stream.closed && turns < 200; turns++) await turn();
    expect(await textOf(stream)).toHaveLength(size);
  });

  test('whose connection broke in the middle', async () => {
    answer = (stream) => {
      stream.on('error', () => undefined).respond({ ':status': 200 });
      stream.write('half', () => stream.session?.destroy());
    };
    const stream = session.request({ ':path': '/' });
    stream.on('error', () => undefined);
    await expect(textOf(stream)).rejects.toThrow();
  });
});
