/** What an Issuer works with. The Secrets of a ClusterIssuer are in a namespace that only cert-manager knows. */
import { defineRelation } from '../../define.ts';

export const issuerSecret = defineRelation(
  {
    id: 'issuer-secret',
    rows: [64],
    verb: 'signs with',
    sources: ['Issuer.cert-manager.io'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [
    { at: 'spec.ca.secretName', to: 'Secret' },
    { at: 'spec.acme.privateKeySecretRef', to: 'Secret', strength: 'soft' },
    { at: 'spec.acme.externalAccountBinding.keySecretRef', to: 'Secret' },
    { at: 'spec.vault.auth.tokenSecretRef', to: 'Secret' },
    { at: 'spec.vault.auth.appRole.secretRef', to: 'Secret' },
    { at: 'spec.vault.auth.kubernetes.secretRef', to: 'Secret' },
    { at: 'spec.vault.caBundleSecretRef', to: 'Secret' },
    { at: 'spec.venafi.cloud.apiTokenSecretRef', to: 'Secret' },
    { at: 'spec.venafi.tpp.credentialsRef', to: 'Secret' },
    { at: 'spec.acme.solvers[].dns01.acmeDNS.accountSecretRef', to: 'Secret' },
    { at: 'spec.acme.solvers[].dns01.akamai.accessTokenSecretRef', to: 'Secret' },
    { at: 'spec.acme.solvers[].dns01.akamai.clientSecretSecretRef', to: 'Secret' },
    { at: 'spec.acme.solvers[].dns01.akamai.clientTokenSecretRef', to: 'Secret' },
    { at: 'spec.acme.solvers[].dns01.azureDNS.clientSecretSecretRef', to: 'Secret' },
    { at: 'spec.acme.solvers[].dns01.cloudDNS.serviceAccountSecretRef', to: 'Secret' },
    { at: 'spec.acme.solvers[].dns01.cloudflare.apiKeySecretRef', to: 'Secret' },
    { at: 'spec.acme.solvers[].dns01.cloudflare.apiTokenSecretRef', to: 'Secret' },
    { at: 'spec.acme.solvers[].dns01.digitalocean.tokenSecretRef', to: 'Secret' },
    { at: 'spec.acme.solvers[].dns01.rfc2136.tsigSecretSecretRef', to: 'Secret' },
    { at: 'spec.acme.solvers[].dns01.route53.accessKeyIDSecretRef', to: 'Secret' },
    { at: 'spec.acme.solvers[].dns01.route53.secretAccessKeySecretRef', to: 'Secret' },
  ],
);
