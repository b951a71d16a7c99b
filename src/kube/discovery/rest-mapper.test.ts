import { describe, expect, test } from 'vitest';
import { AppError } from '../../kernel/errors.ts';
import { aggregated, aggregatedResource, CORE, NAMED, NAMED_GROUPS } from '../testing/fixtures.ts';
import { allowAll, failure, never, scriptedTransport } from '../testing/scripted-transport.ts';
import { fetchDiscovery } from './fetch-discovery.ts';
import { createRestMapper } from './rest-mapper.ts';

function setUp(named: unknown = NAMED) {
  const state = { now: 0, named };
  const transport = scriptedTransport((path) => (path === '/api' ? CORE : state.named));
  const clock = { now: () => state.now, monotonic: () => state.now, after: () => () => {} };
  const mapper = createRestMapper((signal) => fetchDiscovery(transport, allowAll, signal), clock);
  const resolve = async (kind: string, apiVersion?: string) => {
    const r = await mapper.resolve(kind, apiVersion, never);
    return `${r.group}/${r.version}/${r.resource}`;
  };
  const fetches = () => transport.sent.length / 2;
  return { state, transport, mapper, resolve, fetches };
}

async function errorOf(work: Promise<unknown>): Promise<AppError> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof AppError)) throw new Error('no AppError was thrown');
  return thrown;
}

describe('names that mean one kind', () => {
  test.each([
    ['Pod', '/v1/pods'],
    ['pod', '/v1/pods'],
    ['PODS', '/v1/pods'],
    ['po', '/v1/pods'],
    ['  pods ', '/v1/pods'],
    ['pods.v1', '/v1/pods'],
    ['pods.v1.', '/v1/pods'],
    ['pods.', '/v1/pods'],
    ['v1/Pod', '/v1/pods'],
    ['core/Pod', '/v1/pods'],
    ['core/v1/Pod', '/v1/pods'],
    ['/v1/Pod', '/v1/pods'],
    ['Deployment', 'apps/v1/deployments'],
    ['deploy', 'apps/v1/deployments'],
    ['deployments.apps', 'apps/v1/deployments'],
    ['deploy.apps', 'apps/v1/deployments'],
    ['deployments.v1.apps', 'apps/v1/deployments'],
    ['Deployment.apps', 'apps/v1/deployments'],
    ['Deployment.v1.apps', 'apps/v1/deployments'],
    ['apps/Deployment', 'apps/v1/deployments'],
    ['apps/v1/Deployment', 'apps/v1/deployments'],
    ['Certificate.cert-manager.io', 'cert-manager.io/v1/certificates'],
    ['certificates.v1.cert-manager.io', 'cert-manager.io/v1/certificates'],
    ['hpa', 'autoscaling/v2/horizontalpodautoscalers'],
    ['hpa.v1.autoscaling', 'autoscaling/v1/horizontalpodautoscalers'],
    ['autoscaling/v1/HorizontalPodAutoscaler', 'autoscaling/v1/horizontalpodautoscalers'],
    ['OldScaler', 'autoscaling/v1/oldscalers'],
    ['PodMetrics', 'metrics.k8s.io/v1beta1/pods'],
    ['pods.metrics.k8s.io', 'metrics.k8s.io/v1beta1/pods'],
  ])('%j is %s', async (kind, expected) => {
    expect(await setUp().resolve(kind)).toBe(expected);
  });

  test.each([
    ['Service', 'v1', '/v1/services'],
    ['Service', 'serving.knative.dev/v1', 'serving.knative.dev/v1/services'],
    ['Deployment', ' apps/v1 ', 'apps/v1/deployments'],
    ['Deployment', '', 'apps/v1/deployments'],
    ['HorizontalPodAutoscaler', 'autoscaling/v1', 'autoscaling/v1/horizontalpodautoscalers'],
    ['Event', 'events.k8s.io/v1', 'events.k8s.io/v1/events'],
  ])('%s with apiVersion %j is %s', async (kind, apiVersion, expected) => {
    expect(await setUp().resolve(kind, apiVersion)).toBe(expected);
  });

  test.each([
    ['events', '/v1/events'],
    ['ev', '/v1/events'],
    ['pods', '/v1/pods'],
    ['nodes', '/v1/nodes'],
    ['Ingress', 'networking.k8s.io/v1/ingresses'],
    ['ing', 'networking.k8s.io/v1/ingresses'],
    ['ingresses.extensions', 'extensions/v1beta1/ingresses'],
  ])('of two groups with %s the well-known one wins', async (kind, expected) => {
    expect(await setUp().resolve(kind)).toBe(expected);
  });

  test('a full name wins over a short name of another kind', async () => {
    const { resolve } = setUp(
      aggregated({
        'x.io': [
          {
            version: 'v1',
            resources: [aggregatedResource('pos', 'Po'), aggregatedResource('others', 'Other', { short: ['pod'] })],
          },
        ],
      }),
    );
    expect(await resolve('po')).toBe('x.io/v1/pos');
    expect(await resolve('pod')).toBe('/v1/pods');
  });
});

