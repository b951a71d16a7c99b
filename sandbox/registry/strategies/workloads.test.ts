import { describe, expect, it } from 'vitest';
import { created, createFindings, updateFindings } from './test-objects.ts';

const template = (labels: object, spec: object = {}) => ({
  metadata: { labels },
  spec: { containers: [{ name: 'app', image: 'shop/api:2' }], ...spec },
});
const workload = (kind: string, spec: object, apiVersion = 'apps/v1') => ({
  apiVersion,
  kind,
  metadata: { name: 'api', namespace: 'shop' },
  spec,
});
const matching = { selector: { matchLabels: { app: 'api' } }, template: template({ app: 'api' }) };

describe('defaults of workloads', () => {
  it('a Deployment rolls a quarter at a time, and has an empty status', () => {
    const made = created('deployments.apps', workload('Deployment', matching));
    expect(made['spec']).toMatchObject({
      replicas: 1,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
    });
    expect(made['status']).toEqual({});
  });

  it.each([
    ['replicasets.apps', 'ReplicaSet', { replicas: 0 }],
    ['statefulsets.apps', 'StatefulSet', { replicas: 0, availableReplicas: 0 }],
    [
      'daemonsets.apps',
      'DaemonSet',
      { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
    ],
  ])('the status of a new object of %s is what Go always writes', (resource, kind, status) => {
    expect(created(resource, workload(kind, matching))['status']).toEqual(status);
  });

  it("a Job knows its pods by labels made from its uid, and takes its template's labels", () => {
    const job = workload('Job', { template: { spec: { restartPolicy: 'Never', containers: [] } } }, 'batch/v1');
    const made = created('jobs.batch', job);
    const labels = {
      'batch.kubernetes.io/controller-uid': 'uid-1',
      'batch.kubernetes.io/job-name': 'api',
      'controller-uid': 'uid-1',
      'job-name': 'api',
    };
    expect(made.metadata.labels).toEqual(labels);
    expect(made['spec']).toMatchObject({
      parallelism: 1,
      completions: 1,
      backoffLimit: 6,
      completionMode: 'NonIndexed',
      suspend: false,
      selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': 'uid-1' } },
      template: { metadata: { labels } },
    });
  });

  it('a DaemonSet counts its templates in an annotation', () => {
    expect(created('daemonsets.apps', workload('DaemonSet', matching)).metadata.annotations).toEqual({
      'deprecated.daemonset.template.generation': '1',
    });
  });
});

describe('findings about workloads', () => {
  it.each<[string, string, object, string[]]>([
    [
      'deployments.apps',
      'Deployment',
      { ...matching, replicas: -2 },
      ['spec.replicas: Invalid value: -2: must be greater than or equal to 0'],
    ],
    [
      'deployments.apps',
      'Deployment',
      { ...matching, template: template({ app: 'x' }) },
      ['spec.template.metadata.labels: Invalid value: {"app":"x"}: `selector` does not match template `labels`'],
    ],
    [
      'deployments.apps',
      'Deployment',
      { template: template({ app: 'x' }) },
      [
        'spec.selector: Required value',
        'spec.template.metadata.labels: Invalid value: {"app":"x"}: `selector` does not match template `labels`',
      ],
    ],
    [
      'deployments.apps',
      'Deployment',
      { ...matching, template: template({ app: 'api' }, { restartPolicy: 'Never' }) },
      ['spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'],
    ],
    [
      'statefulsets.apps',
      'StatefulSet',
      { ...matching, podManagementPolicy: 'Slow' },
      [`spec.podManagementPolicy: Invalid value: "Slow": must be 'OrderedReady' or 'Parallel'`],
    ],
    [
      'daemonsets.apps',
      'DaemonSet',
      { ...matching, updateStrategy: { rollingUpdate: { maxUnavailable: 0 } } },
      ['spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0'],
    ],
    [
      'jobs.batch',
      'Job',
      { template: template({}) },
      ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
    ],
    [
      'cronjobs.batch',
      'CronJob',
      { schedule: '61 * * * *', jobTemplate: { spec: { template: template({}, { restartPolicy: 'Never' }) } } },
      ['spec.schedule: Invalid value: "61 * * * *": end of range (61) above maximum (59): 61'],
    ],
  ])('%s: %s %j', (resource, kind, spec, expected) => {
    expect(createFindings(resource, workload(kind, spec))).toEqual(expected);
  });

  it('the selector of a Deployment stays', () => {
    const both = { ...matching, template: template({ app: 'api', tier: 'web' }) };
    const change = (now: { spec?: { selector: object } }) => {
      now.spec!.selector = { matchLabels: { tier: 'web' } };
    };
    expect(updateFindings('deployments.apps', workload('Deployment', both), change)).toEqual([
      'spec.selector: Invalid value: {"matchLabels":{"tier":"web"}}: field is immutable',
    ]);
  });

  it('of a StatefulSet only some fields change', () => {
    const change = (now: { spec?: { serviceName: string } }) => {
      now.spec!.serviceName = 'other';
    };
    expect(updateFindings('statefulsets.apps', workload('StatefulSet', matching), change)).toEqual([
      "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    ]);
  });
});
