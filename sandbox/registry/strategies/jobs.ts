/** Jobs and CronJobs. */
import type { KubeObject } from '../../types.ts';
import {
  immutable,
  isTrue,
  isUsableSelector,
  labelSelector,
  nonNegative,
  oneOf,
  selectorMatches,
  sortedEntries,
} from './common-validation.ts';
import { cronProblem } from './cron-schedule.ts';
import type { Findings } from './field-errors.ts';
import { ensure, type Fields, fieldsOf, has, itemsOf, numberOf, semanticEqual, setDefault, textOf } from './fields.ts';
import { internalField, internalForm } from './internal-form.ts';
import { failurePolicy, successPolicy } from './job-policies.ts';
import { kindStrategy } from './kind-strategy.ts';
import { dnsLabelProblems } from './names.ts';
import { domainPrefixedPath } from './networking.ts';
import { podSpecDefaults, templateDefaults } from './pod-spec-defaults.ts';
import { podTemplate } from './pod-spec-validation.ts';
import { templateLabels } from './workload-validation.ts';
import { podNameWarnings } from './workloads.ts';

const MAX_INT32 = 2 ** 31 - 1;
const MAX_INDEXED_PARALLELISM = 100_000;
/** A CronJob's name gets an 11 character suffix in the names of its Jobs. */
const MAX_CRON_NAME = 52;
const POD_NAME_LABELS = ['job-name', 'batch.kubernetes.io/job-name'];
const POD_UID_LABELS = ['controller-uid', 'batch.kubernetes.io/controller-uid'];

const specOf = (object: KubeObject) => fieldsOf(object['spec']);

function jobDefaults(job: Fields): void {
  const spec = ensure(job, 'spec');
  templateDefaults(spec);
  if (!has(spec, 'completions') && !has(spec, 'parallelism')) spec['completions'] = 1;
  setDefault(spec, 'parallelism', 1);
  setDefault(spec, 'backoffLimit', has(spec, 'backoffLimitPerIndex') ? MAX_INT32 : 6);
  setDefault(spec, 'completionMode', 'NonIndexed');
  setDefault(spec, 'suspend', false);
  setDefault(spec, 'podReplacementPolicy', has(spec, 'podFailurePolicy') ? 'Failed' : 'TerminatingOrFailed');
  setDefault(spec, 'manualSelector', false);
  failurePolicyDefaults(spec);
  const metadata = ensure(job, 'metadata');
  // The same map on purpose: what is generated into the template's labels shows up here too, as in the real server.
  if (Object.keys(fieldsOf(metadata['labels'])).length === 0) {
    metadata['labels'] = ensure(ensure(ensure(spec, 'template'), 'metadata'), 'labels');
  }
}

function failurePolicyDefaults(spec: Fields): void {
  for (const rule of itemsOf(fieldsOf(spec['podFailurePolicy'])['rules'])) {
    for (const pattern of itemsOf(rule['onPodConditions'])) setDefault(pattern, 'status', 'True', true);
  }
}

/** Labels by which a Job knows its pods, made from its uid. */
function generateSelector(job: KubeObject): void {
  const spec = ensure(job, 'spec');
  const isShared = job.metadata.labels === fieldsOf(fieldsOf(spec['template'])['metadata'])['labels'];
  if (!isTrue(spec, 'manualSelector')) generateLabels(job, spec);
  if (isShared) job.metadata.labels = { ...templateLabels(spec) };
}

function generateLabels(job: KubeObject, spec: Fields): void {
  const labels = ensure(ensure(ensure(spec, 'template'), 'metadata'), 'labels');
  for (const label of POD_NAME_LABELS) setDefault(labels, label, job.metadata.name);
  for (const label of POD_UID_LABELS) setDefault(labels, label, job.metadata.uid ?? '');
  const match = ensure(ensure(spec, 'selector'), 'matchLabels');
  setDefault(match, 'batch.kubernetes.io/controller-uid', job.metadata.uid ?? '');
}

