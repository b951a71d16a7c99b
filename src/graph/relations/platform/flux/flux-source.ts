/** Where Flux takes manifests and charts from. */
import { defineRelation } from '../../define.ts';

export const fluxSource = defineRelation(
  {
    id: 'flux-source',
    rows: [62],
    verb: 'is built from',
    sources: [
      'Kustomization.kustomize.toolkit.fluxcd.io',
      'HelmRelease.helm.toolkit.fluxcd.io',
      'HelmChart.source.toolkit.fluxcd.io',
      'ImageUpdateAutomation.image.toolkit.fluxcd.io',
    ],
    class: 'dependsOn',
    strength: 'hard',
  },
  [
    { at: 'spec.sourceRef', to: { kind: 'GitRepository', group: 'source.toolkit.fluxcd.io' }, across: true },
    {
      at: 'spec.chart.spec.sourceRef',
      to: { kind: 'HelmRepository', group: 'source.toolkit.fluxcd.io' },
      across: true,
    },
    { at: 'spec.chartRef', to: { kind: 'HelmChart', group: 'source.toolkit.fluxcd.io' }, across: true },
  ],
);
