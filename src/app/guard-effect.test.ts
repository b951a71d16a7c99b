import { describe, expect, test } from 'vitest';
import { type Asked, guardOver, PROTOBUF, SUCCESS } from '../../test/support/guard.ts';
import { envelope } from '../../test/support/protobuf.ts';
import type { CliTool, CommandEffect } from '../exec/types.ts';
import type { Gate } from '../kernel/vocabulary.ts';

const ALL: readonly Gate[] = ['create', 'update', 'delete', 'exec', 'escalation'];
const PODS = '/api/v1/namespaces/a/pods';
const EVICT = { method: 'POST', path: `${PODS}/x/eviction` };
const eviction = (deleteOptions?: object) => ({ kind: 'Eviction', apiVersion: 'policy/v1', deleteOptions });

/** With every gate open. */
async function statusOf(tool: CliTool, effect: CommandEffect, asked: Asked): Promise<number> {
  const guard = guardOver({ answer: () => SUCCESS, gates: ALL, tool, effect });
  const { status, text } = await guard.ask(asked);
  expect(guard.sent).toHaveLength(status === 200 ? 1 : 0);
  if (status !== 200) {
    expect(text).toMatch(/which it was not confirmed for|as given only reads/);
    expect(guard.records).toMatchObject([{ decision: 'refused', code: 'command_refused', status: 403 }]);
  }
  return status;
}

describe('a command that was not confirmed', () => {
  const deletions: [string, Asked][] = [
    ['deletes', { method: 'DELETE', path: `${PODS}/x` }],
    ['deletes with a body', { method: 'DELETE', path: `${PODS}/x`, body: { gracePeriodSeconds: 0 } }],
    ['deletes all', { method: 'DELETE', path: PODS }],
    ['evicts', { ...EVICT, body: eviction() }],
    ['evicts with options', { ...EVICT, body: eviction({ dryRun: [] }) }],
    ['evicts with two dry runs', { ...EVICT, body: eviction({ dryRun: ['All', 'All'] }) }],
    [
      'evicts by protobuf',
      { ...EVICT, body: envelope('policy/v1', 'Eviction', [[2, []]]), headers: { 'content-type': PROTOBUF } },
    ],
    ['ends the deletion of a namespace', { method: 'PUT', path: '/api/v1/namespaces/a/finalize', body: {} }],
  ];
  for (const [what, asked] of deletions) {
    test(`${what}: refused for all but helm, which replaces by design`, async () => {
      for (const tool of ['kubectl', 'istioctl', 'argocd'] as const) {
        expect([tool, await statusOf(tool, 'write', asked)]).toEqual([tool, 403]);
        expect([tool, await statusOf(tool, 'read', asked)]).toEqual([tool, 403]);
        expect([tool, await statusOf(tool, 'destructive', asked)]).toEqual([tool, 200]);
      }
      expect(await statusOf('helm', 'write', asked)).toBe(200);
      expect(await statusOf('helm', 'read', asked)).toBe(403);
    });
  }

  test('rehearses a delete or an eviction', async () => {
    const rehearsals: Asked[] = [
      { method: 'DELETE', path: `${PODS}/x?dryRun=All` },
      { method: 'DELETE', path: `${PODS}/x`, body: { dryRun: ['All'] } },
      { ...EVICT, path: `${PODS}/x/eviction?dryRun=All`, body: eviction() },
      { ...EVICT, body: eviction({ dryRun: ['All'] }) },
      {
        ...EVICT,
        body: envelope('policy/v1', 'Eviction', [[2, [[5, 'All']]]]),
        headers: { 'content-type': PROTOBUF },
      },
    ];
    for (const asked of rehearsals) expect(await statusOf('kubectl', 'read', asked)).toBe(200);
  });
});

test('a command that only reads stores nothing, with kubectl and helm', async () => {
  const patch = { 'content-type': 'application/merge-patch+json' };
  const stores: Asked[] = [
    { method: 'POST', path: PODS, body: {} },
    { method: 'PUT', path: `${PODS}/x`, body: {} },
    { method: 'PATCH', path: `${PODS}/x`, body: {}, headers: patch },
    { method: 'PATCH', path: '/apis/apps/v1/namespaces/a/deployments/x/scale', body: {}, headers: patch },
  ];
  for (const asked of stores) {
    for (const tool of ['kubectl', 'helm'] as const) {
      expect(await statusOf(tool, 'read', asked)).toBe(403);
      expect(await statusOf(tool, 'local', asked)).toBe(403);
      expect(await statusOf(tool, 'write', asked)).toBe(200);
    }
    expect(await statusOf('argocd', 'read', asked)).toBe(200);
    expect(await statusOf('kubectl', 'read', { ...asked, path: `${asked.path}?dryRun=All` })).toBe(200);
  }
  const review = { method: 'POST', path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', body: {} };
  expect(await statusOf('kubectl', 'read', review)).toBe(200);
  expect(await statusOf('kubectl', 'read', { path: `${PODS}/x/proxy/a` })).toBe(200);
});