describe('names that mean several kinds or none', () => {
  test('an ambiguous kind lists candidates, each of which resolves', async () => {
    const { resolve } = setUp();
    const error = await errorOf(resolve('Certificate'));
    expect(error.code).toBe('ambiguous_kind');
    expect(error.detail.candidates).toEqual([
      'certificates.cert-manager.io',
      'certificates.networking.internal.knative.dev',
    ]);
    const service = await errorOf(resolve('svc').then(() => resolve('service')));
    expect(service.detail.candidates).toEqual(['v1/Service', 'services.serving.knative.dev']);
    expect(await resolve('v1/Service')).toBe('/v1/services');
    expect(await resolve('services.serving.knative.dev')).toBe('serving.knative.dev/v1/services');
  });

  test('an unknown kind names the nearest', async () => {
    const error = await errorOf(setUp().resolve('deploymnet'));
    expect(error.code).toBe('unknown_kind');
    expect(error.detail.candidates).toEqual(['deployments.apps']);
    expect(error.detail.remedy).toMatch(/^Call get_api_resources/);
  });

  test('a group is matched whole', async () => {
    for (const kind of ['deployments.app', 'certificates.cert-manager', 'pods.metrics']) {
      expect((await errorOf(setUp().resolve(kind))).code).toBe('unknown_kind');
    }
  });

  test('a wrong apiVersion names the right ones', async () => {
    const error = await errorOf(setUp().resolve('Deployment', 'v1'));
    expect(error.code).toBe('unknown_kind');
    expect(error.message).toContain('in apiVersion v1');
    expect(error.detail.candidates).toEqual(['apps/v1/Deployment']);
  });

  test('a category names its members', async () => {
    const error = await errorOf(setUp().resolve('all'));
    expect(error.message).toBe('"all" is a category of 3 kinds, not a kind.');
    expect(error.detail.candidates).toEqual(['pods', 'services', 'deployments.apps']);
  });

  test('groups that could not be read are named, since the kind may be there', async () => {
    const named = aggregated({
      ...NAMED_GROUPS,
      'down.example.com': [{ version: 'v1', freshness: 'Stale', resources: [] }],
    });
    const error = await errorOf(setUp(named).resolve('Widget'));
    expect(error.message).toContain('down.example.com/v1 (its API service does not answer; shown as last seen)');
  });

  test.each([
    ['', 'The kind is empty.'],
    ['pods,services', '"pods,services" names several kinds; one call takes one kind.'],
    ['pod nginx', '"pod nginx" contains a space; a kind is one word.'],
    ['a/b/c/d', '"a/b/c/d" has too many slashes for a kind.'],
    ['pod/nginx', '"pod/nginx" has the form type/name; here the kind stands alone.'],
    ['deploy/web', '"deploy/web" has the form type/name; here the kind stands alone.'],
    ['pods/log', '"pods/log" has the form type/name; here the kind stands alone.'],
    ['apps/v1', '"apps/v1" is an apiVersion, not a kind.'],
    ['x'.repeat(500), 'The kind is longer than 400 characters.'],
  ])('%j is an invalid argument', async (kind, message) => {
    const error = await errorOf(setUp().resolve(kind));
    expect([error.code, error.message]).toEqual(['invalid_argument', message]);
    expect(error.detail.remedy).toBeDefined();
  });

  test('an apiVersion of another form is an invalid argument', async () => {
    for (const apiVersion of ['a/b/c', '/v1', 'apps/']) {
      expect((await errorOf(setUp().resolve('Pod', apiVersion))).code).toBe('invalid_argument');
    }
  });
});

