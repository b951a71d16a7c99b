/** What makes pods: Deployments, StatefulSets, DaemonSets, Jobs and CronJobs. */
import type { KubeObject } from '../../types.ts';
import { type Identity, labelsOf, object, selectorOf } from './meta.ts';
import { type PodPlan, template } from './pods.ts';

export interface WorkloadPlan extends Identity {
  namespace: string;
  pod: PodPlan;
  replicas?: number;
  annotations?: Record<string, string>;
  /** Further fields of its own spec. */
  spec?: Record<string, unknown>;
}

const meta = (plan: WorkloadPlan) => ({
  name: plan.name,
  namespace: plan.namespace,
  labels: labelsOf(plan),
  ...(plan.annotations === undefined ? {} : { annotations: plan.annotations }),
});
const selected = (plan: WorkloadPlan) => ({
  selector: { matchLabels: selectorOf(plan.name) },
  template: template(plan, plan.pod),
});

export function deployment(plan: WorkloadPlan): KubeObject {
  const spec = { replicas: plan.replicas ?? 1, ...selected(plan), ...plan.spec };
  return object('apps/v1', 'Deployment', meta(plan), { spec });
}

export function daemonSet(plan: WorkloadPlan): KubeObject {
  return object('apps/v1', 'DaemonSet', meta(plan), { spec: { ...selected(plan), ...plan.spec } });
}

/** With one volume `data` of `storage` for each of its pods. */
export function statefulSet(plan: WorkloadPlan & { storage: string }): KubeObject {
  const claim = {
    metadata: { name: 'data', labels: selectorOf(plan.name) },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: plan.storage } } },
  };
  const spec = {
    replicas: plan.replicas ?? 1,
    serviceName: `${plan.name}-nodes`,
    ...selected(plan),
    volumeClaimTemplates: [claim],
    ...plan.spec,
  };
  return object('apps/v1', 'StatefulSet', meta(plan), { spec });
}

function jobSpec(plan: WorkloadPlan): Record<string, unknown> {
  const pod = { ...plan.pod, spec: { restartPolicy: 'Never', ...plan.pod.spec } };
  return { backoffLimit: 3, ...plan.spec, template: template(plan, pod) };
}

export function job(plan: WorkloadPlan): KubeObject {
  return object('batch/v1', 'Job', meta(plan), { spec: jobSpec(plan) });
}

export function cronJob(plan: WorkloadPlan & { schedule: string; cron?: Record<string, unknown> }): KubeObject {
  const spec = {
    schedule: plan.schedule,
    concurrencyPolicy: 'Forbid',
    successfulJobsHistoryLimit: 2,
    failedJobsHistoryLimit: 1,
    ...plan.cron,
    jobTemplate: { metadata: { labels: labelsOf(plan) }, spec: jobSpec(plan) },
  };
  return object('batch/v1', 'CronJob', meta(plan), { spec });
}
