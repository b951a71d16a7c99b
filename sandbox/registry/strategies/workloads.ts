/** Deployments, ReplicaSets, StatefulSets, DaemonSets, ReplicationControllers and ControllerRevisions. */
import type { KubeObject } from '../../types.ts';
import { claimSpec } from './claim-validation.ts';
import {
  labels as checkLabels,
  dnsLabel,
  immutable,
  intOrPercent,
  isEmptySelector,
  labelSelector,
  nonNegative,
  nonNegativeIntOrPercent,
  notOverAll,
} from './common-validation.ts';
import type { Findings } from './field-errors.ts';
import {
  ensure,
  type Fields,
  fieldsOf,
  has,
  itemsOf,
  numberOf,
  semanticEqual,
  setDefault,
  textOf,
  textsOf,
} from './fields.ts';
import { internalForm } from './internal-form.ts';
import { kindStrategy } from './kind-strategy.ts';
import { dnsLabelProblems } from './names.ts';
import { templateDefaults } from './pod-spec-defaults.ts';
import { podTemplate } from './pod-spec-validation.ts';
import { requiredSelector, runsForever, selectsTemplate, template, templateLabels } from './workload-validation.ts';

const REVISIONS = 10;

/** Names of workloads end up in names of pods, which become host names. */
export function podNameWarnings(object: KubeObject): string[] {
  const problems = dnsLabelProblems(object.metadata.name);
  if (problems.length === 0) return [];
  const advice =
    'this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended';
  return [`metadata.name: ${advice}: [${problems.join(' ')}]`];
}

