/** EndpointSlices: where the pods of a Service can be reached. */

import { sameJson } from '../../json-value.ts';
import type { KubeObject } from '../../types.ts';
import type { Controller, Machine } from '../types.ts';
import {
  changeTime,
  type EndpointPort,
  podKeysOfServices,
  podsOfService,
  portsFor,
  selectsPods,
} from './endpoints/targets.ts';
import { keysOfStates, managed, ownKey, splitKey } from './kit/keys.ts';
import { controllerRef } from './kit/owners.ts';
import { isReady, isTerminating } from './kit/pods.ts';
import type { Node, Pod, Service } from './kit/shapes.ts';

interface Endpoint {
  addresses: string[];
  conditions: { ready: boolean; serving: boolean; terminating: boolean };
  hostname?: string;
  nodeName?: string;
  zone?: string;
  targetRef?: { kind: string; namespace: string; name: string; uid: string };
}

interface EndpointSlice extends KubeObject {
  addressType: string;
  endpoints: Endpoint[] | null;
  ports: EndpointPort[] | null;
}

const SLICES = 'endpointslices.discovery.k8s.io';
const MANAGER = 'endpointslice-controller.k8s.io';
const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
const SERVICE_NAME = 'kubernetes.io/service-name';
/** The real controller's default. */
const PER_SLICE = 100;

export function endpointSliceController(): Controller {
  return {
    ...managed('endpoint-slice-controller', 'endpointslice-controller'),
    watches: {
      services: ownKey,
      pods: podKeysOfServices,
      [SLICES]: (event) =>
        keysOfStates(event, ({ metadata }) => {
          const service = metadata.labels?.[SERVICE_NAME];
          const mine = metadata.labels?.[MANAGED_BY] === MANAGER;
          return mine && service !== undefined ? [`${metadata.namespace ?? ''}/${service}`] : [];
        }),
    },
    reconcile(key, machine) {
      const { namespace, name } = splitKey(key);
      const service = machine.get<Service>('services', namespace, name);
      if (service !== undefined && selectsPods(service) && !isTerminating(service)) sync(service, machine);
      return undefined;
    },
  };
}

function sync(service: Service, machine: Machine): void {
  const { namespace = '', name } = service.metadata;
  const existing = machine
    .list<EndpointSlice>(SLICES, namespace)
    .filter(({ metadata: { labels, deletionTimestamp } }) => {
      return labels?.[SERVICE_NAME] === name && labels[MANAGED_BY] === MANAGER && deletionTimestamp === undefined;
    });
  const pods = podsOfService(service, machine);
  const families = service.spec.ipFamilies ?? ['IPv4'];
  for (const slice of existing) if (!families.includes(slice.addressType)) remove(slice, machine);
  for (const family of families) {
    syncFamily(
      service,
      family,
      pods,
      existing.filter(({ addressType }) => addressType === family),
      machine,
    );
  }
}

/** Endpoints stay in the slice that they are in; others fill up what has room. */
function syncFamily(
  service: Service,
  family: string,
  pods: readonly Pod[],
  existing: readonly EndpointSlice[],
  machine: Machine,
): void {
  const groups = new Map<string, { ports: EndpointPort[]; endpoints: Map<string, Endpoint> }>();
  for (const pod of pods) {
    const addresses = addressesOf(pod, family);
    if (addresses.length === 0) continue;
    const ports = portsFor(service, pod);
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ports, endpoints: new Map<string, Endpoint>() };
    group.endpoints.set(pod.metadata.uid ?? '', endpointOf(service, pod, addresses, machine));
    groups.set(key, group);
  }
  const time = changeTime(service, pods);
  let kept = 0;
  const spare: EndpointSlice[] = [];
  for (const slice of existing) {
    const group = groups.get(JSON.stringify(slice.ports ?? []));
    const staying = (slice.endpoints ?? []).flatMap(({ targetRef }) => {
      const uid = targetRef?.uid ?? '';
      const endpoint = group?.endpoints.get(uid);
      group?.endpoints.delete(uid);
      return endpoint === undefined ? [] : [endpoint];
    });
    const room = PER_SLICE - staying.length;
    for (const [uid, endpoint] of [...(group?.endpoints ?? [])].slice(0, room)) {
      staying.push(endpoint);
      group?.endpoints.delete(uid);
    }
    if (staying.length === 0) spare.push(slice);
    else {
      kept += 1;
      update(slice, service, group?.ports ?? null, staying, time, machine);
    }
  }
  for (const { ports, endpoints } of groups.values()) {
    const left = [...endpoints.values()];
    for (let at = 0; at < left.length; at += PER_SLICE) {
      const some = left.slice(at, at + PER_SLICE);
      const reused = spare.shift();
      if (reused === undefined) create(service, family, ports, some, time, machine);
      else update(reused, service, ports, some, time, machine);
      kept += 1;
    }
  }
  // A Service without any endpoint keeps one slice that says so.
  if (kept === 0) {
    const placeholder = spare.shift();
    if (placeholder === undefined) create(service, family, null, null, time, machine);
    else update(placeholder, service, null, null, time, machine);
  }
  for (const slice of spare) remove(slice, machine);
}

