/** What a Service points at: shared by the old Endpoints and the EndpointSlices. */
import type { LogEvent } from '../../../store/types.ts';
import { parseTime, rfc3339 } from '../../timestamps.ts';
import type { Machine } from '../../types.ts';
import { conditionOf } from '../kit/conditions.ts';
import { keyOf, keysOfStates } from '../kit/keys.ts';
import { isFinished } from '../kit/pods.ts';
import { selectsExactly } from '../kit/selector.ts';
import type { Pod, Service } from '../kit/shapes.ts';

export interface EndpointPort {
  name: string;
  port: number;
  protocol: string;
  appProtocol?: string;
}

/** One without a selector is somebody else's business. */
export function selectsPods({ spec }: Service): boolean {
  if (spec.type === 'ExternalName') return false;
  for (const _key in spec.selector ?? {}) return true;
  return false;
}

/** Those that have an address and have not run out. */
export function podsOfService(service: Service, machine: Machine): readonly Pod[] {
  return machine
    .list<Pod>('pods', service.metadata.namespace)
    .filter((pod) => selectsExactly(service.spec.selector ?? {}, pod.metadata.labels))
    .filter((pod) => !isFinished(pod) && (pod.status?.podIP ?? '') !== '');
}

/** The ports of a Service on one pod: a name is looked up in its containers, and left out when none has it. */
export function portsFor(service: Service, pod: Pod): EndpointPort[] {
  return (service.spec.ports ?? []).flatMap(({ name = '', protocol = 'TCP', appProtocol, targetPort, port }) => {
    const wanted = targetPort === undefined || targetPort === 0 ? port : targetPort;
    const found = typeof wanted === 'number' ? wanted : namedPort(pod, wanted, protocol);
    if (found === undefined) return [];
    return [{ name, port: found, protocol, ...(appProtocol === undefined ? {} : { appProtocol }) }];
  });
}

function namedPort({ spec }: Pod, name: string, protocol: string): number | undefined {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...spec.containers, ...sidecars]
    .flatMap(({ ports = [] }) => ports)
    .find((port) => port.name === name && (port.protocol ?? 'TCP') === protocol)?.containerPort;
}

/** The Services that a pod belongs or belonged to. */
export function podKeysOfServices(event: LogEvent, machine: Machine): readonly string[] {
  return keysOfStates<Pod>(event, ({ metadata }) =>
    machine
      .list<Service>('services', metadata.namespace)
      .filter((service) => selectsExactly(service.spec.selector ?? {}, metadata.labels) && selectsPods(service))
      .map(keyOf),
  );
}

/** The latest thing that happened to the Service or one of its pods. */
export function changeTime(service: Service, pods: readonly Pod[]): string {
  const times = pods.map(({ status }) => parseTime(conditionOf(status?.conditions, 'Ready')?.lastTransitionTime));
  return rfc3339(Math.max(parseTime(service.metadata.creationTimestamp), ...times));
}
