/** Rows of what makes pods. */
import { humanDuration } from '../../src/kernel/text/age.ts';
import { type Now, type Printer, printer } from './column.ts';
import {
  age,
  type Container,
  containerImages,
  containerNames,
  type LabelSelector,
  labelsText,
  NONE,
  selectorText,
  since,
} from './format.ts';

interface Template {
  metadata?: { labels?: Record<string, string> };
  spec: { containers?: readonly Container[]; nodeSelector?: Record<string, string> };
}

interface Replicated {
  spec: { replicas?: number; selector?: LabelSelector; template: Template };
  status?: { replicas?: number; readyReplicas?: number; updatedReplicas?: number; availableReplicas?: number };
}

const WIDE = ['Containers*', 'Images*', 'Selector*'];

const wide = (template: Template | undefined, selector: LabelSelector | undefined) => [
  containerNames(template?.spec.containers),
  containerImages(template?.spec.containers),
  selectorText(selector),
];

const REPLICATED = ['Name', 'Desired:int', 'Current:int', 'Ready:int', 'Age', ...WIDE];

const REPLICA_SETS = printer<Replicated>(REPLICATED, (set, now) => [
  set.metadata.name,
  set.spec.replicas ?? 0,
  set.status?.replicas ?? 0,
  set.status?.readyReplicas ?? 0,
  age(set, now),
  ...wide(set.spec.template, set.spec.selector),
]);

interface ReplicationController {
  spec: { replicas?: number; selector?: Record<string, string>; template?: Template };
  status?: { replicas?: number; readyReplicas?: number };
}

const REPLICATION_CONTROLLERS = printer<ReplicationController>(REPLICATED, (set, now) => [
  set.metadata.name,
  set.spec.replicas ?? 0,
  set.status?.replicas ?? 0,
  set.status?.readyReplicas ?? 0,
  age(set, now),
  containerNames(set.spec.template?.spec.containers),
  containerImages(set.spec.template?.spec.containers),
  labelsText(set.spec.selector),
]);

const DEPLOYMENTS = printer<Replicated>(
  ['Name', 'Ready', 'Up-to-date', 'Available', 'Age', ...WIDE],
  (deployment, now) => [
    deployment.metadata.name,
    `${deployment.status?.readyReplicas ?? 0}/${deployment.spec.replicas ?? 0}`,
    deployment.status?.updatedReplicas ?? 0,
    deployment.status?.availableReplicas ?? 0,
    age(deployment, now),
    ...wide(deployment.spec.template, deployment.spec.selector),
  ],
);

const STATEFUL_SETS = printer<Replicated>(['Name', 'Ready', 'Age', 'Containers*', 'Images*'], (set, now) => [
  set.metadata.name,
  `${set.status?.readyReplicas ?? 0}/${set.spec.replicas ?? 0}`,
  age(set, now),
  containerNames(set.spec.template.spec.containers),
  containerImages(set.spec.template.spec.containers),
]);

interface DaemonSet {
  spec: { selector?: LabelSelector; template: Template };
  status?: {
    desiredNumberScheduled?: number;
    currentNumberScheduled?: number;
    numberReady?: number;
    updatedNumberScheduled?: number;
    numberAvailable?: number;
  };
}

const DAEMON_SETS = printer<DaemonSet>(
  [
    'Name',
    'Desired:int',
    'Current:int',
    'Ready:int',
    'Up-to-date:int',
    'Available:int',
    'Node Selector',
    'Age',
    ...WIDE,
  ],
  (set, now) => [
    set.metadata.name,
    set.status?.desiredNumberScheduled ?? 0,
    set.status?.currentNumberScheduled ?? 0,
    set.status?.numberReady ?? 0,
    set.status?.updatedNumberScheduled ?? 0,
    set.status?.numberAvailable ?? 0,
    labelsText(set.spec.template.spec.nodeSelector),
    age(set, now),
    ...wide(set.spec.template, set.spec.selector),
  ],
);

interface Job {
  spec: { completions?: number; parallelism?: number; selector?: LabelSelector; template: Template };
  status?: {
    succeeded?: number;
    startTime?: string;
    completionTime?: string;
    conditions?: readonly { type: string; status: string }[];
  };
}

