/** Relations of the kinds that Kubernetes itself brings. */
import type { Relation } from '../../types.ts';
import { attachmentDriver } from './attachment-driver.ts';
import { attachmentNode } from './attachment-node.ts';
import { attachmentVolume } from './attachment-volume.ts';
import { autoscalerMetricsApi } from './autoscaler-metrics-api.ts';
import { autoscalerTarget } from './autoscaler-target.ts';
import { budgetPod } from './budget-pod.ts';
import { claimVolume } from './claim-volume.ts';
import { clusterRoleAggregate } from './cluster-role-aggregate.ts';
import { csiNodeDriver } from './csi-node-driver.ts';
import { endpointSliceNode } from './endpoint-slice-node.ts';
import { endpointSlicePod } from './endpoint-slice-pod.ts';
import { endpointSliceService } from './endpoint-slice-service.ts';
import { flowSchemaPriorityLevel } from './flow-schema-priority-level.ts';
import { ingressClassParameters } from './ingress-class-parameters.ts';
import { ingressIngressClass } from './ingress-ingress-class.ts';
import { ingressResourceBackend } from './ingress-resource-backend.ts';
import { ingressService } from './ingress-service.ts';
import { ingressTlsSecret } from './ingress-tls-secret.ts';
import { ipAddressService } from './ip-address-service.ts';
import { namespaceQuota } from './namespace-quota.ts';
import { networkPolicyPod } from './network-policy-pod.ts';
import { nodeCsiNode } from './node-csi-node.ts';
import { nodeZone } from './node-zone.ts';
import { owner } from './owner.ts';
import { podClaim } from './pod-claim.ts';
import { podClass } from './pod-class.ts';
import { podConfigMap } from './pod-config-map.ts';
import { podImage } from './pod-image.ts';
import { podNode } from './pod-node.ts';
import { podPullSecret } from './pod-pull-secret.ts';
import { podResourceClaim } from './pod-resource-claim.ts';
import { podSecret } from './pod-secret.ts';
import { podServiceAccount } from './pod-service-account.ts';
import { resourceClaimDeviceClass } from './resource-claim-device-class.ts';
import { resourceSliceNode } from './resource-slice-node.ts';
import { roleBindingRole } from './role-binding-role.ts';
import { roleBindingSubject } from './role-binding-subject.ts';
import { runtimeClassNode } from './runtime-class-node.ts';
import { serviceAccountPullSecret } from './service-account-pull-secret.ts';
import { serviceAccountSecret } from './service-account-secret.ts';
import { serviceExternalHost } from './service-external-host.ts';
import { servicePod } from './service-pod.ts';
import { snapshotClaim } from './snapshot-claim.ts';
import { snapshotClass } from './snapshot-class.ts';
import { snapshotContent } from './snapshot-content.ts';
import { statefulSetClaim } from './stateful-set-claim.ts';
import { statefulSetService } from './stateful-set-service.ts';
import { storageClassDriver } from './storage-class-driver.ts';
import { templateClaim } from './template-claim.ts';
import { templateClass } from './template-class.ts';
import { templateConfigMap } from './template-config-map.ts';
import { templateImage } from './template-image.ts';
import { templatePullSecret } from './template-pull-secret.ts';
import { templateResourceClaim } from './template-resource-claim.ts';
import { templateSecret } from './template-secret.ts';
import { templateServiceAccount } from './template-service-account.ts';
import { tokenSecretServiceAccount } from './token-secret-service-account.ts';
import { volumeClaim } from './volume-claim.ts';
import { volumeDriver } from './volume-driver.ts';
import { volumeDriverSecret } from './volume-driver-secret.ts';
import { volumeStorageClass } from './volume-storage-class.ts';

export const CORE_RELATIONS: readonly Relation[] = [
  attachmentDriver,
  attachmentNode,
  attachmentVolume,
  autoscalerMetricsApi,
  autoscalerTarget,
  budgetPod,
  claimVolume,
  clusterRoleAggregate,
  csiNodeDriver,
  endpointSliceNode,
  endpointSlicePod,
  endpointSliceService,
  flowSchemaPriorityLevel,
  ingressClassParameters,
  ingressIngressClass,
  ingressResourceBackend,
  ingressService,
  ingressTlsSecret,
  ipAddressService,
  namespaceQuota,
  networkPolicyPod,
  nodeCsiNode,
  nodeZone,
  owner,
  podClaim,
  podClass,
  podConfigMap,
  podImage,
  podNode,
  podPullSecret,
  podResourceClaim,
  podSecret,
  podServiceAccount,
  resourceClaimDeviceClass,
  resourceSliceNode,
  roleBindingRole,
  roleBindingSubject,
  runtimeClassNode,
  serviceAccountPullSecret,
  serviceAccountSecret,
  serviceExternalHost,
  servicePod,
  snapshotClaim,
  snapshotClass,
  snapshotContent,
  statefulSetClaim,
  statefulSetService,
  storageClassDriver,
  templateClaim,
  templateClass,
  templateConfigMap,
  templateImage,
  templatePullSecret,
  templateResourceClaim,
  templateSecret,
  templateServiceAccount,
  tokenSecretServiceAccount,
  volumeClaim,
  volumeDriver,
  volumeDriverSecret,
  volumeStorageClass,
];
