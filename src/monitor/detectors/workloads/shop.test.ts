/** Every incident of the shop that concerns pods, workloads, nodes or configuration, and the shop at rest. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { INCIDENTS } from '../../../../sandbox/shop/incidents/index.ts';
import { losePod } from '../../../../sandbox/shop/incidents/kit.ts';
import { createShop, type ShopUnderTest } from '../../../../sandbox/shop/shop-under-test.ts';
import type { KubeObject as SandboxObject } from '../../../../sandbox/types.ts';
import { seenIn as seenBy, told } from '../../../../test/support/shop-detectors.ts';
import { WORKLOAD_DETECTORS } from './index.ts';

interface Templated {
  metadata: { name: string };
  spec: { template: { metadata: { annotations?: Record<string, string> } } };
}

const INCIDENT_DETECTORS = WORKLOAD_DETECTORS.filter((detector) => detector.class === 'incident');

/** Minutes until it shows, and the root that some finding names as its object or its cause. */
const SHOWN: Readonly<Record<string, { minutes: number; root: string; by: string }>> = {
  'crash-loop': { minutes: 3, root: 'Deployment/shop/cart', by: 'crash-loop' },
  'bad-image': { minutes: 2, root: 'Deployment/shop/recommendations', by: 'image-pull' },
  oom: { minutes: 2, root: 'Deployment/shop/media', by: 'oom-killed' },
  'memory-leak': { minutes: 6, root: 'Deployment/shop/sessions', by: 'oom-killed' },
  'liveness-kill': { minutes: 4, root: 'Deployment/shop/search', by: 'liveness-kills' },
  'init-container-failing': { minutes: 3, root: 'Deployment/shop/orders', by: 'init-container-failing' },
  'bad-rollout': { minutes: 5, root: 'Deployment/shop/catalog', by: 'deployment-progress-deadline' },
  'missing-configmap': { minutes: 2, root: 'ConfigMap/shop/pricing-config', by: 'create-container-config-error' },
  'missing-secret-key': { minutes: 2, root: 'Secret/shop/users-secrets', by: 'create-container-config-error' },
  'image-pull-secret-missing': { minutes: 2, root: 'Secret/shop/partner-registry', by: 'image-pull' },
  'tls-secret-missing': { minutes: 2, root: 'Secret/shop/gateway-tls', by: 'mount-failed' },
  'unschedulable-cpu': { minutes: 2, root: 'Deployment/shop/inventory', by: 'unschedulable' },
  'cordoned-pool': { minutes: 2, root: 'Node/worker-4', by: 'unschedulable' },
  'pvc-pending': { minutes: 2, root: 'PersistentVolumeClaim/data/reports', by: 'unschedulable' },
  'statefulset-stuck': { minutes: 3, root: 'StatefulSet/data/kafka', by: 'statefulset-stuck' },
  'job-failing': { minutes: 4, root: 'Job/shop/invoice-export', by: 'job-failed' },
  'cronjob-suspended': { minutes: 25, root: 'CronJob/shop/cart-cleanup', by: 'cronjob' },
  'node-down': { minutes: 3, root: 'Node/worker-3', by: 'node-not-ready' },
  'node-pressure': { minutes: 2, root: 'Node/worker-4', by: 'node-not-ready' },
  'dependency-down': { minutes: 3, root: 'StatefulSet/data/payments-db', by: 'zero-replicas-in-use' },
  'wrong-address': { minutes: 4, root: 'Deployment/shop/notifications', by: 'not-ready' },
  'wrong-probe-port': { minutes: 3, root: 'Deployment/shop/reviews', by: 'not-ready' },
  'quota-exceeded': { minutes: 2, root: 'ResourceQuota/shop/shop', by: 'replica-failure' },
};

const seenIn = (shop: ShopUnderTest, since?: number) => seenBy(INCIDENT_DETECTORS, shop, since);

describe('the shop', () => {
  let shop: ShopUnderTest;
  beforeEach(() => {
    shop = createShop();
  });
  afterEach(() => shop.sandbox.stop());

  it('has no finding at rest', () => {
    expect(
      seenIn(shop)
        .filter(({ held }) => held)
        .map(told),
    ).toEqual([]);
    shop.minutes(30);
    expect(
      seenIn(shop)
        .filter(({ held }) => held)
        .map(told),
    ).toEqual([]);
  });

  it('has none while rollouts go on and pods are replaced', () => {
    const { operator, clock } = shop.sandbox;
    const since = clock.now();
    for (const name of ['storefront', 'cart', 'orders']) {
      operator.modify<SandboxObject & Templated>('deployments.apps', 'shop', name, ({ spec }) => {
        spec.template.metadata.annotations = { ...spec.template.metadata.annotations, restartedAt: String(since) };
      });
    }
    operator.modify<SandboxObject & Templated>('statefulsets.apps', 'data', 'kafka', ({ spec }) => {
      spec.template.metadata.annotations = { ...spec.template.metadata.annotations, restartedAt: String(since) };
    });
    losePod('shop', 'catalog')(operator);
    for (let step = 0; step < 12; step++) {
      clock.advance(15_000);
      expect(
        seenIn(shop, since)
          .filter(({ held }) => held)
          .map(told),
      ).toEqual([]);
    }
  });

  it.each(Object.entries(SHOWN))('%s is found, and its root is named', (name, { minutes, root, by }) => {
    const incident = INCIDENTS.find((one) => one.name === name);
    if (incident === undefined) throw new Error('there is no such incident');
    incident.break(shop.sandbox.operator);
    shop.minutes(minutes);
    const found = seenIn(shop).filter(({ held }) => held);
    const naming = found.filter(({ object, cause }) => (cause ?? object) === root).map(({ detector }) => detector);
    expect(naming, found.map(told).join('\n')).toContain(by);
  });
});
