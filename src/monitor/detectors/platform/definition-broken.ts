/** A custom kind that is not served, or whose versions nobody converts. */
import { condition } from '../../../graph/project/conditions.ts';
import { definition as definitionKind } from '../../../graph/project/definition.ts';
import type { Detector } from '../../types.ts';
import { because, CRITICAL, POD, WARNING } from '../workloads/reading/pods.ts';
import { MINUTE } from '../workloads/reading/times.ts';
import { heldSince, reasonOf, saidBy } from './reading/conditions.ts';
import { leads } from './reading/edges.ts';
import { onKind } from './reading/on-kind.ts';
import { answerOf } from './reading/services.ts';

export const definitionBroken: Detector = onKind(definitionKind, {
  id: 'definition-broken',
  reads: ['Service', POD],
  affected(changed, view) {
    const found: number[] = [];
    const service = (id: number) =>
      view.in(id, (source, { relation }) => {
        if (relation.id === 'crd-conversion') found.push(source);
        return undefined;
      });
    if (changed.kind === 'Service') service(changed.id);
    else
      view.in(changed.id, (source, { relation }) => {
        if (relation.id === 'service-pod') service(source);
        return undefined;
      });
    return found;
  },
  look(seen) {
    const { node, facts, view } = seen;
    for (const type of ['Established', 'NamesAccepted']) {
      const bad = condition(facts.conditions, type);
      if (bad?.status !== 'False') continue;
      return {
        severity: WARNING,
        title: `${facts.kind} is not served: ${reasonOf(bad)}`,
        evidence: [saidBy(bad, seen)],
        holdMs: MINUTE,
        ...heldSince(bad),
      };
    }
    const [converter] = leads(node.id, view, 'crd-conversion');
    if (converter === undefined) return undefined;
    const answer = answerOf(converter.node.namespace, converter.node.name, view);
    if (answer.answers) return undefined;
    return {
      severity: facts.served.length > 1 ? CRITICAL : WARNING,
      title: `versions of ${facts.kind} cannot be converted: ${answer.says}`,
      evidence: [answer.says, `served versions: ${facts.served.join(', ')}`],
      holdMs: MINUTE,
      ...because(answer.cause),
    };
  },
});
