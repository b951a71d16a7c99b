/** What it takes to sell: carts, orders, money, stock, and who is told. */
import type { KubeObject } from '../../types.ts';
import { app, ownImage } from '../build/app.ts';
import { may, mayRead, role, secret } from '../build/around.ts';
import { object } from '../build/meta.ts';
import { databaseUrl } from '../data/databases.ts';

const KAFKA = 'kafka.data.svc:9092';
const SHOP = 'shop';

/** What needs only what is in `data`. */
export const RECORDS: readonly KubeObject[] = [
  ...app({
    name: 'users',
    component: 'accounts',
    version: '6.1.3',
    env: {
      DATABASE_URL: { secret: ['users-secrets', 'database-url'] },
      SESSION_KEY: { secret: ['users-secrets', 'session-key'] },
    },
    secrets: { 'database-url': databaseUrl('users-db', 'users'), 'session-key': 'made-up-for-the-sandbox' },
    budget: { maxUnavailable: 1 },
  }),
  ...app({
    name: 'sessions',
    component: 'accounts',
    version: '2.2.0',
    env: { REDIS_ADDR: 'redis.data.svc:6379', SESSION_TTL: '30m' },
    memory: '48Mi',
  }),
  ...app({
    name: 'cart',
    component: 'buying',
    version: '3.2.8',
    replicas: 3,
    env: { REDIS_ADDR: 'redis.data.svc:6379', CART_TTL: '72h' },
    memory: '48Mi',
  }),
  ...app({
    name: 'orders',
    component: 'buying',
    version: '7.5.1',
    env: { DATABASE_URL: { secret: ['orders-secrets', 'database-url'] }, KAFKA_BROKERS: KAFKA },
    secrets: { 'database-url': databaseUrl('orders-db', 'orders') },
    init: [
      {
        name: 'migrate',
        image: ownImage('toolbox', '1.8.0'),
        args: ['migrate', 'orders', 'up'],
        env: { DATABASE_URL: { secret: ['orders-secrets', 'database-url'] } },
        cpu: '50m',
        memory: '64Mi',
      },
    ],
  }),
  ...app({
    name: 'payments',
    component: 'buying',
    version: '4.8.0',
    env: {
      DATABASE_URL: { secret: ['payments-secrets', 'database-url'] },
      PROVIDER_URL: 'https://api.payments.example',
      PROVIDER_KEY: { secret: ['payments-secrets', 'provider-key'] },
    },
    secrets: { 'database-url': databaseUrl('payments-db', 'payments'), 'provider-key': 'made-up-for-the-sandbox' },
    budget: { minAvailable: 1 },
  }),
  ...app({
    name: 'inventory',
    component: 'buying',
    version: '2.9.5',
    env: { DATABASE_URL: { secret: ['inventory-secrets', 'database-url'] }, KAFKA_BROKERS: KAFKA },
    secrets: { 'database-url': databaseUrl('catalog-db', 'stock') },
    cpu: '250m',
  }),
  ...app({
    name: 'shipping',
    component: 'buying',
    version: '1.12.0',
    replicas: 1,
    config: { CARRIERS: 'north,post,bike' },
  }),
  secret(
    { name: 'partner-registry', namespace: SHOP },
    { '.dockerconfigjson': '{"auths":{"registry.partner.example":{"auth":""}}}' },
    'kubernetes.io/dockerconfigjson',
  ),
  ...app({
    name: 'fraud-check',
    component: 'buying',
    version: '5.0.2',
    image: 'registry.partner.example/risk/fraud-check:5.0.2',
    replicas: 1,
    pullPolicy: 'Always',
    podSpec: { imagePullSecrets: [{ name: 'partner-registry' }] },
  }),
  ...app({
    name: 'mailer',
    component: 'messages',
    version: '1.3.0',
    replicas: 1,
    worker: true,
    env: { AMQP_URL: 'amqp://rabbitmq.data.svc:5672' },
  }),
];

export const BUYING: readonly KubeObject[] = [
  ...app({
    name: 'checkout',
    component: 'buying',
    version: '9.4.2',
    replicas: 3,
    env: {
      CART_ADDR: 'cart.shop.svc:8080',
      ORDERS_ADDR: 'orders.shop.svc:8080',
      PAYMENTS_ADDR: 'payments.shop.svc:8080',
      INVENTORY_ADDR: 'inventory.shop.svc:8080',
      SHIPPING_ADDR: 'shipping.shop.svc:8080',
    },
    cpu: '150m',
    memory: '128Mi',
    memoryLimit: '256Mi',
    priority: 'shop-edge',
    budget: { minAvailable: 2 },
  }),
  ...app({
    name: 'order-worker',
    component: 'buying',
    version: '7.5.1',
    worker: true,
    env: { KAFKA_BROKERS: KAFKA, ORDERS_ADDR: 'orders.shop.svc:8080', INVENTORY_ADDR: 'inventory.shop.svc:8080' },
    podSpec: { nodeSelector: { 'shop.k8s-mcp.dev/pool': 'burst' } },
  }),
  ...app({
    name: 'notifications',
    component: 'messages',
    version: '2.0.6',
    worker: true,
    env: { AMQP_URL: 'amqp://rabbitmq.data.svc:5672', USERS_ADDR: 'users.shop.svc:8080' },
  }),
  ...app({
    name: 'promotions',
    component: 'operators',
    version: '0.7.3',
    replicas: 1,
    worker: true,
    env: { PRICING_ADDR: 'pricing.shop.svc:8080' },
    podSpec: { automountServiceAccountToken: true },
  }),
  ...role({ name: 'promotions', namespace: SHOP }, [
    mayRead('shop.k8s-mcp.dev', 'promotions'),
    may(['update', 'patch'], 'shop.k8s-mcp.dev', 'promotions'),
    may(['create', 'patch'], '', 'events'),
  ]),
  promotion('autumn-sale', 20, ['outdoor', 'garden'], { phase: 'Running', redemptions: 418 }, { code: 'AUTUMN20' }),
  promotion('first-order', 10, ['all'], { phase: 'Running', redemptions: 2210 }, { code: 'WELCOME', combinable: true }),
  promotion(
    'winter-sale',
    30,
    ['outdoor', 'shoes'],
    { phase: 'Planned', redemptions: 0 },
    { from: '2026-12-27T00:00:00Z' },
  ),
];

function promotion(
  name: string,
  percentOff: number,
  categories: readonly string[],
  status: Record<string, unknown>,
  more: Record<string, unknown>,
): KubeObject {
  return object(
    'shop.k8s-mcp.dev/v1',
    'Promotion',
    { name, namespace: SHOP },
    {
      spec: { percentOff, categories, ...more },
      status,
    },
  );
}
