import { expect, it } from 'vitest';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { graphOf } from '../testing.ts';
import type { KindState } from '../types.ts';
import { impact } from './impact.ts';

const WEB: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { replicas: 3 },
  status: { replicas: 3, readyReplicas: 3 },
};
const CRAWLER: KubeObject = {
  apiVersion: 'example.com/v1',
  kind: 'Crawler',
  metadata: { name: 'web', namespace: 'shop' },
};
const SERVICE: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
};
const NODE: KubeObject = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'w1' } };

function pod(owner: KubeObject): KubeObject {
  const { apiVersion = '', kind = '' } = owner;
  const group = apiVersion.split('/')[0];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'web-1',
      namespace: 'shop',
      labels: { app: 'web' },
      ownerReferences: [{ apiVersion, kind, name: 'web', uid: `uid:${kind}.${group}/shop/web`, controller: true }],
    },
    spec: { nodeName: 'w1', containers: [{ name: 'c', image: 'web:1' }] },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  };
}

/** `effect: note` of what the failure of the node does to an object, by its kind. */
function hurt(owner: KubeObject, kind: string, pods: KindState): string {
  const apiGroup = (owner.apiVersion ?? '').split('/')[0];
  const own = { ...owner, metadata: { ...owner.metadata, uid: `uid:${owner.kind}.${apiGroup}/shop/web` } };
  const { view, id } = graphOf([NODE, own, pod(owner), SERVICE], { states: { Pod: pods } });
  const { hits } = impact(view, id('Node/w1'), { depth: 3, relations: undefined, edges: 1_000 });
  const hit = hits.find((one) => view.node(one.id).kind.startsWith(kind));
  return `${hit?.effect}: ${hit?.note}`;
}

it.each([
  [{ state: 'synced' }, 'down: all it has: 1 Pod'],
  [{ state: 'off', reason: 'read in part only' }, 'degraded: may be down: its other Pods were not read'],
  [{ state: 'synced', namespaces: ['data'] }, 'degraded: may be down: its other Pods were not read'],
  [{ state: 'synced', namespaces: ['shop'] }, 'down: all it has: 1 Pod'],
] satisfies [KindState, string][])('an owner of which one Pod is lost and known, with Pods %o', (pods, expected) => {
  expect(hurt(CRAWLER, 'Crawler', pods)).toBe(expected);
});

it('Pods that were not read are counted by the status of their owner', () => {
  expect(hurt(WEB, 'ReplicaSet', { state: 'off', reason: 'read in part only' })).toBe('degraded: 1 of 3 Pods');
});

it('an owner whose only known part is degraded is so too, whatever else it has', () => {
  const deployment: KubeObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', uid: 'uid:Deployment.apps/shop/web' },
  };
  const owned: KubeObject = {
    ...WEB,
    metadata: {
      ...WEB.metadata,
      uid: 'uid:ReplicaSet.apps/shop/web',
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'uid:Deployment.apps/shop/web' },
      ],
    },
  };
  const states: Record<string, KindState> = {
    Pod: { state: 'off', reason: 'read in part only' },
    'ReplicaSet.apps': { state: 'off', reason: 'read by name only' },
  };
  const { view, id } = graphOf([NODE, deployment, owned, pod(WEB)], { states });
  const { hits } = impact(view, id('Node/w1'), { depth: 3, relations: undefined, edges: 1_000 });
  const hit = hits.find((one) => view.node(one.id).kind === 'Deployment.apps');
  expect(hit).toMatchObject({ effect: 'degraded', note: 'its 1 ReplicaSet is degraded' });
});

it('a Service is not down while its other endpoints were not read', () => {
  expect(hurt(WEB, 'Service', { state: 'synced' })).toBe('down: its only ready endpoint');
  expect(hurt(WEB, 'Service', { state: 'off', reason: 'read in part only' })).toBe(
    'degraded: may be down: its other endpoints were not read',
  );
});
