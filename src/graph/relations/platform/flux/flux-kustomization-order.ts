/** What is applied before it. */
import { defineRelation } from '../../define.ts';

export const fluxKustomizationOrder = defineRelation(
  {
    id: 'flux-kustomization-order',
    rows: [62],
    verb: 'waits for',
    sources: ['Kustomization.kustomize.toolkit.fluxcd.io'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [{ at: 'spec.dependsOn[]', to: 'Kustomization.kustomize.toolkit.fluxcd.io', across: true }],
);
