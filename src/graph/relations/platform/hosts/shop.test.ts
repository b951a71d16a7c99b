import { describe, expect, it } from 'vitest';
import { WRONG_ADDRESS } from '../../../../../sandbox/shop/incidents/wrong-address.ts';
import { createShop } from '../../../../../sandbox/shop/shop-under-test.ts';
import type { KubeObject } from '../../../../kernel/vocabulary.ts';
import { type GraphUnderTest, graphOf } from '../../../testing.ts';
import { PLATFORM_RELATIONS } from '../index.ts';

type Shop = ReturnType<typeof createShop>;

function graphOfShop({ sandbox: { kinds, operator } }: Shop): GraphUnderTest {
  const objects: KubeObject[] = [];
  for (const { id, storedAs } of kinds.all()) {
    // Sandbox objects are those of the API with stricter types.
    if (storedAs === undefined && !id.startsWith('events'))
      objects.push(...(operator.list(id) as unknown as KubeObject[]));
  }
  return graphOf(objects, { relations: PLATFORM_RELATIONS });
}

/** `source => target: field` of edges whose target is not there. */
function missing({ view }: GraphUnderTest): string[] {
  const found = new Set<string>();
  for (const kind of view.kinds()) {
    view.eachOfKind(kind, undefined, (source) => {
      view.out(source, (target, { path }) => {
        const to = view.node(target);
        if (view.whereabouts(target) !== 'gone' || kind === 'Pod') return undefined;
        const from = view.node(source);
        found.add(`${from.kind} ${from.namespace}/${from.name} => ${to.kind} ${to.namespace}/${to.name}: ${path}`);
        return undefined;
      });
      return undefined;
    });
  }
  return [...found].sort();
}

function called({ view, id }: GraphUnderTest, from: string): string[] {
  const found: string[] = [];
  view.out(id(from), (target, why) => {
    const { kind, namespace, name } = view.node(target);
    if (why.relation.class === 'connects') found.push(`${kind}/${namespace}/${name}`);
    return undefined;
  });
  return found.sort();
}

describe('the shop of the sandbox', () => {
  it('names nothing that is not there, until it is given a wrong address', () => {
    const shop = createShop();
    const atRest = graphOfShop(shop);
    expect(missing(atRest)).toEqual([]);
    expect(called(atRest, 'Deployment.apps/shop/notifications')).toEqual([
      'Service/data/rabbitmq',
      'Service/shop/users',
    ]);

    WRONG_ADDRESS.break(shop.sandbox.operator);
    expect(missing(graphOfShop(shop))).toEqual([
      'Deployment.apps shop/notifications => Service data/rabbit: spec.template.spec.containers[notifications].env[AMQP_URL].value',
    ]);
  });
});