const addressesOf = ({ status }: Pod, family: string): string[] =>
  (status?.podIPs ?? [{ ip: status?.podIP ?? '' }])
    .map(({ ip }) => ip)
    .filter((ip) => ip !== '' && ip.includes(':') === (family === 'IPv6'));

function endpointOf(service: Service, pod: Pod, addresses: string[], machine: Machine): Endpoint {
  const serving = isReady(pod);
  const terminating = isTerminating(pod);
  const { nodeName, hostname, subdomain } = pod.spec;
  const node = nodeName === undefined ? undefined : machine.get<Node>('nodes', '', nodeName);
  const zone = node?.metadata.labels?.['topology.kubernetes.io/zone'];
  const published = service.spec.publishNotReadyAddresses === true;
  return {
    addresses,
    conditions: { ready: published || (serving && !terminating), serving, terminating },
    ...(hostname !== undefined && subdomain === service.metadata.name ? { hostname } : {}),
    ...(nodeName === undefined || nodeName === '' ? {} : { nodeName }),
    targetRef: {
      kind: 'Pod',
      namespace: pod.metadata.namespace ?? '',
      name: pod.metadata.name,
      uid: pod.metadata.uid ?? '',
    },
    ...(zone === undefined ? {} : { zone }),
  };
}

function labelsOf(service: Service): Record<string, string> {
  return {
    ...service.metadata.labels,
    [SERVICE_NAME]: service.metadata.name,
    [MANAGED_BY]: MANAGER,
    ...(service.spec.clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {}),
  };
}

const CHANGED_AT = 'endpoints.kubernetes.io/last-change-trigger-time';

function create(
  service: Service,
  addressType: string,
  ports: EndpointPort[] | null,
  endpoints: Endpoint[] | null,
  time: string,
  machine: Machine,
): void {
  const slice: EndpointSlice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: '',
      generateName: `${service.metadata.name}-`,
      namespace: service.metadata.namespace ?? '',
      labels: labelsOf(service),
      annotations: { [CHANGED_AT]: time },
      // The API server knows the Service as v1 whatever its object says.
      ownerReferences: [controllerRef(service)],
    },
    addressType,
    endpoints,
    ports,
  };
  machine.create(SLICES, slice);
}

function update(
  slice: EndpointSlice,
  service: Service,
  ports: EndpointPort[] | null,
  endpoints: Endpoint[] | null,
  time: string,
  machine: Machine,
): void {
  machine.modify<EndpointSlice>(SLICES, slice.metadata.namespace ?? '', slice.metadata.name, (draft) => {
    const same = sameJson(draft.endpoints ?? null, endpoints) && sameJson(draft.ports ?? null, ports);
    if (same && sameJson(draft.metadata.labels, labelsOf(service))) return false;
    draft.endpoints = endpoints;
    draft.ports = ports;
    draft.metadata.labels = labelsOf(service);
    draft.metadata.annotations = { ...draft.metadata.annotations, [CHANGED_AT]: time };
    return true;
  });
}

const remove = ({ metadata }: EndpointSlice, machine: Machine) =>
  machine.delete(SLICES, metadata.namespace ?? '', metadata.name);
