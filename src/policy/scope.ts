import type { ResourceRequest } from '../kernel/vocabulary.ts';

/** Built-in kinds that live outside namespaces (v1.36), for callers who have no discovery at hand. `resource.group`. */
const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  'nodes',
  'persistentvolumes',
  'componentstatuses',
  'namespaces',
  'clusterroles.rbac.authorization.k8s.io',
  'clusterrolebindings.rbac.authorization.k8s.io',
  'storageclasses.storage.k8s.io',
  'csinodes.storage.k8s.io',
  'csidrivers.storage.k8s.io',
  'volumeattachments.storage.k8s.io',
  'volumeattributesclasses.storage.k8s.io',
  'ingressclasses.networking.k8s.io',
  'ipaddresses.networking.k8s.io',
  'servicecidrs.networking.k8s.io',
  'priorityclasses.scheduling.k8s.io',
  'runtimeclasses.node.k8s.io',
  'deviceclasses.resource.k8s.io',
  'resourceslices.resource.k8s.io',
  'customresourcedefinitions.apiextensions.k8s.io',
  'apiservices.apiregistration.k8s.io',
  'certificatesigningrequests.certificates.k8s.io',
  'clustertrustbundles.certificates.k8s.io',
  'flowschemas.flowcontrol.apiserver.k8s.io',
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
  'validatingadmissionpolicybindings.admissionregistration.k8s.io',
  'mutatingadmissionpolicies.admissionregistration.k8s.io',
  'mutatingadmissionpolicybindings.admissionregistration.k8s.io',
]);

/** `resource.group`, core without the dot; the form of `K8S_MCP_DENIED_KINDS`. */
export function kindKey({ resource, group }: { resource: string; group: string }): string {
  return (group === '' ? resource : `${resource}.${group}`).toLowerCase();
}

/** A node's own API has the logs of all pods on it and runs commands in them, whatever their namespace. */
export function isKubelet({ group, resource, subresource }: ResourceRequest): boolean {
  return group === '' && resource === 'nodes' && subresource === 'proxy';
}

/**
 * True when the request is about namespaced objects. `known` is discovery's answer. Without it a named request or a create
 * with no namespace is about a cluster-scoped object, because its URL can mean nothing else; a request
 * for a collection counts as namespaced unless the kind is one of the built-in cluster-scoped ones.
 */
export function isNamespaced(request: ResourceRequest, known: boolean | undefined): boolean {
  if (request.namespace) return true;
  if (known !== undefined) return known;
  const collection = request.verb === 'list' || request.verb === 'watch' || request.verb === 'deletecollection';
  return collection && !CLUSTER_SCOPED.has(kindKey(request));
}
