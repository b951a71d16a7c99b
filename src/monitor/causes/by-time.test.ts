import { describe, expect, it } from 'vitest';
import { graphOf } from '../../graph/testing.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { Finding } from '../types.ts';
import { foldFindings } from './fold.ts';
import { deployment, finding, fromSecret, NOW, node, pod, replicaSet } from './testing.ts';

const MINUTE = 60_000;
const FELL = NOW - 10 * MINUTE;
const at = (time: number) => new Date(time).toISOString();

interface Odd {
  /** Of the workload. */
  available?: number;
  template?: object;
  changed?: number;
  failed?: Partial<Finding>;
  /** Where the database was. */
  on?: string;
}

/** A node that fell, with the pod of a database `db`, and a workload `pay` whose pods are elsewhere. */
function told({ available = 0, template = fromSecret, changed = NOW - 86_400_000, failed = {}, on = 'n1' }: Odd = {}) {
  const database = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    name: 'db',
    uid: 'uid:StatefulSet/a/db',
    controller: true,
  };
  const objects: KubeObject[] = [
    node('n1', {}),
    node('n2', {}),
    { ...deployment('db'), kind: 'StatefulSet' },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'db-0', namespace: 'a', ownerReferences: [database] },
      spec: { nodeName: on, containers: [] },
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] },
    },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'pay', namespace: 'a' } },
    { ...deployment('pay', { template }), status: { availableReplicas: available } },
    { ...replicaSet('pay'), metadata: { ...replicaSet('pay').metadata, creationTimestamp: at(changed) } },
    pod('pay', 1, { node: 'n2' }),
  ];
  const findings = [
    finding('Node/n1', 'node-not-ready', { key: 'Ready', since: FELL }),
    finding('StatefulSet.apps/a/db', 'replicas-unavailable', { since: NOW, level: 3 }),
    finding('Deployment.apps/a/pay', 'replicas-unavailable', { since: FELL + 15_000, ...failed }),
    finding('Pod/a/pay-1', 'not-ready', { since: FELL + 15_000, level: 3, ...failed }),
  ];
  return foldFindings(findings, graphOf(objects).view, NOW);
}
const isLaidToTheNode = (odd?: Odd) => !told(odd).some(({ root }) => root.name === 'pay');

describe('what fails as a node falls', () => {
  it('is laid to the node where a database was lost with it, and told as a guess', () => {
    const [first, ...others] = told();
    expect(first?.root.name).toBe('n1');
    expect(others.map(({ root }) => root.name)).not.toContain('pay');
    expect(first?.evidence[1]).toBe(
      'probably, by the time: Deployment a/pay began to fail 15s after Node n1 was lost with StatefulSet a/db; its settings, which would say what it needs, are not read',
    );
  });

  it('is apart where it began at another time, or nobody knows when', () => {
    expect(isLaidToTheNode({ failed: { since: FELL + 3 * MINUTE } })).toBe(false);
    expect(isLaidToTheNode({ failed: { since: FELL - 2 * MINUTE } })).toBe(false);
    expect(isLaidToTheNode({ failed: { fromTheStart: true } })).toBe(false);
  });

  it('is apart where it was changed shortly before, has pods left, or says itself what is wrong', () => {
    expect(isLaidToTheNode({ changed: FELL - 5 * MINUTE })).toBe(false);
    expect(isLaidToTheNode({ available: 1 })).toBe(false);
    expect(isLaidToTheNode({ failed: { own: true } })).toBe(false);
  });

  it('is apart where its settings are all known, or the node took no database with it', () => {
    expect(isLaidToTheNode({ template: { metadata: { labels: { app: 'pay' } }, spec: { containers: [] } } })).toBe(
      false,
    );
    expect(isLaidToTheNode({ on: 'n2' })).toBe(false);
  });
});

describe('what a node took with it', () => {
  it('is in trouble since that is: who is called like it follows from it, however late it was seen', () => {
    const objects: KubeObject[] = [
      node('n1', {}),
      { ...deployment('pay-db'), kind: 'StatefulSet' },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name: 'pay-db-0',
          namespace: 'a',
          ownerReferences: [
            {
              apiVersion: 'apps/v1',
              kind: 'StatefulSet',
              name: 'pay-db',
              uid: 'uid:StatefulSet/a/pay-db',
              controller: true,
            },
          ],
        },
        spec: { nodeName: 'n1', containers: [] },
        status: { conditions: [{ type: 'Ready', status: 'False' }] },
      },
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'pay', namespace: 'a' } },
      { ...deployment('pay', { template: fromSecret }), status: { availableReplicas: 1 } },
    ];
    const findings = [
      finding('Node/n1', 'node-not-ready', { since: FELL }),
      finding('StatefulSet.apps/a/pay-db', 'replicas-unavailable', { since: NOW }),
      finding('Deployment.apps/a/pay', 'replicas-unavailable', { since: FELL + MINUTE }),
    ];
    const [first] = foldFindings(findings, graphOf(objects).view, NOW);
    expect(first?.evidence.join()).toContain('probably, by its name: Deployment a/pay needs StatefulSet a/pay-db');
  });
});
