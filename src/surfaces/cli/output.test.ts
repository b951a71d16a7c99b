import { Readable, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createWriter, readAll } from './output.ts';

test('A reader that goes away ends the printing without an error', async () => {
  let written = 0;
  const stream = new Writable({
    write(_chunk, _encoding, done) {
      written++;
      done(written > 1 ? Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }) : null);
    },
  });
  const writer = createWriter(stream);
  await writer.write('one');
  await writer.write('two');
  await writer.write('three');
  expect(written).toBe(2);
});

test('A slow reader is waited for', async () => {
  const chunks: string[] = [];
  const stream = new Writable({
    highWaterMark: 1,
    write(chunk, _encoding, done) {
      setImmediate(() => {
        chunks.push(String(chunk));
        done();
      });
    },
  });
  const writer = createWriter(stream);
  await writer.write('one');
  await writer.write('two');
  expect(chunks).toEqual(['one', 'two']);
});

test('Input is read whole up to a limit, multi-byte characters over chunk ends included', async () => {
  const bytes = Buffer.from('grüße');
  expect(await readAll(Readable.from([bytes.subarray(0, 3), bytes.subarray(3)]), 100)).toBe('grüße');
  await expect(readAll(Readable.from([Buffer.alloc(11)]), 10)).rejects.toMatchObject({ code: 'too_large' });
});
