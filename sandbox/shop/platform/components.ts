/** How the parts of the platform are made: a Deployment or DaemonSet with its account and Service. */
import type { KubeObject } from '../../types.ts';
import { service, serviceAccount } from '../build/around.ts';
import { labelsOf } from '../build/meta.ts';
import type { ContainerPlan } from '../build/pods.ts';
import { daemonSet, deployment, statefulSet } from '../build/workloads.ts';

interface ComponentPlan extends Omit<ContainerPlan, 'name'> {
  name: string;
  component: string;
  version: string;
  kind?: 'Deployment' | 'DaemonSet' | 'StatefulSet';
  replicas?: number;
  storage?: string;
  volumes?: Readonly<Record<string, object>>;
  /** Ports of its Service, by the names of those of its container. */
  serves?: Readonly<Record<string, number>>;
  serviceSpec?: Record<string, unknown>;
  podSpec?: Record<string, unknown>;
}

export const PLATFORM = 'platform';

export const platformMeta = (name: string, component = 'platform') => ({
  name,
  namespace: PLATFORM,
  labels: labelsOf({ name, component, partOf: 'platform' }),
});

export function component(plan: ComponentPlan): KubeObject[] {
  const {
    name,
    component: role,
    version,
    kind = 'Deployment',
    replicas,
    storage,
    volumes = {},
    serves,
    serviceSpec,
    podSpec,
    ...main
  } = plan;
  const meta = platformMeta(name, role);
  const workload = {
    name,
    component: role,
    version,
    partOf: 'platform',
    namespace: PLATFORM,
    pod: { containers: [{ ...main, name }], volumes, spec: { serviceAccountName: name, ...podSpec } },
    ...(replicas === undefined ? {} : { replicas }),
  };
  const made = {
    Deployment: deployment,
    DaemonSet: daemonSet,
    StatefulSet: (all: typeof workload) => statefulSet({ ...all, storage: storage ?? '10Gi' }),
  };
  return [
    serviceAccount(meta),
    made[kind](workload),
    ...(serves === undefined
      ? []
      : [service({ ...meta, ports: serves, ...(serviceSpec === undefined ? {} : { spec: serviceSpec }) })]),
  ];
}