const JOBS = printer<Job>(['Name', 'Status', 'Completions', 'Duration', 'Age', ...WIDE], (job, now) => [
  job.metadata.name,
  jobStatus(job),
  completions(job),
  duration(job, now),
  age(job, now),
  ...wide(job.spec.template, job.spec.selector),
]);

function jobStatus(job: Job & { metadata: { deletionTimestamp?: string } }): string {
  const is = (type: string) => job.status?.conditions?.some((one) => one.type === type && one.status === 'True');
  if (is('Complete')) return 'Complete';
  if (is('Failed')) return 'Failed';
  if (job.metadata.deletionTimestamp !== undefined) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(is) ?? 'Running';
}

function completions({ spec, status }: Job): string {
  const done = status?.succeeded ?? 0;
  if (spec.completions !== undefined) return `${done}/${spec.completions}`;
  return (spec.parallelism ?? 0) > 1 ? `${done}/1 of ${spec.parallelism}` : `${done}/1`;
}

function duration({ status }: Job, now: Now): string {
  if (status?.startTime === undefined) return '';
  const end = status.completionTime === undefined ? now() : Date.parse(status.completionTime);
  return humanDuration(end - Date.parse(status.startTime));
}

interface CronJob {
  spec: {
    schedule: string;
    timeZone?: string;
    suspend?: boolean;
    jobTemplate: { spec: { selector?: LabelSelector; template: Template } };
  };
  status?: { active?: readonly unknown[]; lastScheduleTime?: string };
}

const CRON_JOBS = printer<CronJob>(
  ['Name', 'Schedule', 'Timezone', 'Suspend:bool', 'Active:int', 'Last Schedule', 'Age', ...WIDE],
  (job, now) => [
    job.metadata.name,
    job.spec.schedule,
    job.spec.timeZone ?? NONE,
    job.spec.suspend === undefined ? '<unset>' : job.spec.suspend ? 'True' : 'False',
    job.status?.active?.length ?? 0,
    job.status?.lastScheduleTime === undefined ? NONE : since(job.status.lastScheduleTime, now),
    age(job, now),
    ...wide(job.spec.jobTemplate.spec.template, job.spec.jobTemplate.spec.selector),
  ],
);

interface Revision {
  revision?: number;
}

const CONTROLLER_REVISIONS = printer<Revision>(['Name', 'Controller', 'Revision', 'Age'], (object, now) => {
  const owner = object.metadata.ownerReferences?.find(({ controller }) => controller === true);
  const [group] = owner?.apiVersion.includes('/') ? owner.apiVersion.split('/') : [''];
  const kind = `${owner?.kind.toLowerCase()}${group === '' ? '' : `.${group}`}`;
  return [
    object.metadata.name,
    owner === undefined ? NONE : `${kind}/${owner.name}`,
    object.revision ?? 0,
    age(object, now),
  ];
});

const POD_TEMPLATES = printer<{ template: Template }>(['Name', 'Containers', 'Images', 'Pod Labels'], (object) => [
  object.metadata.name,
  containerNames(object.template.spec.containers),
  containerImages(object.template.spec.containers),
  labelsText(object.template.metadata?.labels),
]);

interface Budget {
  spec?: { minAvailable?: number | string; maxUnavailable?: number | string };
  status?: { disruptionsAllowed?: number };
}

const BUDGETS = printer<Budget>(
  ['Name', 'Min Available', 'Max Unavailable', 'Allowed Disruptions:int', 'Age'],
  (budget, now) => [
    budget.metadata.name,
    `${budget.spec?.minAvailable ?? 'N/A'}`,
    `${budget.spec?.maxUnavailable ?? 'N/A'}`,
    budget.status?.disruptionsAllowed ?? 0,
    age(budget, now),
  ],
);

export const WORKLOADS: Readonly<Record<string, Printer>> = {
  'deployments.apps': DEPLOYMENTS,
  'replicasets.apps': REPLICA_SETS,
  replicationcontrollers: REPLICATION_CONTROLLERS,
  'statefulsets.apps': STATEFUL_SETS,
  'daemonsets.apps': DAEMON_SETS,
  'controllerrevisions.apps': CONTROLLER_REVISIONS,
  'jobs.batch': JOBS,
  'cronjobs.batch': CRON_JOBS,
  podtemplates: POD_TEMPLATES,
  'poddisruptionbudgets.policy': BUDGETS,
};
