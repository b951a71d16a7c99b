/** Secrets, accounts and values that Flux works with. */
import { defineRelation } from '../../define.ts';

export const fluxCredentials = defineRelation(
  {
    id: 'flux-credentials',
    rows: [62],
    verb: 'reads',
    sources: [
      'Kustomization.kustomize.toolkit.fluxcd.io',
      'HelmRelease.helm.toolkit.fluxcd.io',
      'GitRepository.source.toolkit.fluxcd.io',
      'HelmRepository.source.toolkit.fluxcd.io',
      'OCIRepository.source.toolkit.fluxcd.io',
      'Bucket.source.toolkit.fluxcd.io',
      'ImageRepository.image.toolkit.fluxcd.io',
      'Provider.notification.toolkit.fluxcd.io',
      'Receiver.notification.toolkit.fluxcd.io',
    ],
    class: 'dependsOn',
    strength: 'hard',
  },
  [
    { at: 'spec.secretRef', to: 'Secret' },
    { at: 'spec.certSecretRef', to: 'Secret' },
    { at: 'spec.proxySecretRef', to: 'Secret' },
    { at: 'spec.verify.secretRef', to: 'Secret' },
    { at: 'spec.decryption.secretRef', to: 'Secret' },
    { at: 'spec.kubeConfig.secretRef', to: 'Secret' },
    { at: 'spec.serviceAccountName', to: 'ServiceAccount' },
  ],
);
