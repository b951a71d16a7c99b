import { describe, expect, test } from 'vitest';
import { aggregated, aggregatedResource, CORE, NAMED } from '../testing/fixtures.ts';
import { allowAll, failure, never, scriptedTransport } from '../testing/scripted-transport.ts';
import { fetchDiscovery } from './fetch-discovery.ts';

const discover = (documents: Record<string, unknown>) => {
  const transport = scriptedTransport((path) => documents[path] ?? failure('not_found'));
  return { transport, snapshot: fetchDiscovery(transport, allowAll, never) };
};

describe('aggregated discovery', () => {
  test('takes two requests that offer v2, v2beta1 and plain JSON', async () => {
    const { transport, snapshot } = discover({ '/api': CORE, '/apis': NAMED });
    await snapshot;
    expect(transport.sent.map((request) => request.path)).toEqual(['/api', '/apis']);
    expect(transport.sent[1]!.headers!['accept']).toBe(
      'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json',
    );
  });

  test('reads every field of a resource', async () => {
    const { resources } = await discover({ '/api': CORE, '/apis': NAMED }).snapshot;
    expect(resources.find((r) => r.kind === 'Deployment')).toEqual({
      group: 'apps',
      version: 'v1',
      kind: 'Deployment',
      resource: 'deployments',
      singular: 'deployment',
      shortNames: ['deploy'],
      categories: ['all'],
      namespaced: true,
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
      subresources: ['scale', 'status'],
      preferred: true,
    });
    expect(resources.find((r) => r.kind === 'Node')!.namespaced).toBe(false);
    expect(resources.find((r) => r.kind === 'PodMetrics')!.singular).toBe('podmetrics');
  });

  test('keeps every version and prefers the first that serves the resource', async () => {
    const { resources } = await discover({ '/api': CORE, '/apis': NAMED }).snapshot;
    const scalers = resources.filter((r) => r.group === 'autoscaling');
    expect(scalers.map((r) => [r.version, r.resource, r.preferred])).toEqual([
      ['v2', 'horizontalpodautoscalers', true],
      ['v1', 'horizontalpodautoscalers', false],
      ['v1', 'oldscalers', true],
    ]);
  });

  test('reports stale and empty group versions, keeping what a stale one last served', async () => {
    const named = aggregated({
      'metrics.k8s.io': [
        { version: 'v1beta1', freshness: 'Stale', resources: [aggregatedResource('pods', 'PodMetrics')] },
      ],
      'custom.metrics.k8s.io': [{ version: 'v1beta1', freshness: 'Stale', resources: [] }],
      'empty.example.com': [{ version: 'v1', resources: [] }],
    });
    const { resources, failures } = await discover({ '/api': CORE, '/apis': named }).snapshot;
    expect(failures).toEqual([
      { groupVersion: 'metrics.k8s.io/v1beta1', reason: 'its API service does not answer; shown as last seen' },
      { groupVersion: 'custom.metrics.k8s.io/v1beta1', reason: 'its API service does not answer; shown as last seen' },
      { groupVersion: 'empty.example.com/v1', reason: 'the server lists no resource for it' },
    ]);
    expect(resources.some((r) => r.kind === 'PodMetrics')).toBe(true);
  });

  test('leaves out entries that no URL could name and says so', async () => {
    const named = aggregated({
      'x.io': [
        { version: 'v1', resources: [aggregatedResource('../secrets', 'Evil'), aggregatedResource('goods', 'Good')] },
      ],
    });
    const { resources, failures } = await discover({ '/api': CORE, '/apis': named }).snapshot;
    expect(resources.filter((r) => r.group === 'x.io').map((r) => r.kind)).toEqual(['Good']);
    expect(failures).toEqual([{ groupVersion: 'x.io/v1', reason: 'an entry with an invalid name was left out' }]);
  });

  test('survives documents of any shape', async () => {
    const odd = {
      kind: 'APIGroupDiscoveryList',
      items: [null, 3, { versions: 'x' }, { versions: [{ version: {}, resources: [[]] }] }],
    };
    const { resources } = await discover({ '/api': CORE, '/apis': odd }).snapshot;
    expect(resources).toHaveLength(6);
  });
});

