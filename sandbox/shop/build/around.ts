/** What stands around workloads: Services, configuration, budgets, autoscalers, rights. */
import type { KubeObject } from '../../types.ts';
import { type Named, object, selectorOf } from './meta.ts';

interface ServicePlan extends Named {
  /** Whose pods; its own name unless told. */
  of?: string;
  ports: Readonly<Record<string, number | { port: number; targetPort: number | string; protocol?: 'UDP' }>>;
  spec?: Record<string, unknown>;
}

/** Each port goes to the container port of the same name. */
export function service({ of, ports, spec = {}, ...meta }: ServicePlan): KubeObject {
  const entries = Object.entries(ports).map(([name, port]) => ({
    name,
    ...(typeof port === 'number' ? { port, targetPort: name } : port),
  }));
  return object('v1', 'Service', meta, { spec: { selector: selectorOf(of ?? meta.name), ports: entries, ...spec } });
}

/** One that only gives names to a StatefulSet's pods. */
export const headless = (plan: ServicePlan): KubeObject =>
  service({ ...plan, spec: { clusterIP: 'None', publishNotReadyAddresses: true, ...plan.spec } });

export const configMap = (meta: Named, data: Record<string, string>): KubeObject =>
  object('v1', 'ConfigMap', meta, { data });

/** Nothing in it is worth anything: all of it is made up for this world. */
export function secret(meta: Named, values: Readonly<Record<string, string>>, type = 'Opaque'): KubeObject {
  const data = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  );
  return object('v1', 'Secret', meta, { type, data });
}

export const tlsSecret = (meta: Named, host: string): KubeObject =>
  secret(
    meta,
    { 'tls.crt': `stands for the certificate of ${host}\n`, 'tls.key': `stands for the key of ${host}\n` },
    'kubernetes.io/tls',
  );

export const serviceAccount = (meta: Named, rest: Record<string, unknown> = {}): KubeObject =>
  object('v1', 'ServiceAccount', meta, rest);

export interface Rule {
  apiGroups: readonly string[];
  resources: readonly string[];
  verbs: readonly string[];
}

const READ = ['get', 'list', 'watch'];

export const mayRead = (group: string, ...resources: string[]): Rule => ({
  apiGroups: [group],
  resources,
  verbs: READ,
});

export const may = (verbs: readonly string[], group: string, ...resources: string[]): Rule => ({
  apiGroups: [group],
  resources,
  verbs,
});

/** A Role of that name and its binding to the ServiceAccount of the same name. */
export function role(meta: Named, rules: readonly Rule[]): KubeObject[] {
  return [
    object('rbac.authorization.k8s.io/v1', 'Role', meta, { rules }),
    object('rbac.authorization.k8s.io/v1', 'RoleBinding', meta, bindingOf('Role', meta, meta.namespace)),
  ];
}

/** As `role`, over the whole cluster; `meta.namespace` is that of the ServiceAccount. */
export function clusterRole(meta: Named, rules: readonly Rule[]): KubeObject[] {
  const whole = { ...meta, namespace: '' };
  return [
    object('rbac.authorization.k8s.io/v1', 'ClusterRole', whole, { rules }),
    object('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', whole, bindingOf('ClusterRole', meta, meta.namespace)),
  ];
}

const bindingOf = (kind: string, { name }: Named, namespace: string) => ({
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name },
  subjects: [{ kind: 'ServiceAccount', name, namespace }],
});

export const budget = (
  meta: Named,
  limits: { minAvailable?: number | string; maxUnavailable?: number | string },
): KubeObject =>
  object('policy/v1', 'PodDisruptionBudget', meta, {
    spec: { ...limits, selector: { matchLabels: selectorOf(meta.name) } },
  });

/** Follows the CPU that the Deployment of the same name uses, in percent of what it asks for. */
export const autoscaler = (meta: Named, limits: { min: number; max: number; cpu: number }): KubeObject =>
  object('autoscaling/v2', 'HorizontalPodAutoscaler', meta, {
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: meta.name },
      minReplicas: limits.min,
      maxReplicas: limits.max,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: limits.cpu } },
        },
      ],
    },
  });

export interface IngressRule {
  path: string;
  service: string;
  port: string;
}

export const ingress = (meta: Named, host: string, tlsSecretName: string, rules: readonly IngressRule[]): KubeObject =>
  object('networking.k8s.io/v1', 'Ingress', meta, {
    spec: {
      ingressClassName: 'public',
      tls: [{ hosts: [host], secretName: tlsSecretName }],
      rules: [
        {
          host,
          http: {
            paths: rules.map(({ path, service: name, port }) => ({
              path,
              pathType: 'Prefix',
              backend: { service: { name, port: { name: port } } },
            })),
          },
        },
      ],
    },
  });

export const networkPolicy = (meta: Named, spec: Record<string, unknown>): KubeObject =>
  object('networking.k8s.io/v1', 'NetworkPolicy', meta, { spec });
