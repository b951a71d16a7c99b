/** Values that Flux fills in, and what it waits for to be healthy. */
import { defineRelation } from '../../define.ts';

const VALUES = { kind: '', group: '', only: ['Secret', 'ConfigMap'] };

export const fluxValues = defineRelation(
  {
    id: 'flux-values',
    rows: [62],
    verb: 'takes values from',
    sources: ['Kustomization.kustomize.toolkit.fluxcd.io', 'HelmRelease.helm.toolkit.fluxcd.io'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [
    { at: 'spec.valuesFrom[]', to: VALUES },
    { at: 'spec.postBuild.substituteFrom[]', to: VALUES },
  ],
);