describe('the cache', () => {
  const widgets = aggregated({
    ...NAMED_GROUPS,
    'example.com': [{ version: 'v1', resources: [aggregatedResource('widgets', 'Widget')] }],
  });

  test('callers that overlap share one fetch, later ones the cache for ten minutes', async () => {
    const { state, resolve, fetches, mapper } = setUp();
    await Promise.all([resolve('pods'), resolve('deploy'), mapper.snapshot(never)]);
    state.now = 599_999;
    await resolve('pods');
    expect(fetches()).toBe(1);
    state.now = 600_000;
    await resolve('pods');
    expect(fetches()).toBe(2);
  });

  test('a kind installed after the fetch is found by one refresh', async () => {
    const { state, resolve, fetches } = setUp();
    await resolve('pods');
    state.named = widgets;
    expect(await resolve('widget')).toBe('example.com/v1/widgets');
    expect(fetches()).toBe(2);
  });

  test('a kind that is gone is unknown after the refresh that its 404 asks for', async () => {
    const { state, resolve, mapper } = setUp(widgets);
    await resolve('widget');
    state.named = NAMED;
    expect(await resolve('widget')).toBe('example.com/v1/widgets');
    mapper.suspect();
    expect((await errorOf(resolve('widget'))).code).toBe('unknown_kind');
  });

  test('misses refresh at most once a second', async () => {
    const { state, resolve, fetches, mapper } = setUp();
    for (let i = 0; i < 20; i++) {
      await errorOf(resolve(`made-up-${i}`));
      mapper.suspect();
    }
    expect(fetches()).toBe(2);
    state.now = 1_000;
    await errorOf(resolve('made-up'));
    expect(fetches()).toBe(3);
  });

  test('a miss on a snapshot fetched for that very call needs no second fetch', async () => {
    const { resolve, fetches } = setUp();
    await errorOf(resolve('made-up'));
    expect(fetches()).toBe(1);
  });

  test('invalidate makes the next answer new', async () => {
    const { state, resolve, mapper, fetches } = setUp(widgets);
    await resolve('widgets');
    state.named = NAMED;
    mapper.invalidate();
    expect((await errorOf(resolve('widgets'))).code).toBe('unknown_kind');
    expect(fetches()).toBe(2);
  });

  test('a snapshot is as fresh as its caller asks', async () => {
    const { state, mapper, fetches } = setUp();
    const names = async (maxAgeMs?: number) => {
      const { resources } = await mapper.snapshot(
        new AbortController().signal,
        maxAgeMs === undefined ? {} : { maxAgeMs },
      );
      return resources.map(({ resource }) => resource);
    };
    expect(await names()).not.toContain('widgets');
    state.named = widgets;
    state.now = 2_000;
    expect(await names()).not.toContain('widgets');
    expect(await names(3_000)).not.toContain('widgets');
    expect(await names(2_000)).toContain('widgets');
    expect(await names()).toContain('widgets');
    expect(fetches()).toBe(2);
  });

  test('an answer that was under way when invalidate was called is fetched again', async () => {
    const { state, resolve, mapper, fetches } = setUp();
    const early = resolve('widgets');
    state.named = widgets;
    mapper.invalidate();
    expect(await early).toBe('example.com/v1/widgets');
    expect(fetches()).toBe(2);
  });

  test('a caller that gives up leaves the fetch to the others', async () => {
    const { mapper } = setUp();
    const gone = new AbortController();
    const first = mapper.resolve('pods', undefined, gone.signal);
    const second = mapper.resolve('pods', undefined, never);
    gone.abort();
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    await expect(second).resolves.toMatchObject({ kind: 'Pod' });
  });

  test('a failed fetch is not kept', async () => {
    const { state, resolve } = setUp(failure('cluster_unreachable'));
    expect((await errorOf(resolve('pods'))).code).toBe('cluster_unreachable');
    state.named = NAMED;
    expect(await resolve('pods')).toBe('/v1/pods');
  });
});