function generatedSelector(found: Findings, job: KubeObject): void {
  const spec = specOf(job);
  if (isTrue(spec, 'manualSelector') || !has(spec, 'selector')) return;
  const labels = templateLabels(spec);
  const field = 'spec.template.metadata';
  const uid = job.metadata.uid ?? '';
  const expected: [string, string][] = [
    ['controller-uid', uid],
    ['job-name', job.metadata.name],
    ['batch.kubernetes.io/controller-uid', uid],
    ['batch.kubernetes.io/job-name', job.metadata.name],
  ];
  for (const [label, value] of expected) {
    const path = `${field}.labels[${label}]`;
    const actual = labels[label];
    if (actual === undefined) found.required(path, `must be '${value}'`);
    else if (actual !== value) found.invalid(path, Object.fromEntries(sortedEntries(labels)), `must be '${value}'`);
  }
  if (isUsableSelector(spec['selector']) && !selectorMatches(spec['selector'], Object.fromEntries(expected))) {
    found.invalid('spec.selector', spec['selector'], '`selector` not auto-generated');
  }
}

const COUNTS = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
  'backoffLimitPerIndex',
];

/** Of a Job, or of the template of a CronJob at `field`. */
function jobSpec(found: Findings, field: string, spec: Fields): void {
  for (const name of COUNTS) nonNegative(found, `${field}.${name}`, spec[name]);
  if (has(spec, 'maxFailedIndexes')) {
    nonNegative(found, `${field}.maxFailedIndexes`, spec['maxFailedIndexes']);
    if (!has(spec, 'backoffLimitPerIndex')) {
      found.required(`${field}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified');
    }
  }
  completionMode(found, field, spec);
  if (has(spec, 'managedBy')) domainPrefixedPath(found, `${field}.managedBy`, textOf(spec['managedBy']));
  if (has(spec, 'podFailurePolicy')) failurePolicy(found, `${field}.podFailurePolicy`, spec);
  if (has(spec, 'successPolicy')) successPolicy(found, `${field}.successPolicy`, spec);
  const replacement = textOf(spec['podReplacementPolicy']);
  const known = has(spec, 'podFailurePolicy') ? ['Failed'] : ['Failed', 'TerminatingOrFailed'];
  if (replacement !== '') oneOf(found, `${field}.podReplacementPolicy`, replacement, known);
  podTemplate(found, `${field}.template`, fieldsOf(spec['template']));
  restartPolicy(found, `${field}.template.spec.restartPolicy`, spec);
}

function restartPolicy(found: Findings, field: string, spec: Fields): void {
  const policy = textOf(fieldsOf(fieldsOf(spec['template'])['spec'])['restartPolicy']);
  if (policy === 'Always' || policy === '') found.required(field, 'valid values: "OnFailure", "Never"');
  else if (policy !== 'OnFailure' && policy !== 'Never') found.notSupported(field, policy, ['OnFailure', 'Never']);
  else if (has(spec, 'podFailurePolicy') && policy !== 'Never') {
    found.invalid(field, policy, 'only "Never" is supported when podFailurePolicy is specified');
  }
}

function completionMode(found: Findings, field: string, spec: Fields): void {
  const mode = textOf(spec['completionMode']);
  if (mode !== 'NonIndexed' && mode !== 'Indexed' && mode !== '') {
    found.notSupported(`${field}.completionMode`, mode, ['NonIndexed', 'Indexed']);
  }
  if (mode === 'Indexed') {
    if (!has(spec, 'completions')) found.required(`${field}.completions`, 'when completion mode is Indexed');
    const parallelism = numberOf(spec['parallelism']);
    if (parallelism > MAX_INDEXED_PARALLELISM) {
      const why = `must be less than or equal to ${MAX_INDEXED_PARALLELISM} when completion mode is Indexed`;
      found.invalid(`${field}.parallelism`, parallelism, why);
    }
    if (has(spec, 'maxFailedIndexes') && numberOf(spec['maxFailedIndexes']) > numberOf(spec['completions'])) {
      found.invalid(`${field}.maxFailedIndexes`, spec['maxFailedIndexes'], 'must be less than or equal to completions');
    }
  } else {
    for (const name of ['backoffLimitPerIndex', 'maxFailedIndexes']) {
      if (has(spec, name)) found.invalid(`${field}.${name}`, spec[name], 'requires indexed completion mode');
    }
  }
}

function wholeJob(found: Findings, job: KubeObject): void {
  const spec = specOf(job);
  generatedSelector(found, job);
  specAndSelector(found, spec);
  indexedHostNames(found, job, spec);
}

function specAndSelector(found: Findings, spec: Fields): void {
  jobSpec(found, 'spec', spec);
  if (!has(spec, 'selector')) found.required('spec.selector');
  else labelSelector(found, 'spec.selector', spec['selector']);
  const labels = templateLabels(spec);
  if (isUsableSelector(spec['selector']) && (!has(spec, 'selector') || !selectorMatches(spec['selector'], labels))) {
    found.invalid(
      'spec.template.metadata.labels',
      Object.keys(labels).length === 0 ? null : Object.fromEntries(sortedEntries(labels)),
      '`selector` does not match template `labels`',
    );
  }
}

/** Pods of an indexed Job get host names by their index. */
function indexedHostNames(found: Findings, job: KubeObject, spec: Fields): void {
  const completions = numberOf(spec['completions']);
  if (spec['completionMode'] !== 'Indexed' || completions === 0) return;
  const hostname = `${job.metadata.name}-${completions - 1}`;
  if (dnsLabelProblems(hostname).length > 0) {
    const why = `will not able to create pod with invalid DNS label: ${hostname}`;
    found.invalid('metadata.name', job.metadata.name, why);
  }
}

/** What stays as it is once a Job is there. */
const FROZEN = ['completionMode', 'podFailurePolicy', 'backoffLimitPerIndex', 'managedBy', 'successPolicy'];

const FROZEN_TYPES: Readonly<Record<string, string>> = {
  podFailurePolicy: 'batch.PodFailurePolicy',
  successPolicy: 'batch.SuccessPolicy',
};

function jobUpdate(found: Findings, spec: Fields, old: Fields): void {
  // The real server checks the spec once more here, so findings of an update show twice.
  specAndSelector(found, spec);
  if (spec['completionMode'] !== 'Indexed')
    immutable(found, 'spec.completions', spec['completions'], old['completions']);
  else if (
    has(spec, 'completions') &&
    spec['completions'] !== old['completions'] &&
    spec['completions'] !== spec['parallelism']
  ) {
    found.invalid('spec.completions', spec['completions'], 'can only be modified in tandem with spec.parallelism');
  }
  immutable(found, 'spec.selector', spec['selector'], old['selector']);
  const suspended = isTrue(old, 'suspend');
  const before = suspended ? withMutableParts(fieldsOf(old['template']), fieldsOf(spec['template'])) : old['template'];
  if (!semanticEqual(spec['template'], before)) {
    // Of a suspended Job the real server compares the pod's spec alone.
    const [field, type, value] = suspended
      ? ['spec.template.spec', 'core.PodSpec', fieldsOf(spec['template'])['spec']]
      : ['spec.template', 'core.PodTemplateSpec', spec['template']];
    found.invalid(field, internalForm(type, value), 'field is immutable');
  }
  for (const name of FROZEN) {
    const type = FROZEN_TYPES[name];
    const shown = type === undefined ? spec[name] : internalField(type, spec, name);
    if (!semanticEqual(spec[name], old[name])) found.invalid(`spec.${name}`, shown ?? null, 'field is immutable');
  }
}

/** A suspended Job may still be told where its pods shall run, and with what. */
function withMutableParts(old: Fields, now: Fields): Fields {
  const spec = fieldsOf(now['spec']);
  const before = fieldsOf(old['spec']);
  const affinity = { ...fieldsOf(before['affinity']), nodeAffinity: fieldsOf(spec['affinity'])['nodeAffinity'] };
  const withResources = (list: string) =>
    itemsOf(before[list]).map((container, index) => ({
      ...container,
      resources: itemsOf(spec[list])[index]?.['resources'],
    }));
  return {
    metadata: now['metadata'],
    spec: {
      ...before,
      affinity: has(spec, 'affinity') ? affinity : before['affinity'],
      nodeSelector: spec['nodeSelector'],
      tolerations: spec['tolerations'],
      schedulingGates: spec['schedulingGates'],
      containers: withResources('containers'),
      initContainers: withResources('initContainers'),
    },
  };
}

const POLICIES = ['Allow', 'Forbid', 'Replace'];

function cronJobSpec(found: Findings, spec: Fields, name: string): void {
  const schedule = textOf(spec['schedule']);
  if (schedule === '') found.required('spec.schedule');
  else {
    const problem = cronProblem(schedule);
    if (problem !== undefined) found.invalid('spec.schedule', schedule, problem);
    if (schedule.includes('TZ')) {
      const why = 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead';
      found.invalid('spec.schedule', schedule, why);
    }
  }
  nonNegative(found, 'spec.startingDeadlineSeconds', spec['startingDeadlineSeconds']);
  if (has(spec, 'timeZone')) timeZone(found, 'spec.timeZone', textOf(spec['timeZone']));
  oneOf(found, 'spec.concurrencyPolicy', spec['concurrencyPolicy'], POLICIES);
  const job = fieldsOf(fieldsOf(spec['jobTemplate'])['spec']);
  jobSpec(found, 'spec.jobTemplate.spec', job);
  if (has(job, 'selector')) {
    found.invalid('spec.jobTemplate.spec.selector', job['selector'], '`selector` will be auto-generated');
  }
  if (isTrue(job, 'manualSelector')) found.notSupported('spec.jobTemplate.spec.manualSelector', true, ['nil', 'false']);
  for (const limit of ['successfulJobsHistoryLimit', 'failedJobsHistoryLimit'])
    nonNegative(found, `spec.${limit}`, spec[limit]);
  if (name.length > MAX_CRON_NAME) found.invalid('metadata.name', name, 'must be no more than 52 characters');
}

function timeZone(found: Findings, field: string, zone: string): void {
  if (zone === '') {
    found.invalid(field, zone, 'timeZone must be nil or non-empty string');
    return;
  }
  const bad = zone
    .split('/')
    .some((part) => part === '.' || part === '..' || !/^[A-Za-z0-9._+][A-Za-z0-9._+-]{0,13}$/.test(part));
  if (bad) {
    found.invalid(field, zone, `unknown time zone ${zone}`);
    return;
  }
  if (zone.toLowerCase() === 'local') {
    const why = 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones';
    found.invalid(field, zone, why);
  }
  if (!isKnownZone(zone)) found.invalid(field, zone, `unknown time zone ${zone}`);
}

function isKnownZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

export const JOB_STRATEGIES = {
  'jobs.batch': kindStrategy('batch.Job', {
    generation: true,
    status: 'batch.JobStatus',
    defaultPropagation: 'Orphan',
    defaults: jobDefaults,
    prepareCreate: generateSelector,
    validate: wholeJob,
    validateUpdate: (found, object, old) => jobUpdate(found, specOf(object), specOf(old)),
    warnings: podNameWarnings,
  }),
  'cronjobs.batch': kindStrategy('batch.CronJob', {
    generation: true,
    status: 'batch.CronJobStatus',
    defaults(object) {
      const spec = ensure(object, 'spec');
      podSpecDefaults(ensure(ensure(ensure(ensure(spec, 'jobTemplate'), 'spec'), 'template'), 'spec'));
      failurePolicyDefaults(fieldsOf(fieldsOf(spec['jobTemplate'])['spec']));
      setDefault(spec, 'concurrencyPolicy', 'Allow', true);
      setDefault(spec, 'suspend', false);
      setDefault(spec, 'successfulJobsHistoryLimit', 3);
      setDefault(spec, 'failedJobsHistoryLimit', 1);
    },
    validate: (found, object) => cronJobSpec(found, specOf(object), object.metadata.name),
    warnings: podNameWarnings,
  }),
};
