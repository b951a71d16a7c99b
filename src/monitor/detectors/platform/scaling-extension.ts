/** Autoscalers that are installed on top, KEDA's and the vertical one, where they say that they cannot do their work. */
import type { Condition } from '../../../graph/facts.ts';
import type { Detector } from '../../types.ts';
import { because, MINOR, WARNING } from '../workloads/reading/pods.ts';
import { MINUTE } from '../workloads/reading/times.ts';
import { heldSince, reasonOf, saidBy } from './reading/conditions.ts';
import { lost } from './reading/edges.ts';
import { onGeneric } from './reading/on-kind.ts';

export const SCALING_KINDS = ['ScaledObject.keda.sh', 'ScaledJob.keda.sh', 'VerticalPodAutoscaler.autoscaling.k8s.io'];

/** Types of conditions that are to be False, and what they mean where they are not. */
const UNWANTED: Readonly<Record<string, string>> = {
  Fallback: 'its trigger fails, the fallback replicas are used',
  ConfigUnsupported: 'its configuration is not supported',
  NoPodsMatched: 'its target has no pods',
};

export const scalingExtension: Detector = onGeneric(SCALING_KINDS, {
  id: 'scaling-extension',
  reads: ['Deployment.apps', 'StatefulSet.apps'],
  look(seen) {
    const [target] = lost(seen.node.id, seen.view, 'keda-target', 'vertical-autoscaler-target');
    if (target !== undefined)
      return {
        severity: WARNING,
        title: `its target ${target.node.kind.split('.')[0]} ${target.node.name} does not exist`,
        evidence: [`${target.why.path} names ${target.node.name}`],
        holdMs: 2 * MINUTE,
        ...because(target.node.id),
      };
    const bad = seen.facts.conditions.find((condition) => wordsFor(condition) !== '');
    if (bad === undefined) return undefined;
    return {
      severity: bad.type === 'Ready' ? WARNING : MINOR,
      title: `${wordsFor(bad)}: ${reasonOf(bad)}`,
      evidence: [saidBy(bad, seen)],
      holdMs: 3 * MINUTE,
      ...heldSince(bad),
    };
  },
});

function wordsFor({ type, status }: Condition): string {
  if (type === 'Ready') return status === 'False' ? 'does not scale' : '';
  return status === 'True' ? (UNWANTED[type] ?? '') : '';
}
