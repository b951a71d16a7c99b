/** What holds for all of the shop's namespace, and its batch work. */
import type { KubeObject } from '../../types.ts';
import { ownImage } from '../build/app.ts';
import { networkPolicy } from '../build/around.ts';
import { type Identity, object, selectorOf } from '../build/meta.ts';
import type { EnvValue, PodPlan } from '../build/pods.ts';
import { cronJob, job } from '../build/workloads.ts';

const SHOP = 'shop';
const named = (name: string) => ({ name, namespace: SHOP });

/** What the namespace may hold in all: a few times what it holds at rest. */
export const QUOTA = {
  'requests.cpu': '40',
  'requests.memory': '48Gi',
  pods: '120',
  services: '40',
  persistentvolumeclaims: '20',
};

export const POLICIES: readonly KubeObject[] = [
  object('v1', 'ResourceQuota', named('shop'), { spec: { hard: QUOTA } }),
  object('v1', 'LimitRange', named('containers'), {
    spec: {
      limits: [
        {
          type: 'Container',
          defaultRequest: { cpu: '50m', memory: '64Mi' },
          default: { memory: '128Mi' },
          max: { memory: '8Gi' },
        },
      ],
    },
  }),
  networkPolicy(named('deny-by-default'), { podSelector: {}, policyTypes: ['Ingress'] }),
  networkPolicy(named('within-the-shop'), {
    podSelector: {},
    policyTypes: ['Ingress'],
    ingress: [{ from: [{ podSelector: {} }] }],
  }),
  networkPolicy(named('from-the-ingress'), {
    podSelector: {
      matchExpressions: [{ key: 'app.kubernetes.io/name', operator: 'In', values: ['storefront', 'gateway', 'media'] }],
    },
    policyTypes: ['Ingress'],
    ingress: [
      {
        from: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'platform' } },
            podSelector: { matchLabels: selectorOf('ingress-controller') },
          },
        ],
        ports: [{ port: 'http' }],
      },
    ],
  }),
];

const identity = (name: string): Identity => ({ name, component: 'batch', partOf: 'shop', version: '1.8.0' });

const batch = (args: readonly string[], env: Readonly<Record<string, EnvValue>> = {}): PodPlan => ({
  containers: [{ name: 'run', image: ownImage('toolbox', '1.8.0'), args, env, cpu: '50m', memory: '64Mi' }],
  spec: { priorityClassName: 'shop-batch' },
});

/** Short ones that are over soon. */
export const JOBS: readonly KubeObject[] = [
  job({ ...identity('catalog-migrate-0311'), namespace: SHOP, pod: batch(['migrate', 'catalog', 'up']) }),
  job({
    ...identity('search-reindex'),
    namespace: SHOP,
    pod: batch(['reindex', '--shards', '3']),
    spec: { completions: 3, parallelism: 2 },
  }),
];

export const CRON_JOBS: readonly KubeObject[] = [
  cronJob({ ...identity('cart-cleanup'), namespace: SHOP, schedule: '*/5 * * * *', pod: batch(['cleanup', 'carts']) }),
  cronJob({
    ...identity('sitemap'),
    namespace: SHOP,
    schedule: '20 * * * *',
    pod: batch(['sitemap', '--host', 'www.shop.example']),
  }),
  cronJob({ ...identity('price-import'), namespace: SHOP, schedule: '30 4 * * *', pod: batch(['import', 'prices']) }),
];
