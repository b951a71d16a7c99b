/** Rows of what carries traffic. */
import { type Printer, printer } from './column.ts';
import { age, firstThree, type LabelSelector, labelsText, NONE, selectorText, UNSET } from './format.ts';

interface LoadBalancerStatus {
  ingress?: readonly { ip?: string; hostname?: string }[];
}

/** The addresses of a load balancer, sorted. */
function addresses(status: LoadBalancerStatus | undefined): string[] {
  const all = (status?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '');
  return [...new Set(all.filter((address) => address !== ''))].sort();
}

interface Service {
  spec: {
    type?: string;
    clusterIPs?: readonly string[];
    externalIPs?: readonly string[];
    externalName?: string;
    selector?: Record<string, string>;
    ports?: readonly { port: number; protocol?: string; nodePort?: number }[];
  };
  status?: { loadBalancer?: LoadBalancerStatus };
}

const SERVICES = printer<Service>(
  ['Name', 'Type', 'Cluster-IP', 'External-IP', 'Port(s)', 'Age', 'Selector*'],
  (service, now) => [
    service.metadata.name,
    service.spec.type ?? '',
    service.spec.clusterIPs?.[0] ?? NONE,
    externalAddress(service),
    servicePorts(service) || NONE,
    age(service, now),
    labelsText(service.spec.selector),
  ],
);

function externalAddress({ spec, status }: Service): string {
  const external = spec.externalIPs ?? [];
  switch (spec.type) {
    case 'ClusterIP':
    case 'NodePort':
      return external.length > 0 ? external.join(',') : NONE;
    case 'LoadBalancer': {
      const all = [...addresses(status?.loadBalancer), ...external];
      return all.length > 0 ? all.join(',') : '<pending>';
    }
    case 'ExternalName':
      return spec.externalName ?? '';
    default:
      return '<unknown>';
  }
}

function servicePorts({ spec }: Service): string {
  const texts = (spec.ports ?? []).map(({ port, protocol = 'TCP', nodePort }) =>
    nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
  );
  return texts.join(',');
}

interface Ingress {
  spec?: {
    ingressClassName?: string;
    rules?: readonly { host?: string }[];
    tls?: readonly unknown[];
  };
  status?: { loadBalancer?: LoadBalancerStatus };
}

const INGRESSES = printer<Ingress>(['Name', 'Class', 'Hosts', 'Address', 'Ports', 'Age'], (ingress, now) => [
  ingress.metadata.name,
  ingress.spec?.ingressClassName ?? NONE,
  ingressHosts(ingress.spec?.rules ?? []),
  addresses(ingress.status?.loadBalancer).join(','),
  ingress.spec?.tls?.length ? '80, 443' : '80',
  age(ingress, now),
]);

function ingressHosts(rules: readonly { host?: string }[]): string {
  const hosts: string[] = [];
  let more = false;
  for (const { host } of rules) {
    if (hosts.length === 3) more = true;
    else if (host) hosts.push(host);
  }
  if (hosts.length === 0) return '*';
  return `${hosts.join(',')}${more ? ` + ${rules.length - 3} more...` : ''}`;
}

interface Endpoints {
  subsets?: readonly {
    addresses?: readonly { ip: string }[];
    ports?: readonly { port: number }[];
  }[];
}

const ENDPOINTS = printer<Endpoints>(['Name', 'Endpoints', 'Age'], (endpoints, now) => {
  const all = (endpoints.subsets ?? []).flatMap(({ addresses: ips = [], ports = [] }) =>
    ports.length === 0
      ? ips.map(({ ip }) => ip)
      : ports.flatMap(({ port }) => ips.map(({ ip }) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`))),
  );
  // Subsets without an address print nothing, unlike no subsets.
  const text = endpoints.subsets?.length ? firstThree(all, '') : NONE;
  return [endpoints.metadata.name, text, age(endpoints, now)];
});

interface Slice {
  addressType: string;
  ports?: readonly { port?: number; name?: string }[];
  endpoints?: readonly { addresses: readonly string[] }[];
}

const SLICES = printer<Slice>(['Name', 'AddressType', 'Ports', 'Endpoints', 'Age'], (slice, now) => [
  slice.metadata.name,
  slice.addressType,
  firstThree(
    (slice.ports ?? []).map(({ port, name }) => `${port ?? name ?? '*'}`),
    UNSET,
  ),
  firstThree(
    (slice.endpoints ?? []).flatMap((endpoint) => endpoint.addresses),
    UNSET,
  ),
  age(slice, now),
]);

const POLICIES = printer<{ spec?: { podSelector?: LabelSelector } }>(['Name', 'Pod-Selector', 'Age'], (policy, now) => [
  policy.metadata.name,
  selectorText(policy.spec?.podSelector),
  age(policy, now),
]);

interface IngressClass {
  spec: { controller?: string; parameters?: { kind: string; apiGroup?: string; name: string } };
}

const CLASSES = printer<IngressClass>(['Name', 'Controller', 'Parameters', 'Age'], (object, now) => {
  const { metadata, spec } = object;
  const isDefault = metadata.annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true';
  const { kind, apiGroup, name } = spec.parameters ?? {};
  return [
    `${metadata.name}${isDefault ? ' (default)' : ''}`,
    spec.controller ?? '',
    kind === undefined ? NONE : `${kind}${apiGroup === undefined ? '' : `.${apiGroup}`}/${name}`,
    age(object, now),
  ];
});

const CIDRS = printer<{ spec?: { cidrs?: readonly string[] } }>(['Name', 'CIDRs', 'Age'], (object, now) => [
  object.metadata.name,
  (object.spec?.cidrs ?? []).join(','),
  age(object, now),
]);

interface Address {
  spec?: { parentRef?: { group?: string; resource: string; namespace?: string; name: string } };
}

const ADDRESSES = printer<Address>(['Name', 'ParentRef'], (object, now) => {
  const ref = object.spec?.parentRef;
  const resource = ref === undefined ? '' : `${ref.resource}${ref.group ? `.${ref.group}` : ''}`.toLowerCase();
  const parent = ref === undefined ? NONE : [resource, ref.namespace, ref.name].filter(Boolean).join('/');
  // The real server prints an age that none of its columns announces.
  return [object.metadata.name, parent, age(object, now)];
});

export const NETWORK: Readonly<Record<string, Printer>> = {
  services: SERVICES,
  endpoints: ENDPOINTS,
  'endpointslices.discovery.k8s.io': SLICES,
  'ingresses.networking.k8s.io': INGRESSES,
  'ingressclasses.networking.k8s.io': CLASSES,
  'networkpolicies.networking.k8s.io': POLICIES,
  'servicecidrs.networking.k8s.io': CIDRS,
  'ipaddresses.networking.k8s.io': ADDRESSES,
};
