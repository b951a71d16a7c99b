/** Every incident of the shop that concerns what workloads stand on, and the shop at rest. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { INCIDENTS } from '../../../../sandbox/shop/incidents/index.ts';
import { losePod } from '../../../../sandbox/shop/incidents/kit.ts';
import { createShop, type ShopUnderTest } from '../../../../sandbox/shop/shop-under-test.ts';
import { heldIn, told } from '../../../../test/support/shop-detectors.ts';
import { PLATFORM_DETECTORS } from './index.ts';

const INCIDENT_DETECTORS = PLATFORM_DETECTORS.filter((detector) => detector.class === 'incident');

/** Minutes until it shows, the object that is named, and by which detector. */
const SHOWN: Readonly<Record<string, { minutes: number; object: string; by: string }>> = {
  'selector-typo': { minutes: 2, object: 'Service/shop/orders', by: 'service-no-endpoints' },
  'wrong-target-port': { minutes: 2, object: 'Service/shop/shipping', by: 'service-port-mismatch' },
  'ingress-backend-missing': { minutes: 2, object: 'Ingress/shop/storefront', by: 'ingress-backend-missing' },
  'pvc-pending': { minutes: 2, object: 'PersistentVolumeClaim/data/reports', by: 'claim-pending' },
  'hpa-at-max': { minutes: 8, object: 'HorizontalPodAutoscaler/shop/storefront', by: 'hpa-at-max' },
  'hpa-no-metrics': { minutes: 6, object: 'HorizontalPodAutoscaler/shop/gateway', by: 'hpa-broken' },
  'pdb-blocks-drain': { minutes: 4, object: 'PodDisruptionBudget/platform/ingress-controller', by: 'pdb-blocks' },
  'quota-exceeded': { minutes: 2, object: 'ResourceQuota/shop/shop', by: 'quota-exhausted' },
  'namespace-stuck': { minutes: 7, object: 'Namespace/campaign-spring', by: 'namespace-stuck' },
  // The RoleBinding is gone without a trace: the account that it left without rights is not.
  'rbac-denied': { minutes: 4, object: 'ServiceAccount/shop/promotions', by: 'rights-lost' },
};

describe('the shop', () => {
  let shop: ShopUnderTest;
  beforeEach(() => {
    shop = createShop();
  });
  afterEach(() => shop.sandbox.stop());

  it('has no finding at rest', () => {
    expect(heldIn(INCIDENT_DETECTORS, shop).map(told)).toEqual([]);
    shop.minutes(60);
    expect(heldIn(INCIDENT_DETECTORS, shop).map(told)).toEqual([]);
  });

  it('has none while pods are replaced', () => {
    const { operator, clock } = shop.sandbox;
    const since = clock.now();
    for (const name of ['catalog', 'gateway', 'payments', 'promotions']) losePod('shop', name)(operator);
    for (let step = 0; step < 12; step++) {
      clock.advance(15_000);
      expect(heldIn(INCIDENT_DETECTORS, shop, since).map(told)).toEqual([]);
    }
  });

  it.each(Object.entries(SHOWN))('%s is found, and its root is named', (name, { minutes, object, by }) => {
    const incident = INCIDENTS.find((one) => one.name === name);
    if (incident === undefined) throw new Error('there is no such incident');
    incident.break(shop.sandbox.operator);
    shop.minutes(minutes);
    const found = heldIn(INCIDENT_DETECTORS, shop);
    const naming = found.filter((one) => one.object === object).map(({ detector }) => detector);
    expect(naming, found.map(told).join('\n')).toContain(by);
    incident.heal(shop.sandbox.operator);
    shop.minutes(20);
    expect(heldIn(INCIDENT_DETECTORS, shop).map(told)).toEqual([]);
  });
});
