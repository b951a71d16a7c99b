/** Gateways and routes that their controller did not take, or that it cannot serve as they are. */
import type { Condition, GenericFacts } from '../../../graph/facts.ts';
import type { Detector, Found } from '../../types.ts';
import { CRITICAL, WARNING } from '../workloads/reading/pods.ts';
import { MINUTE } from '../workloads/reading/times.ts';
import { heldSince, reasonOf, saidBy } from './reading/conditions.ts';
import { lost } from './reading/edges.ts';
import { type Looked, onGeneric } from './reading/on-kind.ts';

const group = (kind: string) => `${kind}.gateway.networking.k8s.io`;
const GATEWAY_CLASS = group('GatewayClass');
const ROUTES = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'].map(group);
export const GATEWAY_KINDS = [GATEWAY_CLASS, group('Gateway'), ...ROUTES];

/** What is to be true, and what it means where it is not. */
const WANTED: Readonly<Record<string, string>> = {
  Accepted: 'not accepted',
  Programmed: 'not programmed',
  ResolvedRefs: 'refers to what cannot be used',
  Ready: 'not ready',
};

export const gatewayNotReady: Detector = onGeneric(GATEWAY_KINDS, {
  id: 'gateway-not-ready',
  reads: ['Service', 'Secret'],
  look(seen) {
    const [parent] = lost(seen.node.id, seen.view, 'route-gateway', 'gateway-class');
    if (parent !== undefined)
      return {
        severity: CRITICAL,
        title: `${parent.node.kind.split('.')[0]} ${parent.node.name} does not exist`,
        evidence: [`${parent.why.path} names ${parent.node.name}`],
        holdMs: MINUTE,
        cause: parent.node.id,
      };
    return failing(seen).map(
      ({ condition, says }): Found => ({
        key: condition.type,
        severity: seen.node.kind === GATEWAY_CLASS || condition.type === 'Ready' ? WARNING : CRITICAL,
        title: `${says}: ${reasonOf(condition)}`,
        evidence: [saidBy(condition, seen)],
        holdMs: condition.status === 'Unknown' ? 5 * MINUTE : MINUTE,
        ...heldSince(condition),
      }),
    );
  },
});

/** The worst of each type; a listener or a parent may say another thing than the whole. */
function failing({ facts }: Looked<GenericFacts>): { condition: Condition; says: string }[] {
  const found = new Map<string, { condition: Condition; says: string }>();
  for (const condition of facts.conditions) {
    const says = WANTED[condition.type];
    if (says === undefined || condition.status === 'True') continue;
    if (condition.status === 'False' || !found.has(condition.type)) found.set(condition.type, { condition, says });
  }
  if (facts.conditions.some(({ type, status }) => type === 'Conflicted' && status === 'True')) {
    const condition = facts.conditions.find(({ type, status }) => type === 'Conflicted' && status === 'True');
    if (condition !== undefined) found.set(condition.type, { condition, says: 'its listeners contradict each other' });
  }
  return [...found.values()];
}