function rollingDeployment(found: Findings, strategy: Fields): void {
  const field = 'spec.strategy';
  const rolling = fieldsOf(strategy['rollingUpdate']);
  const type = textOf(strategy['type']);
  if (type === 'Recreate') {
    if (has(strategy, 'rollingUpdate')) {
      found.forbidden(`${field}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'");
    }
    return;
  }
  if (type !== 'RollingUpdate') {
    found.notSupported(field, internalForm('apps.DeploymentStrategy', strategy), ['Recreate', 'RollingUpdate']);
    return;
  }
  const unavailable = rolling['maxUnavailable'];
  const surge = rolling['maxSurge'];
  nonNegativeIntOrPercent(found, `${field}.rollingUpdate.maxUnavailable`, unavailable);
  nonNegativeIntOrPercent(found, `${field}.rollingUpdate.maxSurge`, surge);
  if (intOrPercent(unavailable) === 0 && intOrPercent(surge) === 0) {
    found.invalid(`${field}.rollingUpdate.maxUnavailable`, unavailable ?? 0, 'may not be 0 when `maxSurge` is 0');
  }
  notOverAll(found, `${field}.rollingUpdate.maxUnavailable`, unavailable);
}

function deploymentSpec(found: Findings, spec: Fields): void {
  nonNegative(found, 'spec.replicas', spec['replicas']);
  if (requiredSelector(found, spec, 'deployment')) {
    selectsTemplate(found, spec);
    template(found, spec);
    runsForever(found, spec, 'ReplicaSet');
  } else found.invalid('spec.selector', spec['selector'], 'invalid label selector');
  rollingDeployment(found, fieldsOf(spec['strategy']));
  nonNegative(found, 'spec.minReadySeconds', spec['minReadySeconds']);
  nonNegative(found, 'spec.revisionHistoryLimit', spec['revisionHistoryLimit']);
  const deadline = numberOf(spec['progressDeadlineSeconds']);
  nonNegative(found, 'spec.progressDeadlineSeconds', deadline);
  if (deadline <= numberOf(spec['minReadySeconds'])) {
    found.invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds');
  }
}

function replicaSetSpec(found: Findings, spec: Fields): void {
  nonNegative(found, 'spec.replicas', spec['replicas']);
  nonNegative(found, 'spec.minReadySeconds', spec['minReadySeconds']);
  if (requiredSelector(found, spec, 'deployment')) {
    selectsTemplate(found, spec);
    template(found, spec);
    runsForever(found, spec, 'ReplicaSet');
  } else found.invalid('spec.selector', spec['selector'], 'invalid label selector');
}

const specOf = (object: KubeObject) => fieldsOf(object['spec']);

function statefulSetSpec(found: Findings, spec: Fields): void {
  const management = textOf(spec['podManagementPolicy']);
  if (management !== 'OrderedReady' && management !== 'Parallel') {
    found.invalid('spec.podManagementPolicy', management, "must be 'OrderedReady' or 'Parallel'");
  }
  statefulSetStrategy(found, fieldsOf(spec['updateStrategy']));
  const retention = fieldsOf(spec['persistentVolumeClaimRetentionPolicy']);
  for (const when of ['whenDeleted', 'whenScaled']) {
    const policy = textOf(retention[when]);
    if (policy !== 'Retain' && policy !== 'Delete') {
      found.notSupported(`spec.persistentVolumeClaimRetentionPolicy.${when}`, policy, ['Retain', 'Delete']);
    }
  }
  for (const [index, claim] of itemsOf(spec['volumeClaimTemplates']).entries()) {
    claimSpec(found, `spec.volumeClaimTemplates[${index}].spec`, fieldsOf(claim['spec']));
  }
  nonNegative(found, 'spec.replicas', spec['replicas']);
  nonNegative(found, 'spec.minReadySeconds', spec['minReadySeconds']);
  nonNegative(found, 'spec.ordinals.start', fieldsOf(spec['ordinals'])['start']);
  if (textOf(spec['serviceName']) !== '') dnsLabel(found, 'spec.serviceName', textOf(spec['serviceName']));
  if (requiredSelector(found, spec, 'statefulset')) {
    selectsTemplate(found, spec);
    podTemplate(found, 'spec.template', withClaimVolumes(spec));
    checkLabels(found, 'spec.template.labels', templateLabels(spec));
  } else found.invalid('spec.selector', spec['selector'], '');
  runsForever(found, spec, 'StatefulSet');
}

/** The template with a volume for each claim template, as the pods will have. */
function withClaimVolumes(spec: Fields): Fields {
  const own = fieldsOf(spec['template']);
  const pod = fieldsOf(own['spec']);
  const names = itemsOf(spec['volumeClaimTemplates']).map((claim) => textOf(fieldsOf(claim['metadata'])['name']));
  const claims = names.map((name) => ({ name, persistentVolumeClaim: { claimName: name } }));
  const others = itemsOf(pod['volumes']).filter((volume) => !names.includes(textOf(volume['name'])));
  return { ...own, spec: { ...pod, hostname: '', subdomain: '', volumes: [...claims, ...others] } };
}

function statefulSetStrategy(found: Findings, strategy: Fields): void {
  const field = 'spec.updateStrategy';
  const type = textOf(strategy['type']);
  const rolling = fieldsOf(strategy['rollingUpdate']);
  const shown = internalForm('apps.StatefulSetUpdateStrategy', strategy);
  if (type === 'OnDelete') {
    if (has(strategy, 'rollingUpdate')) {
      found.invalid(
        `${field}.rollingUpdate`,
        shown['RollingUpdate'],
        "only allowed for updateStrategy 'RollingUpdate'",
      );
    }
  } else if (type === 'RollingUpdate') {
    nonNegative(found, `${field}.rollingUpdate.partition`, rolling['partition']);
    const unavailable = rolling['maxUnavailable'];
    if (unavailable === undefined) return;
    const path = `${field}.rollingUpdate.maxUnavailable`;
    nonNegativeIntOrPercent(found, path, unavailable);
    if (intOrPercent(unavailable) === 0) found.invalid(path, unavailable, 'cannot be 0');
    notOverAll(found, path, unavailable);
  } else {
    found.invalid(field, shown, "must be 'RollingUpdate' or 'OnDelete'");
  }
}

/** What may change in a StatefulSet. */
const STATEFUL_SET_MUTABLE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];
const STATEFUL_SET_FORBIDDEN =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
const frozenPart = (spec: Fields) =>
  Object.fromEntries(Object.entries(spec).filter(([name]) => !STATEFUL_SET_MUTABLE.includes(name)));

function daemonSetSpec(found: Findings, spec: Fields): void {
  const before = found.list.length;
  if (has(spec, 'selector')) labelSelector(found, 'spec.selector', spec['selector']);
  // A selector that is none selects nothing to complain of.
  if (found.list.length === before) selectsTemplate(found, spec);
  if (has(spec, 'selector') && isEmptySelector(spec['selector'])) {
    found.invalid('spec.selector', spec['selector'], 'empty selector is invalid for daemonset');
  }
  template(found, spec);
  runsForever(found, spec, 'DaemonSet');
  nonNegative(found, 'spec.minReadySeconds', spec['minReadySeconds']);
  const strategy = fieldsOf(spec['updateStrategy']);
  if (textOf(strategy['type']) === 'RollingUpdate') rollingDaemonSet(found, fieldsOf(strategy['rollingUpdate']));
  else if (textOf(strategy['type']) !== 'OnDelete') {
    found.notSupported('spec.updateStrategy', internalForm('apps.DaemonSetUpdateStrategy', strategy), [
      'RollingUpdate',
      'OnDelete',
    ]);
  }
  nonNegative(found, 'spec.revisionHistoryLimit', spec['revisionHistoryLimit']);
}

function rollingDaemonSet(found: Findings, rolling: Fields): void {
  const field = 'spec.updateStrategy.rollingUpdate';
  const { maxUnavailable: unavailable, maxSurge: surge } = rolling;
  nonNegativeIntOrPercent(found, `${field}.maxUnavailable`, unavailable);
  nonNegativeIntOrPercent(found, `${field}.maxSurge`, surge);
  notOverAll(found, `${field}.maxUnavailable`, unavailable);
  notOverAll(found, `${field}.maxSurge`, surge);
  if (intOrPercent(unavailable) !== 0 && intOrPercent(surge) !== 0) {
    found.invalid(`${field}.maxSurge`, surge, 'may not be set when maxUnavailable is non-zero');
  } else if (intOrPercent(unavailable) === 0 && intOrPercent(surge) === 0) {
    found.required(`${field}.maxUnavailable`, 'cannot be 0 when maxSurge is 0');
  }
}

function replicationControllerSpec(found: Findings, spec: Fields): void {
  nonNegative(found, 'spec.minReadySeconds', spec['minReadySeconds']);
  const selector = textsOf(spec['selector']);
  if (Object.keys(selector).length === 0) found.required('spec.selector');
  nonNegative(found, 'spec.replicas', spec['replicas']);
  if (!has(spec, 'template')) {
    found.required('spec.template');
    return;
  }
  if (Object.keys(selector).length > 0) selectsTemplate(found, { ...spec, selector: { matchLabels: selector } });
  template(found, spec);
  runsForever(found, spec, 'ReplicationController');
}

/** Where the number of a DaemonSet's templates so far is kept since it is no field any more. */
const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

function setTemplateGeneration(object: KubeObject, generation: number): void {
  object.metadata.annotations = { ...object.metadata.annotations, [TEMPLATE_GENERATION]: String(generation) };
}

export const WORKLOAD_STRATEGIES = {
  'deployments.apps': kindStrategy('apps.Deployment', {
    generation: true,
    status: 'apps.DeploymentStatus',
    defaults(object) {
      const spec = ensure(object, 'spec');
      templateDefaults(spec);
      setDefault(spec, 'replicas', 1);
      const strategy = ensure(spec, 'strategy');
      setDefault(strategy, 'type', 'RollingUpdate', true);
      if (strategy['type'] === 'RollingUpdate') {
        const rolling = ensure(strategy, 'rollingUpdate');
        setDefault(rolling, 'maxUnavailable', '25%');
        setDefault(rolling, 'maxSurge', '25%');
      }
      setDefault(spec, 'revisionHistoryLimit', REVISIONS);
      setDefault(spec, 'progressDeadlineSeconds', 600);
    },
    validate: (found, object) => deploymentSpec(found, specOf(object)),
    validateUpdate: (found, object, old) =>
      immutable(found, 'spec.selector', specOf(object)['selector'], specOf(old)['selector']),
    warnings: podNameWarnings,
  }),
  'replicasets.apps': kindStrategy('apps.ReplicaSet', {
    generation: true,
    status: 'apps.ReplicaSetStatus',
    defaults(object) {
      const spec = ensure(object, 'spec');
      templateDefaults(spec);
      setDefault(spec, 'replicas', 1);
    },
    validate: (found, object) => replicaSetSpec(found, specOf(object)),
    validateUpdate: (found, object, old) =>
      immutable(found, 'spec.selector', specOf(object)['selector'], specOf(old)['selector']),
    warnings: podNameWarnings,
  }),
  'statefulsets.apps': kindStrategy('apps.StatefulSet', {
    generation: true,
    status: 'apps.StatefulSetStatus',
    nameRule: 'label',
    defaults(object) {
      const spec = ensure(object, 'spec');
      templateDefaults(spec);
      setDefault(spec, 'podManagementPolicy', 'OrderedReady', true);
      const strategy = ensure(spec, 'updateStrategy');
      if (textOf(strategy['type']) === '') {
        strategy['type'] = 'RollingUpdate';
        ensure(strategy, 'rollingUpdate');
      }
      if (strategy['type'] === 'RollingUpdate' && has(strategy, 'rollingUpdate')) {
        setDefault(ensure(strategy, 'rollingUpdate'), 'partition', 0);
      }
      const retention = ensure(spec, 'persistentVolumeClaimRetentionPolicy');
      setDefault(retention, 'whenDeleted', 'Retain', true);
      setDefault(retention, 'whenScaled', 'Retain', true);
      setDefault(spec, 'replicas', 1);
      setDefault(spec, 'revisionHistoryLimit', REVISIONS);
      for (const claim of itemsOf(spec['volumeClaimTemplates'])) {
        setDefault(claim, 'apiVersion', 'v1');
        setDefault(claim, 'kind', 'PersistentVolumeClaim');
        setDefault(ensure(claim, 'spec'), 'volumeMode', 'Filesystem');
        setDefault(ensure(claim, 'status'), 'phase', 'Pending');
      }
    },
    validate: (found, object) => statefulSetSpec(found, specOf(object)),
    validateUpdate(found, object, old) {
      if (!semanticEqual(frozenPart(specOf(object)), frozenPart(specOf(old))))
        found.forbidden('spec', STATEFUL_SET_FORBIDDEN);
    },
  }),
  'daemonsets.apps': kindStrategy('apps.DaemonSet', {
    generation: true,
    status: 'apps.DaemonSetStatus',
    defaults(object) {
      const spec = ensure(object, 'spec');
      templateDefaults(spec);
      const strategy = ensure(spec, 'updateStrategy');
      setDefault(strategy, 'type', 'RollingUpdate', true);
      if (strategy['type'] === 'RollingUpdate') {
        const rolling = ensure(strategy, 'rollingUpdate');
        setDefault(rolling, 'maxUnavailable', 1);
        setDefault(rolling, 'maxSurge', 0);
      }
      setDefault(spec, 'revisionHistoryLimit', REVISIONS);
      // A number to Go, which is there before it counts.
      if (object.metadata.annotations?.[TEMPLATE_GENERATION] === undefined) setTemplateGeneration(object, 0);
    },
    prepareCreate: (object) => setTemplateGeneration(object, 1),
    prepareUpdate(object, old) {
      const changed = !semanticEqual(specOf(object)['template'], specOf(old)['template']);
      const before = Number(old.metadata.annotations?.[TEMPLATE_GENERATION] ?? 0);
      setTemplateGeneration(object, changed ? before + 1 : before);
    },
    validate: (found, object) => daemonSetSpec(found, specOf(object)),
    validateUpdate: (found, object, old) =>
      immutable(found, 'spec.selector', specOf(object)['selector'], specOf(old)['selector']),
  }),
  replicationcontrollers: kindStrategy('core.ReplicationController', {
    generation: true,
    status: 'core.ReplicationControllerStatus',
    defaultPropagation: 'Orphan',
    defaults(object) {
      const spec = ensure(object, 'spec');
      if (has(spec, 'template')) templateDefaults(spec);
      const labels = templateLabels(spec);
      if (Object.keys(labels).length > 0) {
        if (Object.keys(fieldsOf(spec['selector'])).length === 0) spec['selector'] = { ...labels };
        if (Object.keys(object.metadata.labels ?? {}).length === 0) object.metadata.labels = { ...labels };
      }
      setDefault(spec, 'replicas', 1);
    },
    validate: (found, object) => replicationControllerSpec(found, specOf(object)),
    warnings: podNameWarnings,
  }),
  'controllerrevisions.apps': kindStrategy('apps.ControllerRevision', {
    validate(found, object) {
      nonNegative(found, 'revision', object['revision']);
      const data = object['data'];
      if (data === undefined || data === null) found.required('data', 'data is mandatory');
      else if (typeof data !== 'object' || Array.isArray(data))
        found.required('data', 'data must be a valid JSON object');
    },
    validateUpdate: (found, object, old) => immutable(found, 'data', object['data'], old['data']),
  }),
};
