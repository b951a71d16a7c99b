/** A certificate that should have been renewed by now and was not, or that ends within days. */
import { certificate as certificateKind } from '../../../graph/project/certificate.ts';
import type { Detector } from '../../types.ts';
import { CRITICAL, WARNING } from '../workloads/reading/pods.ts';
import { DAY, HOUR, span } from '../workloads/reading/times.ts';

/** After the time of renewal: cert-manager tries again for some hours by itself. */
const LATE = 6 * HOUR;
const URGENT = 2 * DAY;

export const certificateExpiring: Detector = {
  id: 'certificate-expiring',
  class: 'incident',
  kinds: [certificateKind.kind],
  reads: [],
  detect(node, context) {
    const facts = certificateKind.of(node);
    if (facts === undefined || node.deleting !== undefined || facts.notAfter === 0 || facts.renewal === 0) return [];
    const { now } = context;
    const late = Math.min(facts.renewal + LATE, facts.notAfter);
    context.lookAgain?.(Math.max(late, now + HOUR));
    if (now < late) return [];
    const left = facts.notAfter - now;
    return [
      {
        severity: left < URGENT ? CRITICAL : WARNING,
        title: left > 0 ? 'was not renewed and will expire' : 'has expired',
        evidence: [
          `status.notAfter: ${left > 0 ? `in ${span(left)}` : `${span(-left)} ago`}`,
          `status.renewalTime: ${span(now - facts.renewal)} ago`,
          `kept in Secret ${facts.secret}`,
        ],
        since: late,
      },
    ];
  },
};
