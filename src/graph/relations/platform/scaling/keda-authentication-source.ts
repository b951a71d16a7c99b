/** Where KEDA finds credentials. Those of a ClusterTriggerAuthentication are in the namespace KEDA runs in, which it does not say. */
import { defineRelation } from '../../define.ts';

export const kedaAuthenticationSource = defineRelation(
  {
    id: 'keda-authentication-source',
    rows: [47],
    verb: 'takes its credentials from',
    sources: ['TriggerAuthentication.keda.sh'],
    class: 'dependsOn',
    strength: 'hard',
  },
  [
    { at: 'spec.secretTargetRef[]', to: 'Secret' },
    { at: 'spec.configMapTargetRef[]', to: 'ConfigMap' },
    { at: 'spec.azureKeyVault.credentials.clientSecret.valueFrom.secretKeyRef', to: 'Secret' },
    { at: 'spec.awsSecretManager.credentials.accessKey.valueFrom.secretKeyRef', to: 'Secret' },
    { at: 'spec.awsSecretManager.credentials.accessSecretKey.valueFrom.secretKeyRef', to: 'Secret' },
    { at: 'spec.gcpSecretManager.credentials.clientSecret.valueFrom.secretKeyRef', to: 'Secret' },
    { at: 'spec.hashiCorpVault.credential.serviceAccountName', to: 'ServiceAccount' },
  ],
);
