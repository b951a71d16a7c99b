/** Endpoints: the older form of what EndpointSlices say. */

import { sameJson } from '../../json-value.ts';
import type { KubeObject } from '../../types.ts';
import type { Controller, Machine } from '../types.ts';
import { changeTime, podKeysOfServices, podsOfService, portsFor, selectsPods } from './endpoints/targets.ts';
import { managed, ownKey, splitKey } from './kit/keys.ts';
import { isReady, isTerminating } from './kit/pods.ts';
import type { Pod, Service } from './kit/shapes.ts';

interface Address {
  ip: string;
  hostname?: string;
  nodeName?: string;
  targetRef: { kind: string; namespace: string; name: string; uid: string };
}
interface Subset {
  addresses?: Address[];
  notReadyAddresses?: Address[];
  ports?: { name?: string; port: number; protocol: string; appProtocol?: string }[];
}
interface Endpoints extends KubeObject {
  subsets?: Subset[] | undefined;
}

const CHANGED_AT = 'endpoints.kubernetes.io/last-change-trigger-time';
const MANAGED_BY = 'endpoints.kubernetes.io/managed-by';

export function endpointsController(): Controller {
  return {
    ...managed('endpoint-controller'),
    watches: { services: ownKey, pods: podKeysOfServices, endpoints: ownKey },
    reconcile(key, machine) {
      const { namespace, name } = splitKey(key);
      const service = machine.get<Service>('services', namespace, name);
      const there = machine.get<Endpoints>('endpoints', namespace, name);
      if (service === undefined) {
        if (there?.metadata.labels?.[MANAGED_BY] !== undefined) machine.delete('endpoints', namespace, name);
        return undefined;
      }
      if (!selectsPods(service)) return undefined;
      sync(service, there, machine);
      return undefined;
    },
  };
}

function sync(service: Service, there: Endpoints | undefined, machine: Machine): void {
  const { namespace = '', name } = service.metadata;
  const published = service.spec.publishNotReadyAddresses === true;
  const pods = podsOfService(service, machine).filter((pod) => published || !isTerminating(pod));
  const subsets = subsetsOf(service, pods, published);
  const labels = {
    ...service.metadata.labels,
    [MANAGED_BY]: 'endpoint-controller',
    ...(service.spec.clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {}),
  };
  const annotations = { [CHANGED_AT]: changeTime(service, pods) };
  if (there === undefined) {
    machine.create('endpoints', {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name, namespace, labels, annotations },
      ...(subsets.length === 0 ? {} : { subsets }),
    });
    return;
  }
  machine.modify<Endpoints>('endpoints', namespace, name, (draft) => {
    if (sameJson(draft.subsets ?? [], subsets) && sameJson(draft.metadata.labels, labels)) return false;
    draft.subsets = subsets.length === 0 ? undefined : subsets;
    draft.metadata.labels = labels;
    draft.metadata.annotations = { ...draft.metadata.annotations, ...annotations };
    return true;
  });
}

/** One subset for the pods that have the same ports. */
function subsetsOf(service: Service, pods: readonly Pod[], published: boolean): Subset[] {
  const subsets = new Map<string, Subset>();
  for (const pod of pods) {
    const ports = portsFor(service, pod).map(({ name, ...port }) => ({ ...(name === '' ? {} : { name }), ...port }));
    if (ports.length === 0 && service.spec.clusterIP !== 'None') continue;
    const key = JSON.stringify(ports);
    const subset = subsets.get(key) ?? { ...(ports.length === 0 ? {} : { ports }) };
    const list = isReady(pod) || published ? 'addresses' : 'notReadyAddresses';
    subset[list] = [...(subset[list] ?? []), addressOf(service, pod)];
    subsets.set(key, subset);
  }
  const byIp = (a: Address, b: Address) => (a.ip < b.ip ? -1 : 1);
  for (const subset of subsets.values()) {
    subset.addresses?.sort(byIp);
    subset.notReadyAddresses?.sort(byIp);
  }
  return [...subsets.values()];
}

function addressOf(service: Service, pod: Pod): Address {
  const { nodeName, hostname, subdomain } = pod.spec;
  const { namespace = '', name, uid = '' } = pod.metadata;
  return {
    ip: pod.status?.podIP ?? '',
    ...(hostname !== undefined && subdomain === service.metadata.name ? { hostname } : {}),
    ...(nodeName === undefined ? {} : { nodeName }),
    targetRef: { kind: 'Pod', namespace, name, uid },
  };
}
