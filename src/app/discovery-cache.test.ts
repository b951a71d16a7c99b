import { describe, expect, it } from 'vitest';
import type { Clock } from '../kernel/clock.ts';
import { createDiscoveryCaches, type DiscoveryDocument, isDiscovery } from './discovery-cache.ts';

const never = new AbortController().signal;

function cachesAt(options: { maxBytes?: number } = {}) {
  let time = 1_000_000;
  const clock: Clock = { now: () => time, monotonic: () => time, after: () => () => {} };
  const caches = createDiscoveryCaches({ clock, ...options });
  const asked: string[] = [];
  let body = 'one';
  let status = 200;
  const fetch = async (path: string, etag: string | undefined): Promise<DiscoveryDocument | 'unchanged'> => {
    asked.push(etag === undefined ? path : `${path} ${etag}`);
    await Promise.resolve();
    if (etag === `"${body}"`) return 'unchanged';
    return { status, headers: { etag: `"${body}"` }, body: Buffer.from(body) };
  };
  const ask = async (path: string, { handle = 'a', accept = 'json', again = false, signal = never } = {}) => {
    const { body: bytes } = await caches.of(handle).answer({ path, accept, again, signal, fetch });
    return Buffer.from(bytes).toString();
  };
  return {
    caches,
    asked,
    ask,
    pass: (ms: number) => {
      time += ms;
    },
    serve: (text: string, code = 200) => {
      body = text;
      status = code;
    },
  };
}

describe('documents of discovery', () => {
  it('are answered from memory for ten seconds, then asked for with their ETag', async () => {
    const { asked, ask, pass, serve } = cachesAt();
    expect([await ask('/api'), await ask('/api?timeout=32s')]).toEqual(['one', 'one']);
    pass(9_999);
    await ask('/api');
    expect(asked).toEqual(['/api']);
    pass(1);
    expect(await ask('/api')).toBe('one');
    expect(asked).toEqual(['/api', '/api "one"']);
    await ask('/api');
    expect(asked).toHaveLength(2);
    serve('two');
    pass(10_000);
    expect(await ask('/api')).toBe('two');
  });

  it('are shared by those who ask at once, and a caller that leaves takes nobody with it', async () => {
    const { asked, ask } = cachesAt();
    const leaving = new AbortController();
    const left = ask('/apis', { signal: leaving.signal }).catch((thrown: Error) => thrown.name);
    const others = [ask('/apis'), ask('/apis')];
    leaving.abort();
    expect(await left).toBe('AppError');
    expect(await Promise.all(others)).toEqual(['one', 'one']);
    expect(asked).toEqual(['/apis']);
  });

  it('are kept apart by handle, form and what the query means', async () => {
    const { asked, ask } = cachesAt();
    await ask('/api');
    await ask('/api', { handle: 'b' });
    await ask('/api', { accept: 'other' });
    await ask('/openapi/v3/api/v1?hash=1');
    await ask('/openapi/v3/api/v1?hash=2&timeout=3s');
    await ask('/api?x=1');
    expect(asked).toEqual(['/api', '/api', '/api', '/openapi/v3/api/v1', '/api?x=1']);
  });

  it('are asked for anew for one who doubts them, and by everyone for half a minute after kinds changed', async () => {
    const { caches, asked, ask, pass, serve } = cachesAt();
    await ask('/apis');
    serve('two');
    expect(await ask('/apis', { again: true })).toBe('two');
    expect(await ask('/apis')).toBe('two');
    caches.of('a').forget();
    serve('three');
    expect(await ask('/apis')).toBe('three');
    serve('four');
    pass(29_000);
    expect(await ask('/apis')).toBe('four');
    pass(1_000);
    serve('five');
    expect(await ask('/apis')).toBe('four');
    expect(asked).toHaveLength(4);
  });

  it('that were read before a change do not count as read after it', async () => {
    const { caches, ask, serve } = cachesAt();
    const before = ask('/apis');
    caches.of('a').forget();
    serve('two');
    expect(await ask('/apis')).toBe('two');
    await before;
    expect(await ask('/apis')).toBe('two');
  });

  it('that are errors are not kept', async () => {
    const { asked, ask, serve } = cachesAt();
    serve('down', 503);
    await ask('/apis/metrics.k8s.io/v1beta1');
    serve('up');
    expect(await ask('/apis/metrics.k8s.io/v1beta1')).toBe('up');
    expect(asked).toHaveLength(2);
  });

  it('take no more memory than they may, and the ones in use stay', async () => {
    const { asked, ask, serve } = cachesAt({ maxBytes: 10 });
    serve('1234');
    await ask('/api/a');
    await ask('/api/b');
    await ask('/api/a');
    await ask('/api/c');
    await ask('/api/a');
    expect(asked).toEqual(['/api/a', '/api/b', '/api/c']);
    serve('larger than half');
    await ask('/api/d');
    await ask('/api/d');
    expect(asked.slice(3)).toEqual(['/api/d', '/api/d']);
    await ask('/api/a');
    expect(asked).toHaveLength(5);
  });
});

it.each([
  ['/api', true],
  ['/apis?timeout=32s', true],
  ['/apis/apps', true],
  ['/apis/apps/v1', true],
  ['/api/v1', true],
  ['/openapi/v2', true],
  ['/openapi/v3/apis/apps/v1?hash=x', true],
  ['/version', true],
  ['/healthz', false],
  ['/apis/apps/v1/deployments', false],
  ['/api/v1/pods', false],
  ['/versions', false],
])('%s is kept: %s', (path, kept) => expect(isDiscovery(path)).toBe(kept));
