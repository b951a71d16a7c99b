/** Fields that an endpoint puts back to what they were, so that writing them there owns nothing: GetResetFields of the real strategies. */
import type { ResourceInfo } from '../types.ts';

type Paths = readonly (readonly string[])[];

const SPEC: Paths = [['spec']];
const STATUS: Paths = [['status']];
const SPEC_AND_METADATA: Paths = [['metadata'], ['spec']];

/** By `resource/subresource`. */
const PARTICULAR: Readonly<Record<string, Paths>> = {
  'certificatesigningrequests.certificates.k8s.io/': [['spec'], ['status']],
  'certificatesigningrequests.certificates.k8s.io/status': [['spec'], ['status', 'conditions']],
  'certificatesigningrequests.certificates.k8s.io/approval': [['spec'], ['status', 'certificate']],
  'deployments.apps/status': [['spec'], ['metadata', 'labels']],
  'pods/status': [['spec'], ['metadata', 'deletionTimestamp'], ['metadata', 'ownerReferences']],
};

/** Kinds whose status endpoint takes no metadata either; those of custom resources do the same. */
const METADATA_TOO: ReadonlySet<string> = new Set([
  'apiservices.apiregistration.k8s.io',
  'customresourcedefinitions.apiextensions.k8s.io',
  'flowschemas.flowcontrol.apiserver.k8s.io',
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
  'resourceclaims.resource.k8s.io',
  'servicecidrs.networking.k8s.io',
  'storageversionmigrations.storagemigration.k8s.io',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
  'volumeattachments.storage.k8s.io',
]);

/** As paths of names. `subresource` is '' for the object itself. */
export function resetFieldsOf(resource: ResourceInfo, subresource: string): Paths {
  const particular = PARTICULAR[`${resource.id}/${subresource}`];
  if (particular !== undefined) return particular;
  if (subresource === 'status') {
    return resource.origin === 'custom' || METADATA_TOO.has(resource.id) ? SPEC_AND_METADATA : SPEC;
  }
  return resource.versions.some(({ subresources }) => subresources.status !== undefined) ? STATUS : [];
}
