/** Test support: findings, and the objects that they are of. */
import { graphOf } from '../../graph/testing.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { Finding, ObjectName, Severity } from '../types.ts';
import { foldFindings } from './fold.ts';

export const NOW = 1_700_000_000_000;

export function finding(path: string, detector: string, rest: Partial<Finding> & { level?: Severity } = {}): Finding {
  const [kind = '', ...parts] = path.split('/');
  const [name = ''] = parts.slice(-1);
  const object: ObjectName = { kind, namespace: parts.length > 1 ? (parts[0] ?? '') : '', name };
  const { level = 4, ...more } = rest;
  return {
    id: `${detector}:${path}`,
    detector,
    class: 'incident',
    object,
    cause: undefined,
    severity: level,
    title: detector,
    evidence: [`${detector} of ${name}`],
    since: NOW - 60_000,
    without: [],
    ...more,
  };
}

export const owned = (kind: string, apiVersion: string, name: string) => ({
  ownerReferences: [{ apiVersion, kind, name, uid: `uid:${kind}/a/${name}`, controller: true }],
});
export const deployment = (name: string, spec: object = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'a' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [] } },
    ...spec,
  },
});
export const replicaSet = (name: string): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name: `${name}-1`, namespace: 'a', ...owned('Deployment', 'apps/v1', name) },
  spec: { selector: { matchLabels: { app: name } } },
});
export const pod = (
  app: string,
  index: number,
  { node, calls }: { node?: string; calls?: string } = {},
): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `${app}-${index}`, namespace: 'a', labels: { app }, ...owned('ReplicaSet', 'apps/v1', `${app}-1`) },
  spec: {
    ...(node === undefined ? {} : { nodeName: node }),
    containers: [
      { name: 'c', image: `${app}:1`, env: calls === undefined ? [] : [{ name: 'ADDR', value: `${calls}.a.svc:80` }] },
    ],
  },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] },
});
/** What the pods of a workload are made of that takes all of its settings from a Secret. */
export const fromSecret = {
  metadata: { labels: { app: 'pay' } },
  spec: { containers: [{ name: 'c', image: 'pay:1', envFrom: [{ secretRef: { name: 'pay' } }] }] },
};
export const workload = (app: string, options: { node?: string; calls?: string } = {}) => [
  deployment(app),
  replicaSet(app),
  pod(app, 1, options),
  pod(app, 2, options),
];
export const service = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'a' },
  spec: { selector: { app: name }, ports: [{ port: 80 }] },
});
export const node = (name: string, labels: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels },
  status: { conditions: [{ type: 'Ready', status: 'Unknown' }] },
});

export const told = (objects: KubeObject[], findings: Finding[]) =>
  foldFindings(findings, graphOf(objects).view, NOW).map(({ root, title }) => `${root.kind}/${root.name}: ${title}`);
