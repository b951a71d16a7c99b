/** CronJobs and the runs of them. */
import type { App, Release } from '../plan/types.ts';
import type { Recipe } from '../stamp/bodies.ts';
import { timeText } from '../stamp/texts.ts';
import { managed } from './managed-fields.ts';
import { controlledBy, metadata } from './meta.ts';
import { jobLabels } from './pod.ts';
import { commonLabels, templateAnnotations, templateLabels, templateSpec } from './pod-spec.ts';

const API = 'batch/v1';
const MANAGER = 'kube-controller-manager';

export interface CronJobSource {
  app: App;
  release: Release;
  /** When a run last ended. */
  succeeded: number;
}

export const CRON_JOB: Recipe<CronJobSource> = {
  resource: 'cronjobs.batch',
  identity: ({ app }) => ({ namespace: app.namespace, name: app.name, uid: app.uid, labels: commonLabels(app) }),
  make({ app, release, succeeded }, revision) {
    const spec = {
      schedule: `${app.look % 60} */${1 + (app.look % 12)} * * *`,
      concurrencyPolicy: 'Forbid',
      suspend: false,
      jobTemplate: {
        metadata: { labels: commonLabels(app) },
        spec: {
          backoffLimit: 3,
          template: {
            metadata: { labels: templateLabels(release), annotations: templateAnnotations(release) },
            spec: templateSpec(release),
          },
        },
      },
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    };
    const status = {
      lastScheduleTime: timeText(release.created),
      lastSuccessfulTime: timeText(succeeded),
    };
    return {
      apiVersion: API,
      kind: 'CronJob',
      metadata: metadata({
        name: app.name,
        namespace: app.namespace,
        uid: app.uid,
        revision,
        generation: 1,
        created: timeText(app.created),
        labels: commonLabels(app),
        managedFields: [
          managed('helm', API, timeText(app.created), { metadata: { labels: commonLabels(app) }, spec }),
          managed(MANAGER, API, timeText(release.created), { status }, 'status'),
        ],
      }),
      spec,
      status,
    };
  },
};

export interface JobSource {
  release: Release;
  pods: number;
  /** When the last of them had ended. */
  ended: number | undefined;
}

const labelsOf = (release: Release) => ({ ...templateLabels(release), ...jobLabels(release.name, release.uid) });

export const JOB: Recipe<JobSource> = {
  resource: 'jobs.batch',
  identity: ({ release }) => ({
    namespace: release.app.namespace,
    name: release.name,
    uid: release.uid,
    labels: labelsOf(release),
  }),
  field: ({ pods, ended }, path) => (path === 'status.successful' ? String(ended === undefined ? 0 : pods) : undefined),
  make({ release, pods, ended }, revision) {
    const { app, name, uid, created } = release;
    const labels = labelsOf(release);
    const owners = [controlledBy(API, 'CronJob', app.name, app.uid)];
    const annotations = { 'batch.kubernetes.io/cronjob-scheduled-timestamp': timeText(created) };
    const spec = {
      parallelism: pods,
      completions: pods,
      backoffLimit: 3,
      selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
      template: {
        metadata: { labels, annotations: templateAnnotations(release) },
        spec: templateSpec(release),
      },
      completionMode: 'NonIndexed',
      suspend: false,
      podReplacementPolicy: 'TerminatingOrFailed',
    };
    const endedAt = timeText(ended ?? created);
    const condition = (type: string) => ({
      type,
      status: 'True',
      lastProbeTime: endedAt,
      lastTransitionTime: endedAt,
      reason: 'CompletionsReached',
      message: 'Reached expected number of succeeded pods',
    });
    const status =
      ended !== undefined
        ? {
            conditions: [condition('SuccessCriteriaMet'), condition('Complete')],
            startTime: timeText(created),
            completionTime: endedAt,
            succeeded: pods,
            terminating: 0,
            uncountedTerminatedPods: {},
            ready: 0,
          }
        : { startTime: timeText(created), active: pods, terminating: 0, uncountedTerminatedPods: {}, ready: pods };
    return {
      apiVersion: API,
      kind: 'Job',
      metadata: metadata({
        name,
        namespace: app.namespace,
        uid,
        revision,
        generation: 1,
        created: timeText(created),
        labels,
        annotations,
        owners,
        managedFields: [
          managed(MANAGER, API, timeText(created), {
            metadata: { annotations, labels, ownerReferences: owners },
            spec,
          }),
          managed(MANAGER, API, endedAt, { status }, 'status'),
        ],
      }),
      spec,
      status,
    };
  },
};
