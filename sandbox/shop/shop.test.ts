import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../types.ts';
import { SHOP } from './shop.ts';
import { createShop } from './shop-under-test.ts';

describe('the shop', () => {
  const shop = createShop();
  const { operator, clock } = shop.sandbox;
  const start = clock.now();

  it('is up and well from the first moment, with no complaint from its past', () => {
    expect(shop.troubles(0)).toEqual([]);
    expect(shop.failures).toEqual([]);
  });

  it('has about forty workloads in its namespaces, on six nodes', () => {
    const count = (resource: string, namespace?: string) => operator.list(resource, namespace).length;
    expect(count('nodes')).toBe(6);
    const workloads = ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps', 'cronjobs.batch'];
    const inNamespace = (namespace: string) => workloads.reduce((sum, resource) => sum + count(resource, namespace), 0);
    expect(['shop', 'data', 'platform', 'kube-system'].map(inNamespace)).toEqual([24, 12, 11, 4]);
  });

  it('has things of all kinds that people look for', () => {
    const some = (resource: string) => operator.list(resource).length > 0;
    const missing = [
      ...['ingresses.networking.k8s.io', 'ingressclasses.networking.k8s.io', 'networkpolicies.networking.k8s.io'],
      ...['horizontalpodautoscalers.autoscaling', 'poddisruptionbudgets.policy', 'resourcequotas', 'limitranges'],
      ...['persistentvolumeclaims', 'persistentvolumes', 'storageclasses.storage.k8s.io', 'secrets', 'configmaps'],
      ...['promotions.shop.k8s-mcp.dev', 'certificates.certs.k8s-mcp.dev', 'jobs.batch', 'cronjobs.batch'],
      ...['validatingwebhookconfigurations.admissionregistration.k8s.io', 'priorityclasses.scheduling.k8s.io'],
      ...['roles.rbac.authorization.k8s.io', 'rolebindings.rbac.authorization.k8s.io', 'serviceaccounts'],
    ].filter((resource) => !some(resource));
    expect(missing).toEqual([]);
  });

  it('has grown over three weeks: what is beneath is older than what stands on it', () => {
    const days = (resource: string, namespace: string, name: string) => {
      const { creationTimestamp } = operator.get(resource, namespace, name)?.metadata ?? {};
      return Math.floor((start - Date.parse(creationTimestamp ?? '')) / 86_400_000);
    };
    expect([
      days('nodes', '', 'worker-1'),
      days('statefulsets.apps', 'platform', 'prometheus'),
      days('statefulsets.apps', 'data', 'orders-db'),
      days('deployments.apps', 'shop', 'payments'),
      days('deployments.apps', 'shop', 'storefront'),
    ]).toEqual([22, 10, 4, 1, 0]);
  });

  it('spreads its pods over all workers', () => {
    const nodes = operator.list<KubeObject & { spec: { nodeName: string } }>('pods').map(({ spec }) => spec.nodeName);
    expect([...new Set(nodes)].sort()).toEqual(['control-1', ...[1, 2, 3, 4, 5].map((index) => `worker-${index}`)]);
  });

  it('lets three users in, the first one the administrator in the namespace of the shop', () => {
    expect(SHOP.users.map(({ context, namespace }) => `${context} in ${namespace}`)).toEqual([
      'sandbox in shop',
      'sandbox-viewer in shop',
      'sandbox-developer in shop',
    ]);
  });

  it('stays well for an hour, with no event of Warning and no restart', () => {
    shop.minutes(60);
    expect(shop.troubles(0)).toEqual([]);
    expect(shop.failures).toEqual([]);
    const restarts = operator
      .list<KubeObject & { status: { containerStatuses: { restartCount: number }[] } }>('pods')
      .flatMap(({ status }) => status.containerStatuses.map(({ restartCount }) => restartCount));
    expect(Math.max(...restarts)).toBe(0);
  });
});
