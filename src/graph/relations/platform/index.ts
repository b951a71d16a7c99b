/** Relations of what is installed on top: Gateway API, cert-manager, Argo CD, Flux… */
import type { Relation } from '../../types.ts';
import { applicationObjects } from './argo/application-objects.ts';
import { applicationProject } from './argo/application-project.ts';
import { trackedObject } from './argo/tracked-object.ts';
import { kueueClusterQueue } from './batch/kueue-cluster-queue.ts';
import { kueueJobQueue } from './batch/kueue-job-queue.ts';
import { kueueQueue } from './batch/kueue-queue.ts';
import { kueueWorkloadQueue } from './batch/kueue-workload-queue.ts';
import { rolloutAnalysis } from './batch/rollout-analysis.ts';
import { rolloutTraffic } from './batch/rollout-traffic.ts';
import { rolloutWorkload } from './batch/rollout-workload.ts';
import { annotatedIssuer } from './cert-manager/annotated-issuer.ts';
import { authorityInjection } from './cert-manager/authority-injection.ts';
import { certificateIssuer } from './cert-manager/certificate-issuer.ts';
import { certificateKeystore } from './cert-manager/certificate-keystore.ts';
import { issuerSecret } from './cert-manager/issuer-secret.ts';
import { secretCertificate } from './cert-manager/secret-certificate.ts';
import { podCertificate } from './certificates/pod-certificate.ts';
import { podTrustBundle } from './certificates/pod-trust-bundle.ts';
import { signingRequest } from './certificates/signing-request.ts';
import { apiService } from './control-plane/api-service.ts';
import { crdConversion } from './control-plane/crd-conversion.ts';
import { customResourceDefinition } from './control-plane/custom-resource-definition.ts';
import { mutatingPolicyBinding } from './control-plane/mutating-policy-binding.ts';
import { validatingPolicyBinding } from './control-plane/validating-policy-binding.ts';
import { webhookService } from './control-plane/webhook-service.ts';
import { claimComposite } from './crossplane/claim-composite.ts';
import { compositeParts } from './crossplane/composite-parts.ts';
import { composition } from './crossplane/composition.ts';
import { compositionParts } from './crossplane/composition-parts.ts';
import { packageRuntime } from './crossplane/package-runtime.ts';
import { clusterExternalSecretStore } from './external-secrets/cluster-external-secret-store.ts';
import { externalSecretGenerator } from './external-secrets/external-secret-generator.ts';
import { externalSecretStore } from './external-secrets/external-secret-store.ts';
import { pushSecretSource } from './external-secrets/push-secret-source.ts';
import { secretExternalSecret } from './external-secrets/secret-external-secret.ts';
import { fluxAlertProvider } from './flux/flux-alert-provider.ts';
import { fluxCredentials } from './flux/flux-credentials.ts';
import { fluxHelmRelease } from './flux/flux-helm-release.ts';
import { fluxImagePolicy } from './flux/flux-image-policy.ts';
import { fluxKustomizationOrder } from './flux/flux-kustomization-order.ts';
import { fluxObject } from './flux/flux-object.ts';
import { fluxReleaseOrder } from './flux/flux-release-order.ts';
import { fluxSource } from './flux/flux-source.ts';
import { fluxValues } from './flux/flux-values.ts';
import { backendPolicyAuthority } from './gateway/backend-policy-authority.ts';
import { backendPolicyTarget } from './gateway/backend-policy-target.ts';
import { gatewayCertificate } from './gateway/gateway-certificate.ts';
import { gatewayClass } from './gateway/gateway-class.ts';
import { gatewayParameters } from './gateway/gateway-parameters.ts';
import { listenerSetGateway } from './gateway/listener-set-gateway.ts';
import { referenceGrant } from './gateway/reference-grant.ts';
import { routeBackend } from './gateway/route-backend.ts';
import { routeFilter } from './gateway/route-filter.ts';
import { routeGateway } from './gateway/route-gateway.ts';
import { helmHistory } from './helm/helm-history.ts';
import { helmRelease } from './helm/helm-release.ts';
import { cronJobHost } from './hosts/cron-job-host.ts';
import { ingressLogin } from './hosts/ingress-login.ts';
import { podHost } from './hosts/pod-host.ts';
import { workloadHost } from './hosts/workload-host.ts';
import { destinationRuleHost } from './istio/destination-rule-host.ts';
import { hostServiceEntry } from './istio/host-service-entry.ts';
import { istioGatewayCertificate } from './istio/istio-gateway-certificate.ts';
import { istioGatewayPods } from './istio/istio-gateway-pods.ts';
import { istioPolicyPods } from './istio/istio-policy-pods.ts';
import { istioPolicyTarget } from './istio/istio-policy-target.ts';
import { subsetDestinationRule } from './istio/subset-destination-rule.ts';
import { virtualServiceDestination } from './istio/virtual-service-destination.ts';
import { virtualServiceGateway } from './istio/virtual-service-gateway.ts';
import { virtualServiceSubset } from './istio/virtual-service-subset.ts';
import { catalog } from './olm/catalog.ts';
import { catalogSecret } from './olm/catalog-secret.ts';
import { installPlanVersions } from './olm/install-plan-versions.ts';
import { kindOperator } from './olm/kind-operator.ts';
import { operatorDeployment } from './olm/operator-deployment.ts';
import { operatorGroup } from './olm/operator-group.ts';
import { operatorGroupAccount } from './olm/operator-group-account.ts';
import { operatorRequiredKinds } from './olm/operator-required-kinds.ts';
import { subscriptionVersions } from './olm/subscription-versions.ts';
import { adminPolicyPods } from './policies/admin-policy-pods.ts';
import { calicoPolicyPods } from './policies/calico-policy-pods.ts';
import { ciliumPolicyPods } from './policies/cilium-policy-pods.ts';
import { alertmanagerConfig } from './prometheus/alertmanager-config.ts';
import { monitorCredentials } from './prometheus/monitor-credentials.ts';
import { podMonitor } from './prometheus/pod-monitor.ts';
import { prometheusAlertmanager } from './prometheus/prometheus-alertmanager.ts';
import { prometheusConfig } from './prometheus/prometheus-config.ts';
import { prometheusSelection } from './prometheus/prometheus-selection.ts';
import { serviceMonitor } from './prometheus/service-monitor.ts';
import { kedaAuthentication } from './scaling/keda-authentication.ts';
import { kedaAuthenticationSource } from './scaling/keda-authentication-source.ts';
import { kedaTarget } from './scaling/keda-target.ts';
import { verticalAutoscalerTarget } from './scaling/vertical-autoscaler-target.ts';

