/** An aggregated API that does not answer. */
import { apiService as apiServiceKind } from '../../../graph/project/api-service.ts';
import { condition } from '../../../graph/project/conditions.ts';
import type { Detector } from '../../types.ts';
import { because, CRITICAL, POD, WARNING } from '../workloads/reading/pods.ts';
import { MINUTE } from '../workloads/reading/times.ts';
import { heldSince, reasonOf, saidBy } from './reading/conditions.ts';
import { onKind } from './reading/on-kind.ts';
import { answerOf, WORKLOADS } from './reading/services.ts';

export const apiServiceUnavailable: Detector = onKind(apiServiceKind, {
  id: 'apiservice-unavailable',
  reads: ['Service', POD, ...WORKLOADS],
  // It says itself whether it is available; what is behind it is looked up when it does.
  affected: () => [],
  look(seen) {
    const { facts, view } = seen;
    const available = condition(facts.conditions, 'Available');
    if (available === undefined || available.status === 'True') return undefined;
    const { namespace, name } = facts.service;
    const answer = name === '' ? undefined : answerOf(namespace, name, view);
    const silent = answer?.answers === false ? answer : undefined;
    return {
      // Without metrics nothing scales; without any other, namespaces cannot be deleted either, and its objects are out of reach.
      severity: facts.group.endsWith('metrics.k8s.io') ? WARNING : CRITICAL,
      title: `the API ${facts.group}/${facts.version} is not available: ${silent?.says ?? reasonOf(available)}`,
      evidence: [saidBy(available, seen), ...(silent === undefined ? [] : [silent.says])],
      holdMs: MINUTE,
      ...heldSince(available),
      ...because(silent?.cause),
    };
  },
});
