import { describe, expect, it } from 'vitest';
import { graphOf } from '../testing.ts';

const spec = { template: { spec: { containers: [{ name: 'cart', image: 'cart:1' }] } } };

function replicaSet(name: string, kind: string, controller: boolean) {
  const owner = { apiVersion: 'apps/v1', kind, name: 'cart', uid: 'u', controller };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name, namespace: 'shop', ownerReferences: [owner] },
    spec,
  };
}

function imagesOf(object: Parameters<typeof graphOf>[0][number]): string[] {
  const { view, id } = graphOf([object]);
  const found: string[] = [];
  view.out(id(`${object.kind}.apps/shop/${object.metadata?.name}`), (target, why) => {
    if (why.relation.id === 'template-image') found.push(view.node(target).name);
    return undefined;
  });
  return found;
}

describe('what a template names', () => {
  it('is named once by the Deployment, and not by each ReplicaSet that it made', () => {
    expect(
      imagesOf({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'cart', namespace: 'shop' }, spec }),
    ).toEqual(['cart:1']);
    expect(imagesOf(replicaSet('old', 'Deployment', true))).toEqual([]);
  });

  it('is named by a ReplicaSet that something without such a template controls, or that nothing does', () => {
    expect(imagesOf(replicaSet('other', 'Rollout', true))).toEqual(['cart:1']);
    expect(imagesOf(replicaSet('free', 'Deployment', false))).toEqual(['cart:1']);
  });
});
