/** An Ingress whose certificate is not there: its controller answers with one of its own. */
import { ingress as ingressKind } from '../../../graph/project/ingress.ts';
import type { GraphNode, GraphView } from '../../../graph/types.ts';
import type { Detector, Found } from '../../types.ts';
import { WARNING } from '../workloads/reading/pods.ts';
import { MINUTE } from '../workloads/reading/times.ts';
import { leads, lost } from './reading/edges.ts';
import { onKind } from './reading/on-kind.ts';

/** A new certificate is issued within it. */
const ISSUING = 5 * MINUTE;

export const ingressTlsSecretMissing: Detector = onKind(ingressKind, {
  id: 'ingress-tls-secret-missing',
  reads: ['Secret', 'Certificate.cert-manager.io'],
  look({ node, view }) {
    const missing = new Map(lost(node.id, view, 'ingress-tls-secret').map((lead) => [lead.node.id, lead] as const));
    return [...missing.values()].map(({ node: secret, why }): Found => {
      const writer = writerOf(secret, view);
      return {
        key: secret.name,
        severity: WARNING,
        title: `Secret ${secret.name} with its certificate does not exist`,
        evidence: [
          `${why.path}: ${secret.name}`,
          ...(writer === undefined ? [] : [`to be written by Certificate ${writer.name}`]),
        ],
        holdMs: writer === undefined ? MINUTE : ISSUING,
        cause: writer?.id ?? secret.id,
      };
    });
  },
});

const writerOf = (secret: GraphNode, view: GraphView): GraphNode | undefined =>
  leads(secret.id, view, 'secret-certificate').find(({ node }) => node.state === 'present')?.node;
