/** An Ingress that no controller takes up: its class does not exist, or it has none and there is no default. */
import { ingress as ingressKind } from '../../../graph/project/ingress.ts';
import { ingressClass } from '../../../graph/project/ingress-class.ts';
import type { GraphView } from '../../../graph/types.ts';
import type { Detector } from '../../types.ts';
import { CRITICAL, WARNING } from '../workloads/reading/pods.ts';
import { MINUTE } from '../workloads/reading/times.ts';
import { lost, namesOf } from './reading/edges.ts';
import { allOf, onKind } from './reading/on-kind.ts';

export const ingressClassMissing: Detector = onKind(ingressKind, {
  id: 'ingress-class-missing',
  reads: [ingressClass.kind],
  affected: (changed, view) => allOf(ingressKind.kind)(changed, view),
  look({ node, facts, view }) {
    const [missing] = lost(node.id, view, 'ingress-ingress-class').filter(({ why }) => !why.optional);
    const classes = namesOf(ingressClass.kind, undefined, view);
    const known = `IngressClasses: ${classes.length === 0 ? 'none' : classes.sort().slice(0, 5).join(', ')}`;
    if (missing !== undefined)
      return {
        // An address: a controller took it up, by rules of its own.
        severity: facts.loadBalancerAddresses > 0 ? WARNING : CRITICAL,
        title: `IngressClass ${facts.className} does not exist`,
        evidence: [`spec.ingressClassName: ${facts.className}`, known],
        holdMs: MINUTE,
      };
    if (facts.className !== '' || facts.loadBalancerAddresses > 0 || hasDefault(view)) return undefined;
    return {
      severity: WARNING,
      title: 'has no class, and no IngressClass is the default: no controller takes it up',
      evidence: ['spec.ingressClassName is not set', known, 'status.loadBalancer.ingress is empty'],
      holdMs: 5 * MINUTE,
    };
  },
});

function hasDefault(view: GraphView): boolean {
  // Where the classes cannot be seen there may be one.
  if (view.kindState(ingressClass.kind).state !== 'synced') return true;
  let found = false;
  view.eachOfKind(ingressClass.kind, undefined, (id) => {
    found = ingressClass.of(view.node(id))?.isDefault === true;
    return !found;
  });
  return found;
}
