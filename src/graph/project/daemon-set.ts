import type { WorkloadFacts } from '../facts.ts';
import type { Health } from '../types.ts';
import { defineKind } from './define-kind.ts';
import { dict, number } from './read.ts';
import { templateFields } from './template.ts';
import { strategyOf, workloadFacts } from './workload-facts.ts';

export const daemonSet = defineKind<WorkloadFacts>({
  kind: 'DaemonSet.apps',
  depth: 'object',
  fields: [
    ...templateFields('spec.template.spec'),
    'spec.template.metadata.labels',
    'spec.updateStrategy.type',
    'status.desiredNumberScheduled',
    'status.currentNumberScheduled',
    'status.numberReady',
    'status.numberAvailable',
    'status.updatedNumberScheduled',
    'status.numberMisscheduled',
    'status.observedGeneration',
    'status.conditions',
  ],
  project(object, intern) {
    const status = dict(object['status']);
    const desired = number(status['desiredNumberScheduled']);
    return {
      ...workloadFacts(object, intern),
      desired,
      specReplicas: desired,
      current: number(status['currentNumberScheduled']),
      ready: number(status['numberReady']),
      available: number(status['numberAvailable']),
      updated: number(status['updatedNumberScheduled']),
      misscheduled: number(status['numberMisscheduled']),
      updateStrategy: strategyOf(dict(object['spec'])['updateStrategy'], intern),
    };
  },
  health: daemonHealth,
});

function daemonHealth(facts: WorkloadFacts): Health {
  if (facts.observedGeneration < facts.generation) return 'progressing';
  if (facts.available >= facts.desired) return 'ok';
  const rolling = facts.updateStrategy !== 'OnDelete' && facts.updated < facts.desired;
  if (rolling) return 'progressing';
  return facts.available === 0 ? 'failed' : 'warning';
}