export const PLATFORM_RELATIONS: readonly Relation[] = [
  applicationObjects,
  applicationProject,
  trackedObject,
  kueueClusterQueue,
  kueueJobQueue,
  kueueQueue,
  kueueWorkloadQueue,
  rolloutAnalysis,
  rolloutTraffic,
  rolloutWorkload,
  annotatedIssuer,
  authorityInjection,
  certificateIssuer,
  certificateKeystore,
  issuerSecret,
  secretCertificate,
  podCertificate,
  podTrustBundle,
  signingRequest,
  apiService,
  crdConversion,
  customResourceDefinition,
  mutatingPolicyBinding,
  validatingPolicyBinding,
  webhookService,
  claimComposite,
  compositeParts,
  compositionParts,
  composition,
  packageRuntime,
  clusterExternalSecretStore,
  externalSecretGenerator,
  externalSecretStore,
  pushSecretSource,
  secretExternalSecret,
  fluxAlertProvider,
  fluxCredentials,
  fluxHelmRelease,
  fluxImagePolicy,
  fluxKustomizationOrder,
  fluxObject,
  fluxReleaseOrder,
  fluxSource,
  fluxValues,
  backendPolicyAuthority,
  backendPolicyTarget,
  gatewayCertificate,
  gatewayClass,
  gatewayParameters,
  listenerSetGateway,
  referenceGrant,
  routeBackend,
  routeFilter,
  routeGateway,
  helmHistory,
  helmRelease,
  cronJobHost,
  ingressLogin,
  podHost,
  workloadHost,
  destinationRuleHost,
  hostServiceEntry,
  istioGatewayCertificate,
  istioGatewayPods,
  istioPolicyPods,
  istioPolicyTarget,
  subsetDestinationRule,
  virtualServiceDestination,
  virtualServiceGateway,
  virtualServiceSubset,
  catalogSecret,
  catalog,
  installPlanVersions,
  kindOperator,
  operatorDeployment,
  operatorGroupAccount,
  operatorGroup,
  operatorRequiredKinds,
  subscriptionVersions,
  adminPolicyPods,
  calicoPolicyPods,
  ciliumPolicyPods,
  alertmanagerConfig,
  monitorCredentials,
  podMonitor,
  prometheusAlertmanager,
  prometheusConfig,
  prometheusSelection,
  serviceMonitor,
  kedaAuthenticationSource,
  kedaAuthentication,
  kedaTarget,
  verticalAutoscalerTarget,
];
