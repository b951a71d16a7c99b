/** Which API groups are of CustomResourceDefinitions. Neither discovery nor the objects say it. */

/** Served by Kubernetes itself. Other groups below k8s.io (gateway.networking, snapshot.storage) are of definitions. */
const BUILT_IN: ReadonlySet<string> = new Set([
  '',
  'apps',
  'autoscaling',
  'batch',
  'extensions',
  'policy',
  ...[
    'admissionregistration',
    'apiextensions',
    'apiregistration',
    'authentication',
    'authorization',
    'certificates',
    'coordination',
    'discovery',
    'events',
    'flowcontrol.apiserver',
    'internal.apiserver',
    'networking',
    'node',
    'rbac.authorization',
    'resource',
    'scheduling',
    'storage',
    'storagemigration',
    // Aggregated APIs of metrics.
    'metrics',
    'custom.metrics',
    'external.metrics',
  ].map((prefix) => `${prefix}.k8s.io`),
]);

/** Aggregated API servers that are met most: their kinds have no definition. Of OpenShift many groups are such. */
const AGGREGATED: readonly string[] = [
  'packages.operators.coreos.com',
  'projectcalico.org',
  'openshift.io',
  'subresources.kubevirt.io',
  'data.packaging.carvel.dev',
  'clusternet.io',
  'cluster.karmada.io',
  'proxy.open-cluster-management.io',
  'clusterview.open-cluster-management.io',
  'stats.antrea.io',
  'system.antrea.io',
  'controlplane.antrea.io',
  'servicecatalog.k8s.io',
  'ext.cattle.io',
];

export function isCustomGroup(group: string): boolean {
  if (BUILT_IN.has(group)) return false;
  if (group === 'crd.projectcalico.org') return true;
  return !AGGREGATED.some((known) => group === known || group.endsWith(`.${known}`));
}
