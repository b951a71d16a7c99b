/** What is installed before it. */
import { defineRelation } from '../../define.ts';

export const fluxReleaseOrder = defineRelation(
  {
    id: 'flux-release-order',
    rows: [62],
    verb: 'waits for',
    sources: ['HelmRelease.helm.toolkit.fluxcd.io'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [{ at: 'spec.dependsOn[]', to: 'HelmRelease.helm.toolkit.fluxcd.io', across: true }],
);
