import { describe, expect, test } from 'vitest';
import { type ClustersOptions, createClusters } from './clusters.ts';
import type { ClusterConnection } from './connection.ts';
import { aggregated, aggregatedResource, CORE, NAMED, NAMED_GROUPS, PODS, resource } from './testing/fixtures.ts';
import {
  allowAll,
  failure,
  identity,
  never,
  type ScriptedTransport,
  scriptedTransport,
} from './testing/scripted-transport.ts';

/** A clock whose timers fire when `advance` passes them. */
function manualClock() {
  let now = 0;
  let timers: { at: number; callback: () => void }[] = [];
  return {
    clock: {
      now: () => now,
      monotonic: () => now,
      after(ms: number, callback: () => void) {
        const timer = { at: now + ms, callback };
        timers.push(timer);
        return () => {
          timers = timers.filter((other) => other !== timer);
        };
      },
    },
    advance(ms: number) {
      const end = now + ms;
      for (;;) {
        const next = timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers = timers.filter((timer) => timer !== next);
        now = next.at;
        next.callback();
      }
      now = end;
    },
    pending: () => timers.length,
  };
}

function setUp(options: Partial<ClustersOptions> = {}, answer: (path: string) => unknown = () => ({ items: [] })) {
  const time = manualClock();
  const opened = new Map<string, ScriptedTransport[]>();
  const fingerprints = new Map<string, string>();
  const connect = async (context = 'main'): Promise<ClusterConnection> => ({
    context,
    server: new URL('https://server.example'),
    tls: { ca: async () => undefined, insecureSkipVerify: false },
    credentials: { current: async () => ({ headers: {}, generation: 1 }), refresh: async () => false },
    fingerprint: fingerprints.get(context) ?? 'first',
  });
  const openTransport = (connection: ClusterConnection) => {
    const transport = scriptedTransport(answer);
    opened.set(connection.context, [...(opened.get(connection.context) ?? []), transport]);
    return transport;
  };
  const clusters = createClusters({ connect }, { openTransport, clock: time.clock, ...options });
  const closed = (context: string) => (opened.get(context) ?? []).map((transport) => transport.closed);
  return { time, clusters, opened, fingerprints, closed };
}

const MINUTE = 60_000;

