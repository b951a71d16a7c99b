/** Namespaces, ConfigMaps, Secrets, ServiceAccounts and the roles of those. */
import type { App } from '../plan/types.ts';
import type { Recipe } from '../stamp/bodies.ts';
import { draw, hexWord, longHex, timeText } from '../stamp/texts.ts';
import { managed } from './managed-fields.ts';
import { metadata } from './meta.ts';
import {
  CONFIG_KEYS,
  commonLabels,
  configName,
  PULL_SECRET,
  portOf,
  runtimeOf,
  SECRET_KEYS,
  SHARED_CONFIG,
  secretName,
} from './pod-spec.ts';

/** What there is one of in each namespace. */
export interface OfNamespace {
  namespace: string;
  product: string;
  environment: string;
  uid: string;
  created: number;
}

/** What there is one of for a workload. */
export interface OfApp {
  app: App;
  uid: string;
}

const namespaceLabels = ({ namespace, product, environment }: OfNamespace) => ({
  environment,
  'kubernetes.io/metadata.name': namespace,
  product,
});

export const NAMESPACE: Recipe<OfNamespace> = {
  resource: 'namespaces',
  identity: (source) => ({ namespace: '', name: source.namespace, uid: source.uid, labels: namespaceLabels(source) }),
  field: (_, path) => (path === 'status.phase' ? 'Active' : undefined),
  make(source, revision) {
    const labels = namespaceLabels(source);
    const created = timeText(source.created);
    return {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: metadata({
        name: source.namespace,
        uid: source.uid,
        revision,
        created,
        labels,
        managedFields: [managed('terraform', 'v1', created, { metadata: { labels } })],
      }),
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    };
  },
};

const NO_LABELS: Readonly<Record<string, string>> = Object.freeze({});

interface Content {
  kind: 'ConfigMap' | 'Secret' | 'ServiceAccount';
  name: string;
  manager: string;
  members: Record<string, unknown>;
}

function content(source: OfNamespace, revision: number, { kind, name, manager, members }: Content) {
  const created = timeText(source.created);
  return {
    apiVersion: 'v1',
    kind,
    metadata: metadata({
      name,
      namespace: source.namespace,
      uid: source.uid,
      revision,
      created,
      managedFields: [managed(manager, 'v1', created, members)],
    }),
    ...members,
  };
}

const ofNamespace =
  (name: string) =>
  ({ namespace, uid }: OfNamespace) => ({ namespace, name, uid, labels: NO_LABELS });

