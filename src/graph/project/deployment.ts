import type { WorkloadFacts } from '../facts.ts';
import { defineKind } from './define-kind.ts';
import { dict, number, text } from './read.ts';
import { strategyOf, WORKLOAD_FIELDS, workloadFacts, workloadHealth } from './workload-facts.ts';

export const REVISION_ANNOTATION = 'deployment.kubernetes.io/revision';

export const deployment = defineKind<WorkloadFacts>({
  kind: 'Deployment.apps',
  depth: 'object',
  fields: [
    ...WORKLOAD_FIELDS,
    'spec.paused',
    'spec.strategy.type',
    'spec.progressDeadlineSeconds',
    'status.updatedReplicas',
  ],
  project(object, intern) {
    const spec = dict(object['spec']);
    return {
      ...workloadFacts(object, intern),
      paused: spec['paused'] === true,
      revision: intern.text(text(dict(dict(object.metadata)['annotations'])[REVISION_ANNOTATION])),
      updateStrategy: strategyOf(spec['strategy'], intern),
      progressDeadline: number(spec['progressDeadlineSeconds']),
    };
  },
  health: workloadHealth,
});