describe('the clusters of a kubeconfig', () => {
  test('a context is connected once, the unnamed one under its own name', async () => {
    const { clusters, opened } = setUp();
    const first = await clusters.get();
    expect(await clusters.get('main')).toBe(first);
    expect(opened.get('main')).toHaveLength(1);
  });

  test('a changed fingerprint replaces the cluster; the old one closes when it has been quiet', async () => {
    const { clusters, fingerprints, closed, time } = setUp();
    const old = await clusters.get('main');
    fingerprints.set('main', 'second');
    expect(await clusters.get('main')).not.toBe(old);
    await old.view(allowAll, identity, {}).client.list(PODS, {}, never);
    time.advance(29_000);
    expect(closed('main')).toEqual([false, false]);
    time.advance(MINUTE);
    expect(closed('main')).toEqual([true, false]);
  });

  test('a replaced cluster stays open while a call reads from it, with a limit', async () => {
    const { clusters, fingerprints, closed, time } = setUp({}, () => [
      new Uint8Array([65, 10]),
      new Uint8Array([66, 10]),
    ]);
    const old = await clusters.get('main');
    const logs = old
      .view(allowAll, identity, {})
      .client.logs({ namespace: 'a', pod: 'b' }, never)
      [Symbol.asyncIterator]();
    await logs.next();
    fingerprints.set('main', 'second');
    await clusters.get('main');
    time.advance(10 * MINUTE);
    expect(closed('main')).toEqual([false, false]);
    await logs.return?.();
    time.advance(MINUTE);
    expect(closed('main')[0]).toBe(true);
  });

  test('the least recently used cluster beyond the capacity is let go', async () => {
    const { clusters, closed, time } = setUp({ capacity: 2 });
    await clusters.get('a');
    await clusters.get('b');
    await clusters.get('a');
    await clusters.get('c');
    time.advance(MINUTE);
    expect([closed('a'), closed('b'), closed('c')]).toEqual([[false], [true], [false]]);
  });

  test('where many are let go at once, those that have been quiet for two seconds are closed at once', async () => {
    const { clusters, closed, time } = setUp({ capacity: 2 });
    for (const context of ['a', 'b', 'c', 'd', 'e', 'f']) {
      await clusters.get(context);
      time.advance(1000);
    }
    expect(['a', 'b', 'c', 'd', 'e', 'f'].map((context) => closed(context)[0])).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  test('an idle cluster is closed after fifteen minutes, use starts them anew', async () => {
    const { clusters, closed, time } = setUp();
    await clusters.get('main');
    time.advance(10 * MINUTE);
    const cluster = await clusters.get('main');
    time.advance(10 * MINUTE);
    await cluster.view(allowAll, identity, {}).client.list(PODS, {}, never);
    time.advance(14 * MINUTE);
    expect(closed('main')).toEqual([false]);
    time.advance(MINUTE);
    expect(closed('main')).toEqual([true]);
    expect(await clusters.get('main')).not.toBe(cluster);
  });

  test('close closes all, the replaced ones too, leaves no timer and refuses further calls', async () => {
    const { clusters, fingerprints, closed, time } = setUp();
    await clusters.get('main');
    fingerprints.set('main', 'second');
    await clusters.get('main');
    await clusters.close();
    expect(closed('main')).toEqual([true, true]);
    expect(time.pending()).toBe(0);
    await expect(clusters.get('main')).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('a cluster', () => {
  const crds = resource({
    group: 'apiextensions.k8s.io',
    kind: 'CustomResourceDefinition',
    resource: 'customresourcedefinitions',
    namespaced: false,
  });
  const widgetGroup = { 'example.com': [{ version: 'v1', resources: [aggregatedResource('widgets', 'Widget')] }] };

  test('discovery asks under a scope that allows documents only', async () => {
    const { clusters, opened } = setUp({}, (path) => (path === '/api' ? CORE : NAMED));
    const { mapper } = await clusters.get();
    await mapper.resolve('pods', undefined, never);
    const { scope } = opened.get('main')![0]!.sent[0]!;
    expect(scope.decide({ type: 'nonResource', method: 'GET', path: '/api' }).allow).toBe(true);
    expect(scope.decide({ type: 'nonResource', method: 'POST', path: '/api' }).allow).toBe(false);
    expect(
      scope.decide({ type: 'resource', verb: 'list', group: '', version: 'v1', resource: 'secrets', dryRun: false })
        .allow,
    ).toBe(false);
  });

  test('the namespace of a view is the context\'s, else the given default, else "default"', async () => {
    const { clusters } = setUp();
    const cluster = await clusters.get();
    expect(cluster.view(allowAll, identity, { namespace: 'shop' })).toMatchObject({
      context: 'main',
      defaultNamespace: 'shop',
    });
    expect(cluster.view(allowAll, identity, {}).defaultNamespace).toBe('default');
  });

  test('a CRD written through the client is known at once, one that is gone after its list answers 404', async () => {
    const served = { named: NAMED as unknown };
    const { clusters, time } = setUp({}, (path) => {
      if (path === '/api') return CORE;
      if (path === '/apis') return served.named;
      return path.startsWith('/apis/example.com') ? failure('not_found') : { kind: 'CustomResourceDefinition' };
    });
    const cluster = await clusters.get();
    const { client, mapper } = cluster.view(allowAll, identity, {});
    await expect(mapper.resolve('widget', undefined, never)).rejects.toMatchObject({ code: 'unknown_kind' });
    await expect(mapper.resolve('widget', undefined, never)).rejects.toMatchObject({ code: 'unknown_kind' });
    await client.create(crds, { metadata: { name: 'widgets.example.com' } }, { signal: never });
    served.named = aggregated({ ...NAMED_GROUPS, ...widgetGroup });
    const widget = await mapper.resolve('widget', undefined, never);
    expect(widget.group).toBe('example.com');

    served.named = NAMED;
    time.advance(6_000);
    await expect(client.list(widget, {}, never)).rejects.toMatchObject({
      code: 'not_found',
      message: 'The server does not serve widgets.example.com in version v1 any more.',
    });
    await expect(mapper.resolve('widget', undefined, never)).rejects.toMatchObject({ code: 'unknown_kind' });
  });
});
