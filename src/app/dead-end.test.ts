import { describe, expect, it } from 'vitest';
import { answering, type GuardWorld, guardOver } from '../../test/support/guard.ts';
import type { UpgradeOutcome } from '../exec/guard/types.ts';
import type { GuardCallParts } from './guard-call.ts';
import { createGuardCall } from './guard-call.ts';

const PATH = '/api/v1/namespaces/argocd/pods/argocd-repo-server/portforward';
/** The key and its answer of RFC 6455, section 1.3. */
const ASKED = {
  path: PATH,
  headers: {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-protocol': 'SPDY/3.1+portforward.k8s.io',
  },
};
const ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';

const refused = (outcome: UpgradeOutcome) => (outcome.kind === 'refused' ? outcome.response.status : outcome.kind);

describe('a port-forward of argocd without the gate exec', () => {
  it('is accepted and leads nowhere: the cluster is not asked, and audit has the refusal', async () => {
    const guard = answering({}, { tool: 'argocd' });
    const outcome = await guard.upgrade(ASKED);
    expect(outcome).toMatchObject({
      kind: 'switched',
      headers: { 'sec-websocket-accept': ACCEPT, 'sec-websocket-protocol': 'SPDY/3.1+portforward.k8s.io' },
    });
    expect(guard.sent).toEqual([]);
    expect(guard.report.reason()).toBeUndefined();
    expect(guard.records).toEqual([
      {
        verb: 'get',
        target: 'pods/portforward',
        namespace: 'argocd',
        name: 'argocd-repo-server',
        decision: 'refused',
        status: 101,
        code: 'gate_closed',
      },
    ]);
    if (outcome.kind === 'switched') outcome.stream.destroy();
  });

  it('ends the command when it is used, and that is the reason', async () => {
    const guard = answering({}, { tool: 'argocd' });
    const ends: string[] = [];
    const parts: GuardCallParts = { ...guard.parts, end: () => ends.push('ended') };
    const request = { method: 'GET', body: undefined, signal: new AbortController().signal, ...ASKED };
    const outcome = await createGuardCall(parts).upgrade(request);
    if (outcome.kind !== 'switched') throw new Error('not switched');
    const closed = new Promise<void>((resolve) => outcome.stream.once('close', () => resolve()));
    outcome.stream.write('SYN_STREAM');
    await closed;
    expect(ends).toEqual(['ended']);
    expect(guard.report.reason()).toBe(
      'The request reaches into pods/portforward, and the gate for that is closed: exec. The operator opens it with --enable-exec.',
    );
  });

  it.each<[string, Partial<GuardWorld>, Partial<typeof ASKED>]>([
    ['of another tool', { tool: 'istioctl' }, {}],
    ['in a forbidden namespace', { tool: 'argocd', rules: { forbiddenNamespaces: new Set(['argocd']) } }, {}],
    ['of a denied kind', { tool: 'argocd', rules: { deniedKinds: new Set(['pods/portforward']) } }, {}],
    ['that is an exec', { tool: 'argocd' }, { path: PATH.replace('portforward', 'exec?command=sh') }],
    ['that is something else', { tool: 'argocd' }, { path: '/api/v1/nodes/n1/proxy' }],
  ])('is refused %s', async (_, world, change) => {
    const guard = answering({}, world);
    expect(refused(await guard.upgrade({ ...ASKED, ...change }))).toBe(403);
    expect(guard.sent).toEqual([]);
    expect(guard.report.reason()).toBeDefined();
  });

  it('is forwarded where the gate is open', async () => {
    const guard = guardOver({
      tool: 'argocd',
      gates: ['exec'],
      answer: () => ({ status: 404, json: { kind: 'Status' } }),
    });
    expect(refused(await guard.upgrade(ASKED))).toBe(404);
    expect(guard.lines()).toEqual([`GET ${PATH}`]);
  });
});
