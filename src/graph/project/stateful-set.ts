import type { WorkloadFacts } from '../facts.ts';
import { defineKind } from './define-kind.ts';
import { dict, text } from './read.ts';
import { strategyOf, WORKLOAD_FIELDS, workloadFacts, workloadHealth } from './workload-facts.ts';

export const statefulSet = defineKind<WorkloadFacts>({
  kind: 'StatefulSet.apps',
  depth: 'object',
  fields: [
    ...WORKLOAD_FIELDS,
    'spec.updateStrategy.type',
    'status.updatedReplicas',
    'status.currentRevision',
    'status.updateRevision',
  ],
  project(object, intern) {
    const status = dict(object['status']);
    return {
      ...workloadFacts(object, intern),
      currentRevision: intern.text(text(status['currentRevision'])),
      updateRevision: intern.text(text(status['updateRevision'])),
      updateStrategy: strategyOf(dict(object['spec'])['updateStrategy'], intern),
    };
  },
  health: workloadHealth,
});
