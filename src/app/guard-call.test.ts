import { describe, expect, it } from 'vitest';
import { guardOver, PROTOBUF, type Scripted, SUCCESS } from '../../test/support/guard.ts';
import { encode, envelope } from '../../test/support/protobuf.ts';
import type { Gate } from '../kernel/vocabulary.ts';

describe('discovery', () => {
  const document = (etag = '"1"'): Scripted => ({
    headers: { etag, 'content-type': 'application/json' },
    chunks: ['{"kind":"APIVersions"}'],
  });

  it('is answered as the server wrote it', async () => {
    const guard = guardOver({ answer: () => document() });
    const first = await guard.ask({
      path: '/api?timeout=32s',
      headers: { accept: 'application/json;as=APIGroupDiscoveryList' },
    });
    expect(first.text).toBe('{"kind":"APIVersions"}');
    expect(guard.lines()).toEqual(['GET /api']);
  });

  it('asked for twice by one command is asked for anew, and is the same where the server says so', async () => {
    let asked = 0;
    const guard = guardOver({ answer: () => (asked++ === 0 ? document() : { status: 304, chunks: [] }) });
    await guard.ask({ path: '/apis' });
    const again = await guard.ask({ path: '/apis' });
    expect(again.text).toBe('{"kind":"APIVersions"}');
    expect(guard.sent[1]?.headers?.['if-none-match']).toBe('"1"');
    const known = await guard.ask({ path: '/apis', headers: { 'if-none-match': 'W/"1"' } });
    expect([known.status, known.text]).toEqual([304, '']);
  });

  it('is doubted after kinds came or went', async () => {
    const guard = guardOver({
      answer: ({ method }) => (method === 'GET' ? document() : SUCCESS),
      gates: ['create', 'update', 'delete'],
    });
    const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    await guard.ask({ method: 'POST', path: `${crds}?dryRun=All`, body: {} });
    expect(guard.served()).toBe(0);
    await guard.ask({ method: 'POST', path: crds, body: { metadata: { name: 'x' } } });
    await guard.ask({ method: 'DELETE', path: `${crds}/x` });
    expect(guard.served()).toBe(2);
  });

  it('passes policy like anything else', async () => {
    const guard = guardOver({ answer: () => document(), rules: { contexts: ['other'] } });
    expect((await guard.ask({ path: '/api' })).status).toBe(403);
    expect(guard.sent).toEqual([]);
  });
});

describe('kubeconfigs of other clusters', () => {
  it('are none to istioctl, which would use them past the guard', async () => {
    const path = '/api/v1/namespaces/istio-system/secrets';
    const labelled = `${path}?labelSelector=istio%2FmultiCluster%3Dtrue`;
    const guard = guardOver({
      tool: 'istioctl',
      path: ['analyze'],
      answer: () => ({ json: { kind: 'SecretList', items: [] } }),
    });
    expect((await guard.ask({ path: labelled })).json()).toMatchObject({ kind: 'SecretList', items: [] });
    expect(guard.sent).toEqual([]);
    await guard.ask({ path });
    expect(guard.lines()).toEqual([`GET ${path}`]);
    const kubectl = guardOver({ answer: () => ({ json: { kind: 'SecretList', items: [] } }) });
    await kubectl.ask({ path: labelled });
    expect(kubectl.lines()).toEqual([`GET ${labelled}`]);
  });
});

describe('acting as someone else', () => {
  const impersonate = { user: 'admin', groups: ['system:masters'], extra: {} };
  it('needs the escalation gate, but for what everyone may read', async () => {
    const path = '/api/v1/namespaces/a/pods';
    const closed = guardOver({ answer: () => SUCCESS });
    const refused = await closed.ask({ path, impersonate });
    expect([refused.status, refused.json().message]).toEqual([
      403,
      expect.stringContaining('needs the escalation gate'),
    ]);
    expect((await closed.ask({ path: '/healthz', impersonate })).status).toBe(403);
    expect(closed.sent).toEqual([]);
    expect((await closed.ask({ path: '/api', impersonate })).status).toBe(200);
    expect(closed.sent[0]?.impersonate).toBe(undefined);
    const open = guardOver({ answer: () => SUCCESS, gates: ['escalation'] });
    expect((await open.ask({ path, impersonate })).status).toBe(200);
    expect(open.sent[0]?.impersonate).toEqual(impersonate);
  });
});

