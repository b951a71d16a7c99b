/** What can be wrong with what workloads stand on: networks, volumes, scaling, limits, rights, and what is installed on top. */
import type { Detector } from '../../types.ts';
import { apiServiceUnavailable } from './apiservice-unavailable.ts';
import { argoApplication } from './argo-application.ts';
import { certificateExpiring } from './certificate-expiring.ts';
import { certificateNotReady } from './certificate-not-ready.ts';
import { claimPending } from './claim-pending.ts';
import { claimResize } from './claim-resize.ts';
import { customResourceNotReady } from './custom-resource-not-ready.ts';
import { definitionBroken } from './definition-broken.ts';
import { finalizerStuck } from './finalizer-stuck.ts';
import { fluxNotReady } from './flux-not-ready.ts';
import { gatewayNotReady } from './gateway-not-ready.ts';
import { helmReleaseFailed } from './helm-release-failed.ts';
import { hpaAtMax } from './hpa-at-max.ts';
import { hpaBroken } from './hpa-broken.ts';
import { ingressBackendMissing } from './ingress-backend-missing.ts';
import { ingressClassMissing } from './ingress-class-missing.ts';
import { ingressTlsSecretMissing } from './ingress-tls-secret-missing.ts';
import { loadBalancerPending } from './load-balancer-pending.ts';
import { namespaceStuck } from './namespace-stuck.ts';
import { pdbBlocks } from './pdb-blocks.ts';
import { pdbUnused } from './pdb-unused.ts';
import { quotaExhausted } from './quota-exhausted.ts';
import { quotaNear } from './quota-near.ts';
import { rbacDenied } from './rbac-denied.ts';
import { rightsLost } from './rights-lost.ts';
import { roleMissing } from './role-missing.ts';
import { scalingExtension } from './scaling-extension.ts';
import { serviceLeadsNowhere } from './service-leads-nowhere.ts';
import { serviceNoEndpoints } from './service-no-endpoints.ts';
import { servicePortMismatch } from './service-port-mismatch.ts';
import { serviceUnused } from './service-unused.ts';
import { storageClassDefault } from './storage-class-default.ts';
import { subjectMissing } from './subject-missing.ts';
import { volumeAttachment } from './volume-attachment.ts';
import { volumeFailed } from './volume-failed.ts';
import { volumeNodeGone } from './volume-node-gone.ts';
import { webhookUnavailable } from './webhook-unavailable.ts';

export const PLATFORM_DETECTORS: readonly Detector[] = [
  serviceNoEndpoints,
  serviceLeadsNowhere,
  servicePortMismatch,
  loadBalancerPending,
  ingressBackendMissing,
  ingressClassMissing,
  ingressTlsSecretMissing,
  gatewayNotReady,
  certificateNotReady,
  certificateExpiring,
  claimPending,
  claimResize,
  volumeFailed,
  volumeNodeGone,
  volumeAttachment,
  hpaBroken,
  hpaAtMax,
  scalingExtension,
  pdbBlocks,
  quotaExhausted,
  namespaceStuck,
  finalizerStuck,
  webhookUnavailable,
  apiServiceUnavailable,
  definitionBroken,
  roleMissing,
  rightsLost,
  rbacDenied,
  customResourceNotReady,
  argoApplication,
  fluxNotReady,
  helmReleaseFailed,
  serviceUnused,
  storageClassDefault,
  pdbUnused,
  quotaNear,
  subjectMissing,
];