describe('legacy discovery', () => {
  const groups = {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: [
      {
        name: 'autoscaling',
        versions: [
          { groupVersion: 'autoscaling/v1', version: 'v1' },
          { groupVersion: 'autoscaling/v2', version: 'v2' },
        ],
        preferredVersion: { groupVersion: 'autoscaling/v2', version: 'v2' },
      },
      { name: 'metrics.k8s.io', versions: [{ version: 'v1beta1' }], preferredVersion: { version: 'v1beta1' } },
    ],
  };
  const hpa = {
    name: 'horizontalpodautoscalers',
    singularName: '',
    namespaced: true,
    kind: 'HorizontalPodAutoscaler',
    verbs: ['get'],
    shortNames: ['hpa'],
  };
  const documents = {
    '/api': { kind: 'APIVersions', versions: ['v1'] },
    '/api/v1': {
      kind: 'APIResourceList',
      groupVersion: 'v1',
      resources: [
        {
          name: 'pods',
          singularName: '',
          namespaced: true,
          kind: 'Pod',
          verbs: ['get', 'list'],
          shortNames: ['po'],
          categories: ['all'],
        },
        { name: 'pods/log', singularName: '', namespaced: true, kind: 'Pod', verbs: ['get'] },
        { name: 'pods/status', singularName: '', namespaced: true, kind: 'Pod', verbs: ['get'] },
        { name: 'nodes', singularName: 'node', namespaced: false, kind: 'Node', verbs: ['get'] },
      ],
    },
    '/apis': groups,
    '/apis/autoscaling/v1': { kind: 'APIResourceList', resources: [hpa] },
    '/apis/autoscaling/v2': { kind: 'APIResourceList', resources: [hpa] },
  };

  test('reads each group version, subresources under their parents, the preferred version first', async () => {
    const { resources } = await discover(documents).snapshot;
    expect(resources.map((r) => [r.group, r.version, r.resource, r.singular, r.preferred, r.subresources])).toEqual([
      ['', 'v1', 'pods', 'pod', true, ['log', 'status']],
      ['', 'v1', 'nodes', 'node', true, []],
      ['autoscaling', 'v2', 'horizontalpodautoscalers', 'horizontalpodautoscaler', true, []],
      ['autoscaling', 'v1', 'horizontalpodautoscalers', 'horizontalpodautoscaler', false, []],
    ]);
  });

  test('records a group that fails and goes on', async () => {
    const failing = {
      ...documents,
      '/apis/metrics.k8s.io/v1beta1': failure(
        'cluster_unavailable',
        'the server is currently unable to handle the request',
      ),
    };
    const { failures, resources } = await discover(failing).snapshot;
    expect(failures).toEqual([
      { groupVersion: 'metrics.k8s.io/v1beta1', reason: 'the server is currently unable to handle the request' },
    ]);
    expect(resources).toHaveLength(4);
  });

  test('asks for at most eight group versions at once', async () => {
    let running = 0;
    let most = 0;
    const many = {
      groups: Array.from({ length: 40 }, (_, i) => ({
        name: `g${i}.io`,
        versions: [{ version: 'v1' }],
        preferredVersion: { version: 'v1' },
      })),
    };
    const transport = scriptedTransport(async (path) => {
      if (path === '/api') return failure('not_found');
      if (path === '/apis') return many;
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return { resources: [{ name: 'things', kind: 'Thing', namespaced: true, verbs: ['get'] }] };
    });
    const { resources } = await fetchDiscovery(transport, allowAll, never);
    expect(resources).toHaveLength(40);
    expect(most).toBe(8);
  });
});

describe('a server that does not play along', () => {
  test('a forbidden half is a failure of that half', async () => {
    const { failures } = await discover({ '/api': CORE, '/apis': failure('cluster_forbidden', 'no rights') }).snapshot;
    expect(failures).toEqual([{ groupVersion: '/apis', reason: 'no rights' }]);
  });

  test('a server without the core group is complete', async () => {
    expect((await discover({ '/apis': NAMED }).snapshot).failures).toEqual([]);
  });

  test('an unreachable server is its own error, not an empty cluster', async () => {
    const { snapshot } = discover({ '/api': CORE, '/apis': failure('cluster_unreachable') });
    await expect(snapshot).rejects.toMatchObject({ code: 'cluster_unreachable' });
  });

  test('an answer that is no discovery document is a bad answer', async () => {
    await expect(discover({ '/api': ['hello'], '/apis': {} }).snapshot).rejects.toMatchObject({
      code: 'cluster_bad_answer',
    });
    await expect(discover({ '/api': {}, '/apis': {} }).snapshot).rejects.toMatchObject({ code: 'cluster_bad_answer' });
  });
});
