/** A Service without a selector that nobody is behind: its endpoints were never written, or it is another name of what is gone. */
import type { ServiceFacts } from '../../../graph/facts.ts';
import { service as serviceKind } from '../../../graph/project/service.ts';
import { endpointsOf } from '../../causes/blast.ts';
import type { Detector, Found } from '../../types.ts';
import { CRITICAL } from '../workloads/reading/pods.ts';
import { MINUTE } from '../workloads/reading/times.ts';
import { known, lost } from './reading/edges.ts';
import { type Looked, onKind } from './reading/on-kind.ts';
import { ENDPOINTS, usersOf } from './reading/services.ts';

/** Who writes the endpoints by hand, or installs both Services, does so within it. */
const HOLD = 2 * MINUTE;

export const serviceLeadsNowhere: Detector = onKind(serviceKind, {
  id: 'service-leads-nowhere',
  reads: [ENDPOINTS],
  look(seen) {
    const { type, selector } = seen.facts;
    if (type === 'ExternalName') return alias(seen);
    return Object.keys(selector).length === 0 ? unwritten(seen) : undefined;
  },
});

function alias({ node, facts, view }: Looked<ServiceFacts>): Found | undefined {
  const [target] = lost(node.id, view, 'service-external-host');
  if (target?.node.kind !== serviceKind.kind) return undefined;
  const by = usedBy({ node, view });
  if (by === undefined) return undefined;
  const { namespace, name } = target.node;
  return {
    severity: CRITICAL,
    title: `is another name of Service ${namespace}/${name}, which does not exist`,
    evidence: [`spec.externalName: ${facts.externalName}`, by],
    holdMs: HOLD,
  };
}

function unwritten({ node, view }: Looked<ServiceFacts>): Found | undefined {
  if (!known(view, ENDPOINTS) || endpointsOf(view, node.id).total > 0) return undefined;
  const by = usedBy({ node, view });
  if (by === undefined) return undefined;
  return {
    severity: CRITICAL,
    title: 'no endpoint: it has no selector, and nobody has written endpoints for it',
    evidence: ['spec.selector: none', 'no EndpointSlice of it has an address', by],
    holdMs: HOLD,
    advice: 'set spec.selector, or create an EndpointSlice with the addresses',
  };
}

/** What nobody uses may be there for what is still to come. */
function usedBy({ node, view }: Pick<Looked<ServiceFacts>, 'node' | 'view'>): string | undefined {
  const users = usersOf(node.id, view).slice(0, 3);
  if (users.length === 0) return undefined;
  return `used by ${users.map((user) => `${user.kind.split('.')[0]} ${user.namespace}/${user.name}`).join(', ')}`;
}