/** Not a certificate that anything could be checked with. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----\n${Array.from({ length: 17 }, (_, line) => longHex(line, line, 3)).join('\n')}\n-----END CERTIFICATE-----\n`;

export const ROOT_CERTIFICATE: Recipe<OfNamespace> = {
  resource: 'configmaps',
  identity: ofNamespace('kube-root-ca.crt'),
  make: (source, revision) =>
    content(source, revision, {
      kind: 'ConfigMap',
      name: 'kube-root-ca.crt',
      manager: 'kube-controller-manager',
      members: { data: { 'ca.crt': CERTIFICATE } },
    }),
};

export const SHARED_SETTINGS: Recipe<OfNamespace> = {
  resource: 'configmaps',
  identity: ofNamespace(SHARED_CONFIG),
  make: (source, revision) =>
    content(source, revision, {
      kind: 'ConfigMap',
      name: SHARED_CONFIG,
      manager: 'helm',
      members: {
        data: {
          CLUSTER_DOMAIN: 'cluster.local',
          ENVIRONMENT: source.environment,
          EVENT_BUS: `kafka-bootstrap.${source.product}-prod.svc:9092`,
          REGION: 'eu-central-1',
        },
      },
    }),
};

const base64 = (text: string) => Buffer.from(text).toString('base64');

export const REGISTRY_SECRET: Recipe<OfNamespace> = {
  resource: 'secrets',
  identity: ofNamespace(PULL_SECRET),
  field: (_, path) => (path === 'type' ? 'kubernetes.io/dockerconfigjson' : undefined),
  make: (source, revision) =>
    content(source, revision, {
      kind: 'Secret',
      name: PULL_SECRET,
      manager: 'external-secrets',
      members: {
        data: {
          '.dockerconfigjson': base64(JSON.stringify({ auths: { 'registry.example.com': { auth: 'Z2VuZXJhdGVk' } } })),
        },
        type: 'kubernetes.io/dockerconfigjson',
      },
    }),
};

export const DEFAULT_ACCOUNT: Recipe<OfNamespace> = {
  resource: 'serviceaccounts',
  identity: ofNamespace('default'),
  make: (source, revision) =>
    content(source, revision, {
      kind: 'ServiceAccount',
      name: 'default',
      manager: 'kube-controller-manager',
      members: {},
    }),
};

function ofApp(
  source: OfApp,
  revision: number,
  apiVersion: string,
  kind: string,
  name: string,
  members: Record<string, unknown>,
) {
  const { app, uid } = source;
  const labels = commonLabels(app);
  const created = timeText(app.created);
  return {
    apiVersion,
    kind,
    metadata: metadata({
      name,
      namespace: app.namespace,
      uid,
      revision,
      created,
      labels,
      managedFields: [managed('helm', apiVersion, created, { metadata: { labels }, ...members })],
    }),
    ...members,
  };
}

const identityOf =
  (nameOf: (app: App) => string) =>
  ({ app, uid }: OfApp) => ({ namespace: app.namespace, name: nameOf(app), uid, labels: commonLabels(app) });

export const CONFIG_MAP: Recipe<OfApp> = {
  resource: 'configmaps',
  identity: identityOf(configName),
  make: (source, revision) =>
    ofApp(source, revision, 'v1', 'ConfigMap', configName(source.app), { data: settingsOf(source.app) }),
};

function settingsOf(app: App): Record<string, string> {
  const [level = '', address = '', timeout = '', ttl = '', flags = ''] = CONFIG_KEYS;
  const file = [
    `name: ${app.name}`,
    `environment: ${app.environment}`,
    'server:',
    `  port: ${portOf(app)}`,
    '  metricsPort: 9090',
    'pools:',
    ...Array.from(
      { length: 4 + (app.look % 12) },
      (_, pool) => `  - name: pool-${pool}\n    size: ${8 + (draw(app.look, pool) % 56)}`,
    ),
  ].join('\n');
  return {
    [ttl]: `${30 + (app.look % 300)}s`,
    [flags]: `release-${app.look % 9},beta-${app.look % 7}`,
    [address]: `0.0.0.0:${portOf(app)}`,
    [level]: app.environment === 'prod' ? 'info' : 'debug',
    [timeout]: `${1 + (app.look % 30)}s`,
    [`${runtimeOf(app)}.yaml`]: `${file}\n`,
  };
}

export const SECRET: Recipe<OfApp> = {
  resource: 'secrets',
  identity: identityOf(secretName),
  field: (_, path) => (path === 'type' ? 'Opaque' : undefined),
  make: (source, revision) => {
    const data = Object.fromEntries(
      [...SECRET_KEYS].sort().map((key, index) => [key, base64(`generated-${hexWord(draw(source.app.look, index))}`)]),
    );
    return ofApp(source, revision, 'v1', 'Secret', secretName(source.app), { data, type: 'Opaque' });
  },
};

export const SERVICE_ACCOUNT: Recipe<OfApp> = {
  resource: 'serviceaccounts',
  identity: identityOf(({ account }) => account),
  make: (source, revision) => ofApp(source, revision, 'v1', 'ServiceAccount', source.app.account, {}),
};

const RBAC = 'rbac.authorization.k8s.io';

export const ROLE: Recipe<OfApp> = {
  resource: `roles.${RBAC}`,
  identity: identityOf(({ name }) => name),
  make: (source, revision) => {
    const { app } = source;
    const rules = [
      { verbs: ['get', 'list', 'watch'], apiGroups: [''], resources: ['configmaps', 'pods', 'endpoints'] },
      ...(app.hasSecret
        ? [{ verbs: ['get'], apiGroups: [''], resources: ['secrets'], resourceNames: [secretName(app)] }]
        : []),
      { verbs: ['get', 'create', 'update'], apiGroups: ['coordination.k8s.io'], resources: ['leases'] },
    ];
    return ofApp(source, revision, `${RBAC}/v1`, 'Role', app.name, { rules });
  },
};

export const ROLE_BINDING: Recipe<OfApp> = {
  resource: `rolebindings.${RBAC}`,
  identity: identityOf(({ name }) => name),
  make: (source, revision) => {
    const { app } = source;
    return ofApp(source, revision, `${RBAC}/v1`, 'RoleBinding', app.name, {
      subjects: [{ kind: 'ServiceAccount', name: app.account, namespace: app.namespace }],
      roleRef: { apiGroup: RBAC, kind: 'Role', name: app.name },
    });
  },
};
