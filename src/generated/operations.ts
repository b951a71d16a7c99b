// Written by `npm run gen` from the files in src/toolsets. Do not edit.
import type { Operation } from '../operations/types.ts';

export const LOADERS: Readonly<Record<string, () => Promise<Operation>>> = {
  'create_resource': async () => (await import('../toolsets/resources/create-resource.ts')).operation,
  'delete_resource': async () => (await import('../toolsets/resources/delete-resource.ts')).operation,
  'get_api_resources': async () => (await import('../toolsets/resources/get-api-resources.ts')).operation,
  'get_resource': async () => (await import('../toolsets/resources/get-resource.ts')).operation,
  'list_resources': async () => (await import('../toolsets/resources/list-resources.ts')).operation,
  'update_resource': async () => (await import('../toolsets/resources/update-resource.ts')).operation,
  'k8s-describe-pod': async () => (await import('../toolsets/cluster/k8s-describe-pod.ts')).operation,
  'k8s-get-deployments': async () => (await import('../toolsets/cluster/k8s-get-deployments.ts')).operation,
  'k8s-get-events': async () => (await import('../toolsets/cluster/k8s-get-events.ts')).operation,
  'k8s-get-logs': async () => (await import('../toolsets/cluster/k8s-get-logs.ts')).operation,
  'k8s-get-nodes': async () => (await import('../toolsets/cluster/k8s-get-nodes.ts')).operation,
  'k8s-get-pods': async () => (await import('../toolsets/cluster/k8s-get-pods.ts')).operation,
  'k8s-get-services': async () => (await import('../toolsets/cluster/k8s-get-services.ts')).operation,
  'k8s-scale-deployment': async () => (await import('../toolsets/cluster/k8s-scale-deployment.ts')).operation,
  'k8s-cluster-summary': async () => (await import('../toolsets/intelligent/k8s-cluster-summary.ts')).operation,
  'k8s-relation-query': async () => (await import('../toolsets/intelligent/k8s-relation-query.ts')).operation,
  'argocd': async () => (await import('../toolsets/cli/argocd.ts')).operation,
  'helm': async () => (await import('../toolsets/cli/helm.ts')).operation,
  'istioctl': async () => (await import('../toolsets/cli/istioctl.ts')).operation,
  'kubectl': async () => (await import('../toolsets/cli/kubectl.ts')).operation,
};
