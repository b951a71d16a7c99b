/** A quota that is nearly used up. */
import { quota as quotaKind } from '../../../graph/project/quota.ts';
import type { Detector } from '../../types.ts';
import { HINT, MINOR } from '../workloads/reading/pods.ts';
import { MINUTE } from '../workloads/reading/times.ts';
import { onKind } from './reading/on-kind.ts';
import { fullest, used } from './reading/quotas.ts';

const NEAR = 0.9;

export const quotaNear: Detector = onKind(quotaKind, {
  id: 'quota-near',
  class: 'hygiene',
  look({ facts }) {
    const full = fullest(facts).filter(({ share }) => share >= NEAR);
    const [first] = full;
    if (first === undefined) return undefined;
    return {
      severity: first.share >= 1 ? MINOR : HINT,
      title: `${first.share >= 1 ? 'used up' : 'nearly used up'}: ${full.map(used).slice(0, 3).join(', ')}`,
      evidence: full.slice(0, 5).map((one) => `status.used: ${used(one)}`),
      holdMs: 10 * MINUTE,
    };
  },
});
