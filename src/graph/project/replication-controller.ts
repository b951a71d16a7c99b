import type { WorkloadFacts } from '../facts.ts';
import { defineKind } from './define-kind.ts';
import { dict, number } from './read.ts';
import { WORKLOAD_FIELDS, workloadFacts, workloadHealth } from './workload-facts.ts';

export const replicationController = defineKind<WorkloadFacts>({
  kind: 'ReplicationController',
  depth: 'object',
  fields: WORKLOAD_FIELDS,
  project: (object, intern) => ({
    ...workloadFacts(object, intern),
    updated: number(dict(object['status'])['replicas']),
  }),
  health: workloadHealth,
});
