/** What customers and their apps meet: the pages, the gateway, and the services that they browse with. */

import type { KubeObject } from '../../types.ts';
import { app } from '../build/app.ts';
import { ingress, tlsSecret } from '../build/around.ts';
import { databaseUrl } from '../data/databases.ts';

const shopMeta = (name: string) => ({ name, namespace: 'shop' });

/** What needs no other service of the shop. */
export const BROWSING: readonly KubeObject[] = [
  ...app({
    name: 'catalog',
    component: 'browsing',
    version: '3.11.2',
    replicas: 3,
    env: { DATABASE_URL: { secret: ['catalog-secrets', 'database-url'] }, CACHE_ADDR: 'redis.data.svc:6379' },
    secrets: { 'database-url': databaseUrl('catalog-db', 'catalog') },
    config: { PAGE_SIZE: '48', CURRENCY: 'EUR' },
    spec: { progressDeadlineSeconds: 180 },
    budget: { maxUnavailable: 1 },
  }),
  ...app({
    name: 'search',
    component: 'browsing',
    version: '2.6.0',
    env: { INDEX_URL: 'http://search-index.data.svc:9200' },
    cpu: '150m',
    memory: '256Mi',
    memoryLimit: '512Mi',
  }),
  ...app({
    name: 'reviews',
    component: 'browsing',
    version: '1.9.4',
    env: { DATABASE_URL: { secret: ['reviews-secrets', 'database-url'] } },
    secrets: { 'database-url': databaseUrl('catalog-db', 'catalog') },
  }),
  ...app({
    name: 'pricing',
    component: 'browsing',
    version: '4.0.7',
    config: { ROUNDING: 'half-even', VAT_DEFAULT: '0.25' },
    env: { CACHE_ADDR: 'redis.data.svc:6379' },
  }),
  ...app({
    name: 'media',
    component: 'browsing',
    version: '1.4.1',
    env: { BUCKET: 's3://shop-media' },
    cpu: '150m',
    memory: '192Mi',
    memoryLimit: '384Mi',
    volumes: { scratch: { emptyDir: { sizeLimit: '2Gi' } } },
    mounts: { scratch: '/scratch' },
  }),
];

export const EDGE: readonly KubeObject[] = [
  ...app({
    name: 'recommendations',
    component: 'browsing',
    version: '2.14.0',
    env: { CATALOG_ADDR: 'catalog.shop.svc:8080', CACHE_ADDR: 'redis.data.svc:6379' },
    cpu: '200m',
    memory: '320Mi',
    memoryLimit: '640Mi',
  }),
  ...app({
    name: 'gateway',
    component: 'edge',
    version: '5.3.0',
    replicas: 3,
    env: {
      CATALOG_ADDR: 'catalog.shop.svc:8080',
      // Without these it goes on with less: it does not wait for them to be ready.
      SEARCH_BACKEND: 'search.shop.svc:8080',
      CART_BACKEND: 'cart.shop.svc:8080',
      CHECKOUT_BACKEND: 'checkout.shop.svc:8080',
      USERS_BACKEND: 'users.shop.svc:8080',
    },
    cpu: '200m',
    memory: '128Mi',
    memoryLimit: '256Mi',
    priority: 'shop-edge',
    volumes: { tls: { secret: { secretName: 'gateway-tls' } } },
    mounts: { tls: '/etc/gateway/tls' },
    autoscale: { min: 3, max: 8, cpu: 70 },
    budget: { minAvailable: 2 },
  }),
  ...app({
    name: 'storefront',
    component: 'edge',
    version: '8.20.1',
    replicas: 3,
    env: { GATEWAY_ADDR: 'gateway.shop.svc:8080', ASSETS_HOST: 'assets.shop.example' },
    config: { THEME: 'autumn', FEATURE_WISHLIST: 'on' },
    cpu: '200m',
    memory: '160Mi',
    memoryLimit: '320Mi',
    priority: 'shop-edge',
    autoscale: { min: 3, max: 10, cpu: 60 },
    budget: { minAvailable: 2 },
  }),
  tlsSecret(shopMeta('gateway-tls'), 'gateway.shop.svc'),
  tlsSecret(shopMeta('storefront-tls'), 'www.shop.example'),
  tlsSecret(shopMeta('api-tls'), 'api.shop.example'),
  ingress(shopMeta('storefront'), 'www.shop.example', 'storefront-tls', [
    { path: '/media', service: 'media', port: 'http' },
    { path: '/', service: 'storefront', port: 'http' },
  ]),
  ingress(shopMeta('api'), 'api.shop.example', 'api-tls', [{ path: '/', service: 'gateway', port: 'http' }]),
];
