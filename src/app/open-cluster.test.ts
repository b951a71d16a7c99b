import { expect, test } from 'vitest';
import { NO_GRAPH } from '../../test/support/without-graph.ts';
import type { Cluster } from '../kube/cluster.ts';
import type { PolicyRules } from '../policy/types.ts';
import { openCluster } from './open-cluster.ts';

const principal = { id: 'p', transport: 'stdio', authenticated: true } as const;
const rules: PolicyRules = {
  gates: { list: true, create: false, update: false, delete: false, exec: false, escalation: false },
  allowedNamespaces: new Set(['shop']),
  forbiddenNamespaces: new Set(),
  deniedKinds: new Set(),
  contexts: ['dev-*', 'request:own'],
  writeContexts: undefined,
  defaultContext: 'prod',
  maxResources: undefined,
};

/** Opens `wanted` of a kubeconfig whose current context is `prod`; `touched` tells what reached the cluster. */
function open(wanted: string | undefined, kubeconfig?: string) {
  const touched: string[] = [];
  const cluster = (context: string) =>
    ({
      connection: { context, server: new URL('https://127.0.0.1:1'), fingerprint: 'f00d'.repeat(8) },
      mapper: {
        snapshot: async () => {
          touched.push(context);
          return { resources: [], failures: [] };
        },
      },
      rawClient: () => ({}),
      view: () => ({}),
    }) as unknown as Cluster;
  const clusters = { get: async (name?: string) => cluster(name ?? 'prod'), close: async () => {} };
  const parts = {
    clusters,
    requestClusters: {
      get: async (_text: string, name?: string) => ({
        ...cluster(`request:${name ?? 'mine'}`),
        id: 'r-0123456789abcdef0123',
        limit: <T>(_signal: AbortSignal, work: () => Promise<T>) => work(),
      }),
    },
    rules,
    installKey: new Uint8Array(32),
    context: undefined,
    namespace: undefined,
    permissive: false,
    runCommand: async () => {
      throw new Error('no command is run here');
    },
    graphs: { of: () => NO_GRAPH.graph },
  };
  const target = { context: wanted, kubeconfig };
  return { touched, opened: openCluster(parts, target, principal, AbortSignal.timeout(5_000)) };
}

test('a denied context is refused before anything is asked of its cluster, named or current', async () => {
  for (const wanted of ['prod', undefined]) {
    const { touched, opened } = open(wanted);
    await expect(opened).rejects.toMatchObject({ code: 'context_denied' });
    expect(touched).toEqual([]);
  }
});

test('an allowed context opens', async () => {
  const { touched, opened } = open('dev-1');
  expect((await opened).id).toBe('dev-1 127.0.0.1:1');
  expect(touched).toEqual(['dev-1']);
});

test("a caller's kubeconfig is bound by --contexts under names of its own, and its handle tells it from others", async () => {
  const denied = open(undefined, 'a3ViZWNvbmZpZw==');
  await expect(denied.opened).rejects.toMatchObject({ code: 'context_denied' });
  expect(denied.touched).toEqual([]);
});

test("one of the operator's contexts cannot pass for one of a caller's", async () => {
  const { touched, opened } = open('request:own');
  await expect(opened).rejects.toMatchObject({
    code: 'context_denied',
    message: expect.stringContaining('not usable'),
  });
  expect(touched).toEqual([]);
});

test('clusters of callers are told apart by more than their names', async () => {
  expect((await open('own', 'a3ViZWNvbmZpZw==').opened).id).toBe('request:own 127.0.0.1:1 r-0123456789abcdef0123');
});
