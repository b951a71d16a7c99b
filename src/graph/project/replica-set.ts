import type { WorkloadFacts } from '../facts.ts';
import { defineKind } from './define-kind.ts';
import { REVISION_ANNOTATION } from './deployment.ts';
import { dict, number, text } from './read.ts';
import { WORKLOAD_FIELDS, workloadFacts, workloadHealth } from './workload-facts.ts';

export const replicaSet = defineKind<WorkloadFacts>({
  kind: 'ReplicaSet.apps',
  depth: 'object',
  fields: WORKLOAD_FIELDS,
  project: (object, intern) => ({
    ...workloadFacts(object, intern),
    updated: number(dict(object['status'])['replicas']),
    revision: intern.text(text(dict(dict(object.metadata)['annotations'])[REVISION_ANNOTATION])),
  }),
  health: workloadHealth,
});
