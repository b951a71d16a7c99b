/** The databases: a StatefulSet of PostgreSQL each with an exporter beside it, and their backups. */
import type { KubeObject } from '../../types.ts';
import { budget, configMap, headless, secret, service, serviceAccount } from '../build/around.ts';
import { ownImage } from '../build/app.ts';
import { type Identity, labelsOf } from '../build/meta.ts';
import { exec, http } from '../build/pods.ts';
import { cronJob, statefulSet } from '../build/workloads.ts';

export const DATA = 'data';

export const dataIdentity = (name: string, component: string, version: string): Identity => ({
  name,
  component,
  version,
  partOf: 'data',
});

export const dataMeta = (name: string, component: string) => ({
  name,
  namespace: DATA,
  labels: labelsOf({ name, component, partOf: 'data' }),
});

interface DatabasePlan {
  name: string;
  database: string;
  storage: string;
  cpu: string;
  memory: string;
  /** When it is backed up: a schedule of cron. */
  backup?: string;
}

const VERSION = '17.6';
const COMPONENT = 'database';
const PASSWORD = 'made-up-for-the-sandbox';

/** Where services of the shop find one. */
export const databaseUrl = (name: string, database: string): string =>
  `postgres://${database}:${PASSWORD}@${name}.${DATA}.svc:5432/${database}`;

function database(plan: DatabasePlan): KubeObject[] {
  const { name, database: base, storage, cpu, memory } = plan;
  const meta = dataMeta(name, COMPONENT);
  return [
    serviceAccount(meta, { automountServiceAccountToken: false }),
    secret({ ...meta, name: `${name}-credentials` }, { username: base, password: PASSWORD }),
    configMap({ ...meta, name: `${name}-config` }, { 'postgresql.conf': 'max_connections = 200\nshared_buffers = 256MB\n' }),
    headless({ ...meta, name: `${name}-nodes`, of: name, ports: { postgres: 5432 } }),
    service({ ...meta, ports: { postgres: 5432, metrics: 9187 } }),
    statefulSet({
      ...dataIdentity(name, COMPONENT, VERSION),
      namespace: DATA,
      storage,
      pod: {
        containers: [
          {
            name: 'postgres',
            image: `docker.io/library/postgres:${VERSION}`,
            ports: { postgres: 5432 },
            env: {
              POSTGRES_DB: base,
              POSTGRES_USER: { secret: [`${name}-credentials`, 'username'] },
              POSTGRES_PASSWORD: { secret: [`${name}-credentials`, 'password'] },
              PGDATA: '/var/lib/postgresql/data/pgdata',
            },
            cpu,
            memory,
            memoryLimit: '1Gi',
            ready: exec(['pg_isready', '-U', base]),
            live: exec(['pg_isready', '-U', base], { initialDelaySeconds: 30, failureThreshold: 6 }),
            mounts: { data: '/var/lib/postgresql/data', config: '/etc/postgresql' },
          },
          {
            name: 'exporter',
            image: 'quay.io/prometheuscommunity/postgres-exporter:v0.18.1',
            ports: { metrics: 9187 },
            env: { DATA_SOURCE_USER: { secret: [`${name}-credentials`, 'username'] } },
            cpu: '20m',
            memory: '32Mi',
            memoryLimit: '64Mi',
            live: http('/healthz', { initialDelaySeconds: 5 }, 'metrics'),
          },
        ],
        volumes: { config: { configMap: { name: `${name}-config` } } },
        spec: { serviceAccountName: name, priorityClassName: 'data-critical', terminationGracePeriodSeconds: 60 },
      },
    }),
    budget(meta, { maxUnavailable: 1 }),
  ];
}

const backupOf = (name: string, base: string, schedule: string): KubeObject =>
  cronJob({
    ...dataIdentity(`${name}-backup`, 'backup', VERSION),
    namespace: DATA,
    schedule,
    pod: {
      containers: [
        {
          name: 'backup',
          image: ownImage('toolbox', '1.8.0'),
          args: ['backup', base, '--to', 's3://shop-backups'],
          env: { PGHOST: `${name}.${DATA}.svc`, PGPASSWORD: { secret: [`${name}-credentials`, 'password'] } },
          cpu: '100m',
          memory: '64Mi',
          memoryLimit: '256Mi',
        },
      ],
      spec: { priorityClassName: 'shop-batch' },
    },
    spec: { backoffLimit: 2, activeDeadlineSeconds: 3600 },
  });

const PLANS: readonly DatabasePlan[] = [
  { name: 'orders-db', database: 'orders', storage: '40Gi', cpu: '400m', memory: '512Mi', backup: '15 */4 * * *' },
  { name: 'payments-db', database: 'payments', storage: '20Gi', cpu: '250m', memory: '384Mi', backup: '45 */4 * * *' },
  { name: 'catalog-db', database: 'catalog', storage: '20Gi', cpu: '250m', memory: '384Mi', backup: '30 */4 * * *' },
  { name: 'users-db', database: 'users', storage: '10Gi', cpu: '200m', memory: '256Mi' },
];

export const DATABASES: readonly KubeObject[] = PLANS.flatMap(database);

export const BACKUPS: readonly KubeObject[] = PLANS.flatMap(({ name, database: base, backup }) =>
  backup === undefined ? [] : [backupOf(name, base, backup)],
);
