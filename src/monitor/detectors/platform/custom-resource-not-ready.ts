/** An object of a custom kind whose operator says that it is not as it should be. */
import type { Condition, GenericFacts } from '../../../graph/facts.ts';
import { splitKindKey } from '../../../graph/kind-key.ts';
import type { Detector } from '../../types.ts';
import { MINOR, WARNING } from '../workloads/reading/pods.ts';
import { MINUTE } from '../workloads/reading/times.ts';
import { heldSince, reasonOf, saidBy } from './reading/conditions.ts';
import { type Looked, onGeneric } from './reading/on-kind.ts';

/** Groups whose objects have detectors of their own. */
const TOLD_ELSEWHERE: ReadonlySet<string> = new Set(['cert-manager.io', 'keda.sh', 'argoproj.io']);
const FLUX = /\.toolkit\.fluxcd\.io$/;
/** Types that the conventions of Kubernetes and of kstatus give a meaning, the most telling first. */
const GRAVE = ['Stalled', 'Degraded', 'Failed', 'Failure'];
const WANTED = ['Synced', 'Available', 'Healthy', 'Reconciled', 'Ready'];
/** Reasons of what is over, or rests because somebody wanted it to. */
const MEANT = /complete|succeeded|finished|suspend|paused|disabled|hibernat|scaledtozero|terminated/i;

export const customResourceNotReady: Detector = onGeneric('any', {
  id: 'custom-resource-not-ready',
  look(seen) {
    const { group } = splitKindKey(seen.node.kind);
    // Kinds of Kubernetes itself mean their own things by their conditions.
    if (!group.includes('.') || group.endsWith('.k8s.io') || TOLD_ELSEWHERE.has(group) || FLUX.test(group))
      return undefined;
    const bad = worst(seen);
    if (bad === undefined) return undefined;
    const grave = GRAVE.includes(bad.type);
    return {
      severity: grave ? WARNING : MINOR,
      title: `${grave ? bad.type : `not ${bad.type}`}${bad.reason === '' && bad.message === '' ? '' : `: ${reasonOf(bad)}`}`,
      evidence: [saidBy(bad, seen)],
      holdMs: 10 * MINUTE,
      ...heldSince(bad),
    };
  },
});

function worst({ facts: { conditions } }: Looked<GenericFacts>): Condition | undefined {
  const found = (types: readonly string[], status: Condition['status']) =>
    types.flatMap((type) => conditions.filter((one) => one.type === type && one.status === status))[0];
  const bad = found(GRAVE, 'True') ?? found(WANTED, 'False');
  return bad === undefined || MEANT.test(bad.reason) ? undefined : bad;
}
