/** Namespaces, Nodes, Leases, Events, and the classes that pods name. */
import { copyJson } from '../../json-value.ts';
import type { KubeObject } from '../../types.ts';
import { dnsLabel, immutable, labels, oneOf, qualifiedName, sortedEntries } from './common-validation.ts';
import type { Findings } from './field-errors.ts';
import {
  ensure,
  type Fields,
  fieldsOf,
  has,
  itemsOf,
  numberOf,
  setDefault,
  stringsOf,
  textOf,
  textsOf,
} from './fields.ts';
import { internalForm } from './internal-form.ts';
import { network } from './ip-addresses.ts';
import { kindStrategy } from './kind-strategy.ts';
import { dnsSubdomainProblems, labelKeyProblems, labelValueProblems } from './names.ts';
import { resourceAmount, resourceRequirements } from './resource-validation.ts';
import { TAINT_EFFECTS, tolerations } from './scheduling-validation.ts';

const specOf = (object: KubeObject) => fieldsOf(object['spec']);
/** The highest priority that is left to users. */
const MAX_USER_PRIORITY = 1_000_000_000;
const SYSTEM_CLASSES: Readonly<Record<string, number>> = {
  'system-node-critical': 2_000_001_000,
  'system-cluster-critical': 2_000_000_000,
};

/** Real findings about taints are placed under metadata. */
function taints(found: Findings, list: readonly Fields[]): void {
  const seen = new Set<string>();
  for (const [index, taint] of list.entries()) {
    const path = `metadata.taints[${index}]`;
    const key = textOf(taint['key']);
    const value = textOf(taint['value']);
    const effect = textOf(taint['effect']);
    found.invalidEach(`${path}.key`, key, labelKeyProblems(key));
    const problems = labelValueProblems(value);
    if (problems.length > 0) found.invalid(`${path}.value`, value, problems.join(';'));
    if (effect === '') found.required(`${path}.effect`);
    else oneOf(found, `${path}.effect`, effect, TAINT_EFFECTS);
    if (seen.has(`${effect}/${key}`)) {
      found.duplicateBecause(path, internalForm('core.Taint', taint), 'taints must be unique by key and effect pair');
    }
    seen.add(`${effect}/${key}`);
  }
}

function node(found: Findings, object: KubeObject): void {
  const spec = specOf(object);
  const status = fieldsOf(object['status']);
  taints(found, itemsOf(spec['taints']));
  for (const list of ['capacity', 'allocatable']) {
    for (const [name, quantity] of sortedEntries(textsOf(status[list]))) {
      resourceAmount(found, `status.${list}.${name}`, name, quantity);
    }
  }
  for (const [index, range] of stringsOf(spec['podCIDRs']).entries()) network(found, `spec.podCIDRs[${index}]`, range);
}

function nodeUpdate(found: Findings, spec: Fields, old: Fields): void {
  const before = stringsOf(old['podCIDRs']);
  if (before.length > 0 && before.join() !== stringsOf(spec['podCIDRs']).join()) {
    found.forbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid');
  }
  if (textOf(old['providerID']) !== '' && spec['providerID'] !== old['providerID']) {
    found.forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid');
  }
}

function lease(found: Findings, object: KubeObject): void {
  const spec = specOf(object);
  const duration = spec['leaseDurationSeconds'];
  if (duration !== undefined && numberOf(duration) <= 0) {
    found.invalid('spec.leaseDurationSeconds', duration, 'must be greater than 0');
  }
  const transitions = spec['leaseTransitions'];
  if (transitions !== undefined && numberOf(transitions) < 0) {
    found.invalid('spec.leaseTransitions', transitions, 'must be greater than or equal to 0');
  }
}

/** The most characters of parts of an event; longer ones are refused. */
const EVENT_LIMITS: Readonly<Record<string, number>> = {
  reportingInstance: 128,
  action: 128,
  reason: 128,
  message: 1024,
};

/** In the words of core/v1: that is how events are stored. */
function event(found: Findings, object: KubeObject): void {
  const namespace = object.metadata.namespace ?? '';
  const involved = textOf(fieldsOf(object['involvedObject'])['namespace']);
  const isTimed = has(object, 'eventTime');
  const mismatch = () => found.invalid('involvedObject.namespace', involved, 'does not match event.namespace');
  if (!isTimed) {
    if (involved === '' ? namespace !== '' && namespace !== 'default' : namespace !== involved) mismatch();
  } else {
    if (involved === '' && namespace !== 'default' && namespace !== 'kube-system') mismatch();
    const component = textOf(object['reportingComponent']);
    if (component === '') found.required('reportingComponent');
    qualifiedName(found, 'reportingComponent', component);
    for (const [field, most] of Object.entries(EVENT_LIMITS)) {
      const text = textOf(object[field]);
      if (text === '' && field !== 'message') found.required(field);
      if (text.length > most) found.invalid(field, '', `can have at most ${most} characters`);
    }
  }
  found.invalidEach('namespace', namespace, dnsSubdomainProblems(namespace));
}

