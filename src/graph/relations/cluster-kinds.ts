/** Which kinds live in no namespace, where an object that names one does not say it. Discovery corrects it for kinds that are not here. */
import { isClusterScoped } from '../project/scope.ts';
import type { KindKey } from '../types.ts';

const ADDED: ReadonlySet<KindKey> = new Set([
  'ClusterAnalysisTemplate.argoproj.io',
  'ClusterExternalSecret.external-secrets.io',
  'ClusterGenerator.generators.external-secrets.io',
  'ClusterIssuer.cert-manager.io',
  'ClusterPushSecret.external-secrets.io',
  'ClusterQueue.kueue.x-k8s.io',
  'ClusterSecretStore.external-secrets.io',
  'ClusterTriggerAuthentication.keda.sh',
  'Cohort.kueue.x-k8s.io',
  'ResourceFlavor.kueue.x-k8s.io',
  'AdmissionCheck.kueue.x-k8s.io',
  'Composition.apiextensions.crossplane.io',
  'CompositionRevision.apiextensions.crossplane.io',
  'CompositeResourceDefinition.apiextensions.crossplane.io',
  'DeploymentRuntimeConfig.pkg.crossplane.io',
  'Function.pkg.crossplane.io',
  'Provider.pkg.crossplane.io',
]);

export function isClusterKind(kind: KindKey): boolean {
  return kind.startsWith('~') || isClusterScoped(kind) || ADDED.has(kind);
}