describe('upgrades', () => {
  const headers = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-key': 'x', cookie: 'a', origin: 'b' };
  const ask = (path: string, gates: readonly Gate[]) => {
    const guard = guardOver({
      answer: () => ({ status: 404, json: { kind: 'Status', apiVersion: 'v1', message: 'token=abcdef123' } }),
      gates,
    });
    return guard.upgrade({ path, headers }).then((outcome) => ({ guard, outcome }));
  };

  it('need the exec gate, and are for workloads only', async () => {
    for (const path of ['/api/v1/namespaces/a/pods/x/exec?command=id', '/api/v1/namespaces/a/pods/x/portforward']) {
      const closed = await ask(path, ['create', 'update', 'delete', 'escalation']);
      expect(closed.outcome).toMatchObject({ kind: 'refused', response: { status: 403 } });
      expect(closed.guard.sent).toEqual([]);
      const open = await ask(path, ['exec']);
      expect(open.outcome).toMatchObject({ kind: 'refused', response: { status: 404 } });
      expect(open.guard.sent[0]?.headers).toEqual({
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-key': 'x',
      });
    }
    const odd = await ask('/api/v1/namespaces/a/pods?watch=true', ['exec', 'create']);
    expect(odd.outcome).toMatchObject({ kind: 'refused', response: { status: 403 } });
  });
});

describe('what is told of a command', () => {
  it('is each request without its values, why it was refused, and what was done already', async () => {
    const guard = guardOver({
      answer: () => SUCCESS,
      gates: ['create'],
      rules: { forbiddenNamespaces: new Set(['prod']) },
    });
    await guard.ask({ method: 'POST', path: '/api/v1/namespaces/a/configmaps', body: { metadata: { name: 'one' } } });
    await guard.ask({
      method: 'POST',
      path: '/api/v1/namespaces/prod/configmaps',
      body: { metadata: { name: 'two' } },
    });
    expect(guard.records).toEqual([
      { verb: 'create', target: 'configmaps', namespace: 'a', name: 'one', decision: 'allowed', status: 200 },
      {
        verb: 'create',
        target: 'configmaps',
        namespace: 'prod',
        name: 'two',
        decision: 'refused',
        status: 403,
        code: 'namespace_denied',
      },
    ]);
    expect(guard.report.reason()).toBe(
      'The namespace "prod" is forbidden (K8S_FORBIDDEN_NAMESPACES). Use another namespace. Already done: created configmaps a/one.',
    );
  });

  it('is not the cause of a fault of ours, which is logged', async () => {
    const guard = guardOver({
      answer: () => {
        throw new Error('at /srv/secret-path');
      },
    });
    const { status, text } = await guard.ask({ path: '/api/v1/pods' });
    expect(status).toBe(500);
    expect(text).not.toContain('secret-path');
    expect(guard.faults).toHaveLength(1);
  });

  it('lets argocd read its settings, and never write them', async () => {
    const guard = guardOver({ answer: () => SUCCESS, gates: ['create', 'update', 'delete'], tool: 'argocd' });
    const path = '/api/v1/namespaces/argocd/secrets';
    expect((await guard.ask({ path: `${path}/argocd-secret` })).status).toBe(200);
    expect((await guard.ask({ method: 'POST', path, body: { metadata: { name: 'argocd-secret' } } })).status).toBe(403);
    expect((await guard.ask({ method: 'DELETE', path: `${path}/argocd-secret` })).status).toBe(403);
    const written = encode([[1, [[1, 'argocd-secret']]]]);
    const protobuf = {
      method: 'POST',
      path,
      body: envelope('v1', 'Secret', written),
      headers: { 'content-type': PROTOBUF },
    };
    expect((await guard.ask(protobuf)).status).toBe(403);
  });
});
