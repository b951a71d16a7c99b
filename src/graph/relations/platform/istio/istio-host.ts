/** Hosts as Istio's rules name them: a short name is a Service of the rule's own namespace, a full one says which; any other is a host outside. */
import type { Reference } from '../../../types.ts';
import { nameReference } from '../../define.ts';
import { serviceOfHost } from '../hosts/service-host.ts';

const LABEL = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

export function serviceNamed(host: string, namespace: string): { namespace: string; name: string } | undefined {
  if (LABEL.test(host)) return namespace === '' ? undefined : { namespace, name: host };
  return serviceOfHost(host);
}

/** undefined for wildcards and addresses. */
export function hostReference(host: string, namespace: string, path: string): Reference | undefined {
  const service = serviceNamed(host, namespace);
  if (service !== undefined) return nameReference('Service', service.namespace, service.name, path);
  if (!/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(host) || /^[0-9.]+$/.test(host)) return undefined;
  return nameReference('~Host', '', host, path);
}
