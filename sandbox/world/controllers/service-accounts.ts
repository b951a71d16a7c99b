/** What each namespace has from the start: its `default` ServiceAccount and the root certificate of the cluster. */

import type { KubeObject } from '../../types.ts';
import { isFailure } from '../create-machine.ts';
import type { Controller, Machine } from '../types.ts';
import { managed, ownKey } from './kit/keys.ts';
import { isOfEndingNamespace } from './kit/pods.ts';

const ROOT_CA = 'kube-root-ca.crt';
const DESCRIPTION =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

interface ConfigMap extends KubeObject {
  data?: Record<string, string>;
}

function isOpen(name: string, machine: Machine): boolean {
  const namespace = machine.get('namespaces', '', name);
  return namespace !== undefined && namespace.metadata.deletionTimestamp === undefined;
}

function createIn(machine: Machine, resource: string, object: KubeObject): void {
  try {
    machine.create(resource, object);
  } catch (error) {
    if (!isOfEndingNamespace(error) && !isFailure(error, 409)) throw error;
  }
}

export function serviceAccountsController(): Controller {
  return {
    ...managed('serviceaccount-controller', 'service-account-controller'),
    watches: {
      namespaces: ownKey,
      serviceaccounts: ({ type, version }) =>
        type === 'DELETED' && version.name === 'default' ? [`/${version.namespace}`] : [],
    },
    reconcile(key, machine) {
      const namespace = key.slice(1);
      if (!isOpen(namespace, machine) || machine.get('serviceaccounts', namespace, 'default') !== undefined)
        return undefined;
      createIn(machine, 'serviceaccounts', {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'default', namespace },
      });
      return undefined;
    },
  };
}

/** `certificate`: PEM of the authority that the API's own certificate comes from. */
export function rootCaPublisher({ certificate }: { certificate: string }): Controller {
  const data = { 'ca.crt': certificate };
  return {
    ...managed('root-ca-certificate-publisher-controller', 'root-ca-cert-publisher'),
    watches: {
      namespaces: ownKey,
      configmaps: ({ version }) => (version.name === ROOT_CA ? [`/${version.namespace}`] : []),
    },
    reconcile(key, machine) {
      const namespace = key.slice(1);
      if (!isOpen(namespace, machine)) return undefined;
      const annotations = { 'kubernetes.io/description': DESCRIPTION };
      const found = machine.modify<ConfigMap>('configmaps', namespace, ROOT_CA, (draft) => {
        draft.data = data;
        draft.metadata.annotations = { ...draft.metadata.annotations, ...annotations };
      });
      if (found !== undefined) return undefined;
      createIn(machine, 'configmaps', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: ROOT_CA, namespace, annotations },
        data,
      });
      return undefined;
    },
  };
}
