/** The pods that a Job makes. */
import { podFromTemplate } from '../kit/pods.ts';
import type { Container, Pod } from '../kit/shapes.ts';
import { INDEX, isIndexed, type Job, TRACKING } from './shapes.ts';

/** Held by the tracking finalizer until they are counted; an indexed one knows its number. */
export function newPod(job: Job, index: number | undefined): Pod {
  const pod = podFromTemplate(job.spec.template, job);
  pod.metadata.finalizers = [...new Set([...(pod.metadata.finalizers ?? []), TRACKING])];
  if (index === undefined || !isIndexed(job)) return pod;
  const { name } = job.metadata;
  pod.metadata.generateName = `${name}-${index}-`;
  pod.metadata.annotations = { ...pod.metadata.annotations, [INDEX]: String(index) };
  pod.metadata.labels = { ...pod.metadata.labels, [INDEX]: String(index) };
  pod.spec.hostname = `${name}-${index}`;
  pod.spec.containers = pod.spec.containers.map(withIndex);
  if (pod.spec.initContainers !== undefined) pod.spec.initContainers = pod.spec.initContainers.map(withIndex);
  return pod;
}

function withIndex(container: Container): Container {
  const env = container.env ?? [];
  if (env.some(({ name }) => name === 'JOB_COMPLETION_INDEX')) return container;
  const fieldRef = { apiVersion: 'v1', fieldPath: `metadata.labels['${INDEX}']` };
  return { ...container, env: [...env, { name: 'JOB_COMPLETION_INDEX', valueFrom: { fieldRef } }] };
}