function priorityClass(found: Findings, object: KubeObject): void {
  const name = object.metadata.name;
  const value = numberOf(object['value']);
  if (name.startsWith('system-')) {
    const known = SYSTEM_CLASSES[name];
    let why: string | undefined;
    if (known === undefined) why = `${name} is not a known system priority class`;
    else if (known !== value) why = `value of ${name} PriorityClass must be ${known}`;
    else if (object['globalDefault'] === true) why = `globalDefault of ${name} PriorityClass must be false`;
    if (why !== undefined) {
      const rule = "priority class names with 'system-' prefix are reserved for system use only. error: ";
      found.forbidden('metadata.name', rule + why);
    }
  } else if (value > MAX_USER_PRIORITY) {
    found.forbidden('value', `maximum allowed value of a user defined priority is ${MAX_USER_PRIORITY}`);
  }
  const preemption = object['preemptionPolicy'];
  if (preemption !== undefined) oneOf(found, 'preemptionPolicy', preemption, ['PreemptLowerPriority', 'Never']);
}

function runtimeClass(found: Findings, object: KubeObject): void {
  const handler = textOf(object['handler']);
  if (handler === '') found.required('handler');
  else dnsLabel(found, 'handler', handler);
  const overhead = fieldsOf(object['overhead']);
  if (has(overhead, 'podFixed')) resourceRequirements(found, 'overhead', { limits: overhead['podFixed'] }, []);
  const scheduling = fieldsOf(object['scheduling']);
  labels(found, 'scheduling.nodeSelector', scheduling['nodeSelector']);
  tolerations(found, 'scheduling.tolerations', itemsOf(scheduling['tolerations']));
}

const NAMESPACE_LABEL = 'kubernetes.io/metadata.name';

export const CLUSTER_STRATEGIES = {
  namespaces: kindStrategy('core.Namespace', {
    nameRule: 'label',
    defaults(object) {
      if (object.metadata.name)
        object.metadata.labels = { ...object.metadata.labels, [NAMESPACE_LABEL]: object.metadata.name };
      setDefault(ensure(object, 'status'), 'phase', 'Active', true);
    },
    prepareCreate(object) {
      object['status'] = { phase: 'Active' };
      // The name may have been generated after the defaults.
      object.metadata.labels = { ...object.metadata.labels, [NAMESPACE_LABEL]: object.metadata.name };
      const spec = ensure(object, 'spec');
      const finalizers = stringsOf(spec['finalizers']);
      if (!finalizers.includes('kubernetes')) spec['finalizers'] = [...finalizers, 'kubernetes'];
    },
    prepareUpdate(object, old) {
      ensure(object, 'spec')['finalizers'] = copyJson(specOf(old)['finalizers'] ?? []);
      object['status'] = copyJson(old['status']);
    },
    validate(found, object) {
      for (const finalizer of stringsOf(specOf(object)['finalizers'])) {
        qualifiedName(found, 'spec.finalizers', finalizer);
        if (!finalizer.includes('/') && !['kubernetes', 'orphan', 'foregroundDeletion'].includes(finalizer)) {
          const why = 'name is neither a standard finalizer name nor is it fully qualified';
          found.invalid('spec.finalizers', finalizer, why);
        }
      }
    },
  }),
  nodes: kindStrategy('core.Node', {
    defaults(object) {
      const status = ensure(object, 'status');
      if (!has(status, 'allocatable') && has(status, 'capacity'))
        status['allocatable'] = { ...fieldsOf(status['capacity']) };
      const spec = ensure(object, 'spec');
      const first = textOf(spec['podCIDR']);
      if (first !== '' && !has(spec, 'podCIDRs')) spec['podCIDRs'] = [first];
      const [head] = stringsOf(spec['podCIDRs']);
      if (first === '' && head !== undefined) spec['podCIDR'] = head;
    },
    prepareUpdate(object, old) {
      object['status'] = copyJson(old['status']);
    },
    validate: node,
    validateUpdate: (found, object, old) => nodeUpdate(found, specOf(object), specOf(old)),
  }),
  'leases.coordination.k8s.io': kindStrategy('coordination.Lease', { createOnUpdate: true, validate: lease }),
  events: kindStrategy('core.Event', { createOnUpdate: true, validate: event }),
  'events.events.k8s.io': kindStrategy('core.Event', { createOnUpdate: true, validate: event }),
  'priorityclasses.scheduling.k8s.io': kindStrategy('scheduling.PriorityClass', {
    generation: true,
    defaults: (object) => setDefault(object, 'preemptionPolicy', 'PreemptLowerPriority'),
    validate: priorityClass,
    validateUpdate(found, object, old) {
      if (numberOf(object['value']) !== numberOf(old['value']))
        found.forbidden('value', 'may not be changed in an update.');
      immutable(found, 'preemptionPolicy', object['preemptionPolicy'], old['preemptionPolicy']);
    },
  }),
  'runtimeclasses.node.k8s.io': kindStrategy('node.RuntimeClass', {
    createOnUpdate: true,
    validate: runtimeClass,
    validateUpdate: (found, object, old) => immutable(found, 'handler', object['handler'], old['handler']),
  }),
};
