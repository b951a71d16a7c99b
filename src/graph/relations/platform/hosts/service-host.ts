/** Service addresses inside a cluster: `name.namespace.svc`, with `cluster.local` or without, and pods' own names below it. */

/** As the API has them (RFC 1035); namespaces may begin with a digit. */
const NAME = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const NAMESPACE = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const MAX_HOST = 253;

export interface ServiceHost {
  namespace: string;
  name: string;
}

export function serviceOfHost(host: string): ServiceHost | undefined {
  if (host.length > MAX_HOST) return undefined;
  const labels = host.toLowerCase().split('.');
  if (labels.at(-1) === '') labels.pop();
  const at = labels.lastIndexOf('svc');
  const rest = labels.slice(at + 1).join('.');
  // At most a pod's name, or a port and its protocol, before the Service.
  if (at < 2 || at > 4 || (rest !== '' && rest !== 'cluster.local')) return undefined;
  return serviceHost(labels[at - 1] ?? '', labels[at - 2] ?? '');
}

/**
 * `name.namespace`, which may as well be a host of the world: only where the second part can be no top-level domain (those have letters only,
 * or begin with xn--), or is the namespace of who says it and no domain either.
 */
export function serviceOfPair(host: string, own: string): ServiceHost | undefined {
  const [name = '', namespace = '', ...more] = host.toLowerCase().split('.');
  if (more.length > 0 || namespace.startsWith('xn--') || !/[0-9-]/.test(namespace)) return undefined;
  // Versions and addresses: `v1.2`, `a.1`.
  if (!/[a-z]/.test(namespace) || (namespace !== own && !namespace.includes('-'))) return undefined;
  return serviceHost(namespace, name);
}

/** A bare name: a Service of the own namespace. */
export function serviceOfLabel(host: string, own: string): ServiceHost | undefined {
  return own === '' || host === 'localhost' || host.length < 2 ? undefined : serviceHost(own, host);
}

function serviceHost(namespace: string, name: string): ServiceHost | undefined {
  return NAME.test(name) && NAMESPACE.test(namespace) ? { namespace, name } : undefined;
}
