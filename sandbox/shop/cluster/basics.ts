/** Namespaces, priorities, storage and the classes that others name. */

import type { KubeObject } from '../../types.ts';
import { PUBLISH_SERVICE } from '../../world/controllers/ingress-address.ts';
import { object } from '../build/meta.ts';

const whole = (name: string, labels?: Record<string, string>, annotations?: Record<string, string>) => ({
  name,
  namespace: '',
  ...(labels === undefined ? {} : { labels }),
  ...(annotations === undefined ? {} : { annotations }),
});

const namespace = (name: string, team: string, level: string): KubeObject =>
  object('v1', 'Namespace', whole(name, { team, 'pod-security.kubernetes.io/warn': level }));

const priority = (name: string, value: number, description: string, rest: Record<string, unknown> = {}): KubeObject =>
  object('scheduling.k8s.io/v1', 'PriorityClass', whole(name), { value, description, ...rest });

const DEFAULT_CLASS = { 'storageclass.kubernetes.io/is-default-class': 'true' };

const storage = (name: string, reclaimPolicy: string, annotations: Record<string, string>): KubeObject =>
  object('storage.k8s.io/v1', 'StorageClass', whole(name, undefined, annotations), {
    provisioner: 'disk.sandbox.k8s-mcp.dev',
    reclaimPolicy,
    allowVolumeExpansion: true,
    volumeBindingMode: 'WaitForFirstConsumer',
  });

export const BASICS: readonly KubeObject[] = [
  namespace('shop', 'storefront', 'baseline'),
  namespace('data', 'data', 'baseline'),
  namespace('platform', 'platform', 'privileged'),
  priority('shop-edge', 100_000, 'What customers meet first.'),
  priority('shop-standard', 50_000, 'The services of the shop.', { globalDefault: true }),
  priority('shop-batch', 1_000, 'Work that can wait.', { preemptionPolicy: 'Never' }),
  priority('data-critical', 200_000, 'Databases and queues.'),
  storage('standard', 'Delete', DEFAULT_CLASS),
  storage('retained', 'Retain', {}),
  object(
    'networking.k8s.io/v1',
    'IngressClass',
    whole('public', undefined, {
      'ingressclass.kubernetes.io/is-default-class': 'true',
      [PUBLISH_SERVICE]: 'platform/ingress-controller',
    }),
    {
      spec: { controller: 'k8s.io/ingress-nginx' },
    },
  ),
];
