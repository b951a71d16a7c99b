/** Rules of single resources that are no strategy of theirs: which writes are taken, and what the server keeps of them. */
import type { ResourceId, ResourceInfo } from '../types.ts';

/** An update must say which version it changes. Custom kinds demand it, too. */
const NEEDS_RESOURCE_VERSION: ReadonlySet<ResourceId> = new Set([
  'runtimeclasses.node.k8s.io',
  'poddisruptionbudgets.policy',
  'csidrivers.storage.k8s.io',
  'csistoragecapacities.storage.k8s.io',
  'volumeattachments.storage.k8s.io',
  'csinodes.storage.k8s.io',
  'leases.coordination.k8s.io',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
  'mutatingadmissionpolicies.admissionregistration.k8s.io',
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
  'mutatingadmissionpolicybindings.admissionregistration.k8s.io',
  'validatingadmissionpolicybindings.admissionregistration.k8s.io',
  'customresourcedefinitions.apiextensions.k8s.io',
  'apiservices.apiregistration.k8s.io',
]);

/** Built-in kinds whose `metadata.generation` counts the changes of what is wanted. */
const COUNTS_GENERATIONS: ReadonlySet<ResourceId> = new Set([
  'pods',
  'podtemplates',
  'replicationcontrollers',
  'daemonsets.apps',
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'jobs.batch',
  'cronjobs.batch',
  'endpointslices.discovery.k8s.io',
  'flowschemas.flowcontrol.apiserver.k8s.io',
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
  'ingressclasses.networking.k8s.io',
  'ingresses.networking.k8s.io',
  'networkpolicies.networking.k8s.io',
  'poddisruptionbudgets.policy',
  'priorityclasses.scheduling.k8s.io',
  'deviceclasses.resource.k8s.io',
  'resourceslices.resource.k8s.io',
  'customresourcedefinitions.apiextensions.k8s.io',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
  'mutatingadmissionpolicies.admissionregistration.k8s.io',
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
  'mutatingadmissionpolicybindings.admissionregistration.k8s.io',
  'validatingadmissionpolicybindings.admissionregistration.k8s.io',
]);

/** Nodes are created with the status that their kubelet gives them. */
const KEEPS_STATUS_ON_CREATE: ReadonlySet<ResourceId> = new Set(['nodes']);

export function needsResourceVersion(resource: ResourceInfo): boolean {
  return resource.origin === 'custom' || NEEDS_RESOURCE_VERSION.has(resource.id);
}

export function countsGenerations(resource: ResourceInfo): boolean {
  return resource.origin === 'custom' || COUNTS_GENERATIONS.has(resource.id);
}

export function keepsStatusOnCreate(resource: ResourceId): boolean {
  return KEEPS_STATUS_ON_CREATE.has(resource);
}

/** Events have no dependents to be collected with. */
export function isCollected(resource: ResourceId): boolean {
  return resource !== 'events';
}
