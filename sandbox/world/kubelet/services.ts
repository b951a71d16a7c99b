/** Services that programs need: how their names are found in text, and whether they answer. */
import type { KubeObject } from '../../types.ts';
import type { Machine } from '../types.ts';

export interface Target {
  host: string;
  port?: number;
}

export type Reachability =
  | { kind: 'up' }
  /** Why a connection fails, as Go's net package says it. */
  | { kind: 'down'; error: string; service: string };

interface Service extends KubeObject {
  spec?: {
    clusterIP?: string;
    type?: string;
    selector?: Record<string, string>;
    ports?: { port: number; name?: string }[];
  };
}
interface EndpointSlice extends KubeObject {
  endpoints?: { conditions?: { ready?: boolean | null } }[];
  ports?: { name?: string; port?: number }[] | null;
}

/** `http://cart:8080/x`, `db.prod:5432`, `tcp://mq:5672,mq2:5672`, `user:pw@db:3306`. */
export function parseTargets(text: string): Target[] {
  const targets: Target[] = [];
  for (const part of text.slice(0, 2048).split(',')) {
    const bare = part.trim().replace(/^[a-z][a-z0-9+.-]*:\/\//i, '');
    const authority = (bare.split(/[/?#]/, 1)[0] ?? '').replace(/^.*@/, '').replace(/^tcp\(|\)$/g, '');
    const [, host, port] = /^([a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?)(?::(\d{1,5}))?$/.exec(authority) ?? [];
    if (host !== undefined) targets.push({ host, ...(port === undefined ? {} : { port: Number(port) }) });
  }
  return targets;
}

/** `namespace/name` of the Service that a DNS name means in a pod of `namespace`; undefined for names of the outside world. */
export function serviceOf(host: string, namespace: string, machine: Machine): string | undefined {
  const parts = host.replace(/\.$/, '').split('.');
  const [name = '', space = namespace, svc] = parts;
  if (parts.length === 1) return `${namespace}/${name}`;
  if (svc === 'svc' && (parts.length === 3 || parts.slice(3).join('.') === 'cluster.local')) return `${space}/${name}`;
  // `pod.service.namespace.svc`: a StatefulSet's pod.
  if (parts[3] === 'svc') return `${parts[2]}/${parts[1]}`;
  if (parts.length === 2 && machine.get('namespaces', '', space) !== undefined) return `${space}/${name}`;
  return undefined;
}

export function reach(target: Target, namespace: string, machine: Machine): Reachability {
  const key = /^\d+(?:\.\d+){3}$|^localhost$/.test(target.host)
    ? undefined
    : serviceOf(target.host, namespace, machine);
  if (key === undefined) return { kind: 'up' };
  const [space = '', name = ''] = key.split('/');
  const service = machine.get<Service>('services', space, name);
  const down = (error: string): Reachability => ({ kind: 'down', error, service: key });
  if (service === undefined) return down(`dial tcp: lookup ${target.host} on 10.96.0.10:53: no such host`);
  if (service.spec?.type === 'ExternalName') return { kind: 'up' };
  const ports = service.spec?.ports ?? [];
  const port = target.port ?? ports[0]?.port;
  const address = `${service.spec?.clusterIP ?? '10.96.0.1'}:${port ?? 0}`;
  const headless = service.spec?.clusterIP === 'None';
  if (headless && !isServed(service, undefined, machine))
    return down(`dial tcp: lookup ${target.host} on 10.96.0.10:53: no such host`);
  const wanted = ports.find((known) => known.port === port);
  // kube-proxy has no rule for it: packets go nowhere.
  if (wanted === undefined && !headless) return down(`dial tcp ${address}: i/o timeout`);
  return isServed(service, headless ? undefined : (wanted?.name ?? ''), machine)
    ? { kind: 'up' }
    : down(`dial tcp ${address}: connect: connection refused`);
}

/** Whether some endpoint is ready, at the port of that name. */
function isServed(service: Service, portName: string | undefined, machine: Machine): boolean {
  const { namespace = '', name } = service.metadata;
  return machine.list<EndpointSlice>('endpointslices.discovery.k8s.io', namespace).some((slice) => {
    if (slice.metadata.labels?.['kubernetes.io/service-name'] !== name) return false;
    const hasPort = portName === undefined || (slice.ports ?? []).some((port) => (port.name ?? '') === portName);
    return hasPort && (slice.endpoints ?? []).some(({ conditions }) => conditions?.ready !== false);
  });
}
