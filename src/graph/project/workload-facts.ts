/** What the kinds that run pods have in common. */
import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { WorkloadFacts } from '../facts.ts';
import type { Health, Intern } from '../types.ts';
import { condition, conditionsOf, isTrue } from './conditions.ts';
import { isMadeFromTemplate } from './made-from-template.ts';
import { type Dict, dict, number, numberOr, text, texts } from './read.ts';
import { templateFields, templateOf } from './template.ts';

/** Besides those that a kind adds. */
export const WORKLOAD_FIELDS: readonly string[] = [
  ...templateFields('spec.template.spec'),
  'spec.replicas',
  'spec.template.metadata.labels',
  'status.replicas',
  'status.readyReplicas',
  'status.availableReplicas',
  'status.observedGeneration',
  'status.conditions',
];

const NO_SPEC: Dict = Object.freeze({});

/** With the fields that all but DaemonSet spell alike; a kind replaces those that it spells differently. */
export function workloadFacts(object: KubeObject, intern: Intern): WorkloadFacts {
  const spec = dict(object['spec']);
  const status = dict(object['status']);
  const template = dict(spec['template']);
  const replicas = numberOr(spec['replicas'], 1);
  const current = number(status['replicas']);
  return {
    desired: replicas,
    specReplicas: replicas,
    current,
    ready: number(status['readyReplicas']),
    available: number(status['availableReplicas']),
    updated: number(status['updatedReplicas']),
    misscheduled: 0,
    generation: number(dict(object.metadata)['generation']),
    observedGeneration: number(status['observedGeneration']),
    paused: false,
    revision: '',
    currentRevision: '',
    updateRevision: '',
    updateStrategy: '',
    progressDeadline: 0,
    conditions: conditionsOf(status['conditions'], intern),
    template: templateOf(isKept(object, replicas, current) ? dict(template['spec']) : NO_SPEC, intern),
    templateLabels: intern.shared(texts(dict(template['metadata'])['labels'])),
  };
}

/** The revisions that a Deployment keeps to go back to run nothing: nobody asks for their templates, and there are ten for each that runs. */
function isKept(object: KubeObject, replicas: number, current: number): boolean {
  return replicas + current > 0 || !isMadeFromTemplate(object);
}

/** `apps` calls it `updateStrategy` or `strategy`. */
export function strategyOf(value: unknown, intern: Intern): string {
  return intern.text(text(dict(value)['type']));
}

/** Without time: what has only just begun looks like what does not come up, but for a rollout that says it is on its way. */
export function workloadHealth(facts: WorkloadFacts): Health {
  if (facts.observedGeneration < facts.generation) return 'progressing';
  if (facts.desired === 0) return facts.current > 0 ? 'progressing' : 'ok';
  if (facts.available >= facts.desired) return isTrue(facts.conditions, 'ReplicaFailure') ? 'warning' : 'ok';
  if (isRollingOut(facts)) return 'progressing';
  return facts.available === 0 ? 'failed' : 'warning';
}

function isRollingOut(facts: WorkloadFacts): boolean {
  const progress = condition(facts.conditions, 'Progressing');
  if (isTrue(facts.conditions, 'ReplicaFailure')) return false;
  if (progress !== undefined) return progress.status === 'True' && progress.reason !== 'NewReplicaSetAvailable';
  return facts.current < facts.desired || facts.currentRevision !== facts.updateRevision;
}
