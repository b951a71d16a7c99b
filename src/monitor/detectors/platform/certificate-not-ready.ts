/** A certificate of cert-manager that is not issued, or an issuer that cannot issue any. */
import { certificate as certificateKind } from '../../../graph/project/certificate.ts';
import { condition } from '../../../graph/project/conditions.ts';
import { generic } from '../../../graph/project/generic.ts';
import type { GraphNode } from '../../../graph/types.ts';
import type { Detector } from '../../types.ts';
import { lookWith } from '../workloads/reading/looking.ts';
import { because, CRITICAL, WARNING } from '../workloads/reading/pods.ts';
import { MINUTE } from '../workloads/reading/times.ts';
import { heldSince, reasonOf, saidBy } from './reading/conditions.ts';
import { leads, lost } from './reading/edges.ts';

const ISSUERS = ['Issuer.cert-manager.io', 'ClusterIssuer.cert-manager.io'];

export const certificateNotReady: Detector = {
  id: 'certificate-not-ready',
  class: 'incident',
  kinds: [certificateKind.kind, ...ISSUERS],
  reads: ISSUERS,
  detect(node, context) {
    const conditions = conditionsOf(node);
    const ready = condition(conditions, 'Ready');
    if (node.deleting !== undefined || ready?.status !== 'False') return [];
    return lookWith(context, { node }, (seen) => {
      const issuing = condition(conditions, 'Issuing');
      const said = issuing?.reason === 'Failed' ? issuing : ready;
      const [missing] = lost(node.id, seen.view, 'certificate-issuer', 'issuer-secret');
      const issuer = leads(node.id, seen.view, 'certificate-issuer').find(
        ({ node: target }) => condition(conditionsOf(target), 'Ready')?.status === 'False',
      );
      const expired = ready.reason === 'Expired';
      return {
        severity: expired ? CRITICAL : WARNING,
        title: `${expired ? 'expired' : 'not ready'}: ${reasonOf(said)}`,
        evidence: [
          saidBy(ready, seen),
          ...(said === ready ? [] : [saidBy(said, seen)]),
          ...(missing === undefined ? [] : [`${missing.node.kind.split('.')[0]} ${missing.node.name} does not exist`]),
        ],
        // Proofs of ownership take minutes.
        holdMs: expired ? 0 : 10 * MINUTE,
        ...heldSince(ready),
        ...because((missing ?? issuer)?.node.id),
      };
    });
  },
};

const conditionsOf = (node: GraphNode) => (certificateKind.of(node) ?? generic.of(node))?.conditions ?? [];
