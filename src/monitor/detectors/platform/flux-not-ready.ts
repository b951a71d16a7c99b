/** What Flux could not fetch, build or apply. */
import { condition } from '../../../graph/project/conditions.ts';
import type { Detector } from '../../types.ts';
import { because, WARNING } from '../workloads/reading/pods.ts';
import { MINUTE } from '../workloads/reading/times.ts';
import { heldSince, reasonOf, saidBy } from './reading/conditions.ts';
import { lost } from './reading/edges.ts';
import { onGeneric } from './reading/on-kind.ts';

const kinds = (group: string, ...names: string[]) => names.map((name) => `${name}.${group}.toolkit.fluxcd.io`);
export const FLUX_KINDS = [
  ...kinds('source', 'GitRepository', 'HelmRepository', 'HelmChart', 'OCIRepository', 'Bucket'),
  ...kinds('kustomize', 'Kustomization'),
  ...kinds('helm', 'HelmRelease'),
  ...kinds('image', 'ImageRepository', 'ImagePolicy', 'ImageUpdateAutomation'),
];

export const fluxNotReady: Detector = onGeneric(FLUX_KINDS, {
  id: 'flux-not-ready',
  reads: FLUX_KINDS,
  look(seen) {
    const { node, facts, view } = seen;
    const [missing] = lost(node.id, view, 'flux-source', 'flux-helm-release', 'flux-credentials').filter(
      ({ why }) => !why.optional,
    );
    const stalled = condition(facts.conditions, 'Stalled');
    const ready = condition(facts.conditions, 'Ready');
    const bad = stalled?.status === 'True' ? stalled : ready?.status === 'False' ? ready : undefined;
    if (bad === undefined) return undefined;
    return {
      severity: WARNING,
      title: `not reconciled: ${reasonOf(bad)}`,
      evidence: [
        saidBy(bad, seen),
        ...(missing === undefined ? [] : [`${missing.node.kind.split('.')[0]} ${missing.node.name} does not exist`]),
      ],
      // A source that answers badly once is asked again.
      holdMs: 3 * MINUTE,
      ...heldSince(bad),
      ...because(missing?.node.id),
    };
  },
});
