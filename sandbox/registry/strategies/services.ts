/** Services and what they lead to: Endpoints and EndpointSlices. */
import type { KubeObject } from '../../types.ts';
import {
  dnsLabel,
  dnsSubdomain,
  immutable,
  labels,
  oneOf,
  portNumberOrName,
  qualifiedName,
} from './common-validation.ts';
import { protocol } from './container-validation.ts';
import type { Findings } from './field-errors.ts';
import { ensure, type Fields, fieldsOf, has, itemsOf, numberOf, setDefault, stringsOf, textOf } from './fields.ts';
import { internalForm } from './internal-form.ts';
import { endpointAddress, ipAddress, network, parseAddress } from './ip-addresses.ts';
import { kindStrategy } from './kind-strategy.ts';
import { dnsSubdomainProblems, portNumberProblems } from './names.ts';

/** Seconds that a client sticks to a pod. */
const AFFINITY_SECONDS = 10_800;
const MAX_AFFINITY_SECONDS = 86_400;
const SERVICE_TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const FAMILIES = ['IPv4', 'IPv6'];
const FAMILY_POLICIES = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];
const DISTRIBUTIONS = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];

const specOf = (object: KubeObject) => fieldsOf(object['spec']);
const isReachable = (spec: Fields) =>
  spec['type'] === 'LoadBalancer' ||
  spec['type'] === 'NodePort' ||
  (spec['type'] === 'ClusterIP' && stringsOf(spec['externalIPs']).length > 0);

function serviceDefaults(service: KubeObject): void {
  const spec = ensure(service, 'spec');
  setDefault(spec, 'sessionAffinity', 'None', true);
  if (spec['sessionAffinity'] === 'None') delete spec['sessionAffinityConfig'];
  if (spec['sessionAffinity'] === 'ClientIP') {
    const given = fieldsOf(fieldsOf(spec['sessionAffinityConfig'])['clientIP'])['timeoutSeconds'];
    if (given === undefined) spec['sessionAffinityConfig'] = { clientIP: { timeoutSeconds: AFFINITY_SECONDS } };
  }
  setDefault(spec, 'type', 'ClusterIP', true);
  for (const port of itemsOf(spec['ports'])) {
    setDefault(port, 'protocol', 'TCP', true);
    setDefault(port, 'targetPort', port['port'], true);
  }
  if (isReachable(spec)) setDefault(spec, 'externalTrafficPolicy', 'Cluster', true);
  if (spec['type'] !== 'ExternalName') setDefault(spec, 'internalTrafficPolicy', 'Cluster');
  if (spec['type'] === 'LoadBalancer') {
    setDefault(spec, 'allocateLoadBalancerNodePorts', true);
    for (const ingress of itemsOf(fieldsOf(fieldsOf(service['status'])['loadBalancer'])['ingress'])) {
      if (textOf(ingress['ip']) !== '') setDefault(ingress, 'ipMode', 'VIP');
    }
  }
}

const isHeadless = (spec: Fields) => {
  const ips = stringsOf(spec['clusterIPs']);
  return (ips.length === 1 && ips[0] === 'None') || (ips.length === 0 && spec['clusterIP'] === 'None');
};

function servicePorts(found: Findings, ports: readonly Fields[]): void {
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const path = `spec.ports[${index}]`;
    const name = textOf(port['name']);
    if (ports.length > 1 && name === '') found.required(`${path}.name`);
    else if (name !== '') {
      dnsLabel(found, `${path}.name`, name);
      if (names.has(name)) found.duplicate(`${path}.name`, name);
      names.add(name);
    }
    found.invalidEach(`${path}.port`, numberOf(port['port']), portNumberProblems(numberOf(port['port'])));
    protocol(found, `${path}.protocol`, port['protocol']);
    portNumberOrName(found, `${path}.targetPort`, port['targetPort']);
    if (has(port, 'appProtocol')) qualifiedName(found, `${path}.appProtocol`, textOf(port['appProtocol']));
  }
}

function portConflicts(found: Findings, spec: Fields, ports: readonly Fields[]): void {
  if (spec['type'] === 'ClusterIP') {
    for (const [index, port] of ports.entries()) {
      if (numberOf(port['nodePort']) === 0) continue;
      found.forbidden(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'");
    }
  }
  const nodePorts = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const number = numberOf(port['nodePort']);
    const key = `${textOf(port['protocol'])}/${number}`;
    if (number !== 0 && nodePorts.has(key)) found.duplicate(`spec.ports[${index}].nodePort`, number);
    nodePorts.add(key);
  }
  const seen = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const key = `${textOf(port['protocol'])}/${numberOf(port['port'])}`;
    if (seen.has(key)) {
      const shown = internalForm('core.ServicePort', { protocol: port['protocol'], port: port['port'] });
      found.duplicate(`spec.ports[${index}]`, shown);
    }
    seen.add(key);
  }
}

function typeRules(found: Findings, spec: Fields): void {
  const type = textOf(spec['type']);
  if ((type === 'LoadBalancer' || type === 'NodePort') && isHeadless(spec)) {
    found.invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`);
  }
  if (type !== 'ExternalName') return;
  const none = 'may not be set for ExternalName services';
  if (stringsOf(spec['clusterIPs']).length > 0) found.forbidden('spec.clusterIPs', none);
  if (stringsOf(spec['ipFamilies']).length > 0) found.forbidden('spec.ipFamilies', none);
  if (has(spec, 'ipFamilyPolicy')) found.forbidden('spec.ipFamilyPolicy', none);
  const target = textOf(spec['externalName']).replace(/\.$/, '');
  if (target === '') found.required('spec.externalName');
  else dnsSubdomain(found, 'spec.externalName', target);
}

function affinity(found: Findings, spec: Fields): void {
  oneOf(found, 'spec.sessionAffinity', spec['sessionAffinity'], ['ClientIP', 'None']);
  if (spec['sessionAffinity'] !== 'ClientIP') return;
  const seconds = numberOf(fieldsOf(fieldsOf(spec['sessionAffinityConfig'])['clientIP'])['timeoutSeconds']);
  if (seconds > 0 && seconds <= MAX_AFFINITY_SECONDS) return;
  const why = `must be greater than 0 and less than ${MAX_AFFINITY_SECONDS}`;
  found.invalid('spec.sessionAffinityConfig.clientIP.timeoutSeconds', seconds, why);
}

function clusterIps(found: Findings, spec: Fields): void {
  if (spec['type'] === 'ExternalName') return;
  const ips = stringsOf(spec['clusterIPs']);
  const first = textOf(spec['clusterIP']);
  if (first !== '' && ips.length > 0 && ips[0] !== first) {
    found.invalid('spec.clusterIPs', ips, 'first value must match `clusterIP`');
  }
  if (first === '' && ips.length > 0)
    found.invalid('spec.clusterIPs', ips, 'must be empty when `clusterIP` is not specified');
  const families = stringsOf(spec['ipFamilies']);
  for (const [index, family] of families.entries()) {
    oneOf(found, `spec.ipFamilies[${index}]`, family, FAMILIES);
    if (families.indexOf(family) < index) found.duplicate(`spec.ipFamilies[${index}]`, family);
  }
  if (has(spec, 'ipFamilyPolicy')) oneOf(found, 'spec.ipFamilyPolicy', spec['ipFamilyPolicy'], FAMILY_POLICIES);
  const all = ips.length > 0 || first === '' ? ips : [first];
  let good = true;
  for (const [index, ip] of all.entries()) {
    if (index === 0 && ip === 'None') {
      if (all.length > 1) found.invalid('spec.clusterIPs', all, "'None' must be the first and only value");
    } else if (!ipAddress(found, `spec.clusterIPs[${index}]`, ip)) good = false;
  }
  if (all.length > 2) found.invalid('spec.clusterIPs', all, 'may only hold up to 2 values');
  if (!good || isHeadless(spec)) return;
  for (const [index, ip] of all.entries()) {
    const family = families[index];
    const isV6 = parseAddress(ip)?.kind() === 'ipv6';
    if (family === undefined || (family === 'IPv6') === isV6) continue;
    const why = `expected an ${family} value as indicated by \`ipFamilies[${index}]\``;
    found.invalid(`spec.clusterIPs[${index}]`, ip, why);
  }
}

function traffic(found: Findings, spec: Fields): void {
  const isBalanced = spec['type'] === 'LoadBalancer';
  const ranges = stringsOf(spec['loadBalancerSourceRanges']);
  const balancedOnly = "may only be used when `type` is 'LoadBalancer'";
  if (ranges.length > 0 && !isBalanced) found.forbidden('spec.LoadBalancerSourceRanges', balancedOnly);
  for (const [index, range] of ranges.entries())
    network(found, `spec.LoadBalancerSourceRanges[${index}]`, range.trim());
  if (has(spec, 'allocateLoadBalancerNodePorts') && !isBalanced) {
    found.forbidden('spec.allocateLoadBalancerNodePorts', balancedOnly);
  }
  if (has(spec, 'loadBalancerClass')) {
    if (isBalanced) qualifiedName(found, 'spec.loadBalancerClass', textOf(spec['loadBalancerClass']));
    else found.forbidden('spec.loadBalancerClass', balancedOnly);
  }
  const external = textOf(spec['externalTrafficPolicy']);
  if (!isReachable(spec)) {
    if (external !== '') {
      found.invalid('spec.externalTrafficPolicy', external, 'may only be set for externally-accessible services');
    }
  } else if (external === '') found.required('spec.externalTrafficPolicy');
  else oneOf(found, 'spec.externalTrafficPolicy', external, ['Cluster', 'Local']);
  const checkPort = numberOf(spec['healthCheckNodePort']);
  if (checkPort !== 0 && !(isBalanced && external === 'Local')) {
    const why = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
    found.invalid('spec.healthCheckNodePort', checkPort, why);
  }
  const internal = spec['internalTrafficPolicy'];
  if (internal !== undefined) oneOf(found, 'spec.internalTrafficPolicy', internal, ['Cluster', 'Local']);
  if (has(spec, 'trafficDistribution'))
    oneOf(found, 'spec.trafficDistribution', spec['trafficDistribution'], DISTRIBUTIONS);
}

function service(found: Findings, object: KubeObject): void {
  const spec = specOf(object);
  const ports = itemsOf(spec['ports']);
  if (ports.length === 0 && !isHeadless(spec) && spec['type'] !== 'ExternalName') found.required('spec.ports');
  typeRules(found, spec);
  servicePorts(found, ports);
  labels(found, 'spec.selector', spec['selector']);
  affinity(found, spec);
  clusterIps(found, spec);
  for (const [index, ip] of stringsOf(spec['externalIPs']).entries()) {
    const path = `spec.externalIPs[${index}]`;
    if (ipAddress(found, path, ip)) endpointAddress(found, path, ip);
  }
  oneOf(found, 'spec.type', spec['type'], SERVICE_TYPES);
  portConflicts(found, spec, ports);
  traffic(found, spec);
}

/** Immutable as far as the real server says so in these words: the primary address, while the service has one. */
function serviceUpdate(found: Findings, spec: Fields, old: Fields): void {
  const isOpen = (of: Fields) => of['type'] === 'ExternalName';
  const before = stringsOf(old['clusterIPs']);
  const now = stringsOf(spec['clusterIPs']);
  if (!isOpen(spec) && !isOpen(old) && before.length > 0 && now.length > 0 && before[0] !== now[0]) {
    found.invalid('spec.clusterIPs[0]', now, 'may not change once set');
  }
  const balanced = spec['type'] === 'LoadBalancer' && old['type'] === 'LoadBalancer';
  if (balanced && textOf(spec['loadBalancerClass']) !== textOf(old['loadBalancerClass'])) {
    found.invalid('spec.loadBalancerClass', spec['loadBalancerClass'] ?? null, 'may not change once set');
  }
}

function serviceWarnings(spec: Fields): string[] {
  const texts: string[] = [];
  if (stringsOf(spec['externalIPs']).length > 0) {
    texts.push('spec.externalIPs is deprecated and may no longer be implemented in some clusters');
  }
  if (spec['type'] !== 'ExternalName' && textOf(spec['externalName']) !== '') {
    texts.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  }
  return texts;
}

function endpoints(found: Findings, object: KubeObject): void {
  for (const [index, subset] of itemsOf(object['subsets']).entries()) {
    const path = `subsets[${index}]`;
    const ports = itemsOf(subset['ports']);
    if (itemsOf(subset['addresses']).length + itemsOf(subset['notReadyAddresses']).length === 0) {
      found.required(path, 'must specify `addresses` or `notReadyAddresses`');
    }
    for (const list of ['addresses', 'notReadyAddresses']) {
      for (const [at, address] of itemsOf(subset[list]).entries()) endpoint(found, `${path}.${list}[${at}]`, address);
    }
    for (const [at, port] of ports.entries()) {
      const field = `${path}.ports[${at}]`;
      const name = textOf(port['name']);
      if (ports.length > 1 && name === '') found.required(`${field}.name`);
      else if (name !== '') dnsLabel(found, `${field}.name`, name);
      found.invalidEach(`${field}.port`, numberOf(port['port']), portNumberProblems(numberOf(port['port'])));
      protocol(found, `${field}.protocol`, port['protocol']);
    }
  }
}

function endpoint(found: Findings, field: string, address: Fields): void {
  const ip = textOf(address['ip']);
  ipAddress(found, `${field}.ip`, ip);
  if (textOf(address['hostname']) !== '') dnsLabel(found, `${field}.hostname`, textOf(address['hostname']));
  if (has(address, 'nodeName')) dnsSubdomain(found, `${field}.nodeName`, textOf(address['nodeName']));
  endpointAddress(found, `${field}.ip`, ip);
}

const MAX_ENDPOINTS = 1000;
const MAX_ADDRESSES = 100;

function endpointSlice(found: Findings, object: KubeObject): void {
  const type = textOf(object['addressType']);
  if (type === '') found.required('addressType');
  else oneOf(found, 'addressType', type, ['FQDN', 'IPv4', 'IPv6']);
  const names: string[] = [];
  for (const [index, port] of itemsOf(object['ports']).entries()) {
    const name = textOf(port['name']);
    if (name !== '') dnsLabel(found, `ports[${index}].name`, name);
    if (names.includes(name)) found.duplicate(`ports[${index}].name`, name);
    names.push(name);
    oneOf(found, `ports[${index}].protocol`, port['protocol'], ['SCTP', 'TCP', 'UDP']);
    if (has(port, 'appProtocol')) qualifiedName(found, `ports[${index}].appProtocol`, textOf(port['appProtocol']));
  }
  const list = itemsOf(object['endpoints']);
  if (list.length > MAX_ENDPOINTS) {
    found.tooMany('endpoints', list.length, MAX_ENDPOINTS);
    return;
  }
  for (const [index, one] of list.entries()) sliceEndpoint(found, `endpoints[${index}]`, one, type);
}

function sliceEndpoint(found: Findings, field: string, one: Fields, type: string): void {
  const addresses = stringsOf(one['addresses']);
  if (addresses.length === 0) found.required(`${field}.addresses`, 'must contain at least 1 address');
  else if (addresses.length > MAX_ADDRESSES) found.tooMany(`${field}.addresses`, addresses.length, MAX_ADDRESSES);
  for (const [index, address] of addresses.entries()) {
    const path = `${field}.addresses[${index}]`;
    if (type === 'FQDN') found.invalidEach(path, address, dnsSubdomainProblems(address.replace(/\.$/, '')));
    else if (ipAddress(found, path, address)) {
      const isV6 = parseAddress(address)?.kind() === 'ipv6';
      if (isV6 !== (type === 'IPv6') && FAMILIES.includes(type)) {
        found.invalid(`${field}.addresses`, address, `must be an ${type} address`);
      }
      endpointAddress(found, path, address);
    }
  }
  if (has(one, 'nodeName')) dnsSubdomain(found, `${field}.nodeName`, textOf(one['nodeName']));
  if (has(one, 'hostname')) dnsLabel(found, `${field}.hostname`, textOf(one['hostname']));
}

export const SERVICE_STRATEGIES = {
  services: kindStrategy('core.Service', {
    nameRule: 'label',
    createOnUpdate: true,
    status: 'core.ServiceStatus',
    defaults: serviceDefaults,
    validate: service,
    validateUpdate: (found, object, old) => serviceUpdate(found, specOf(object), specOf(old)),
    warnings: (object) => serviceWarnings(specOf(object)),
  }),
  endpoints: kindStrategy('core.Endpoints', {
    createOnUpdate: true,
    defaults(object) {
      for (const subset of itemsOf(object['subsets'])) {
        for (const port of itemsOf(subset['ports'])) setDefault(port, 'protocol', 'TCP', true);
      }
    },
    validate: endpoints,
    warnings: () => ['v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice'],
  }),
  'endpointslices.discovery.k8s.io': kindStrategy('discovery.EndpointSlice', {
    generation: true,
    defaults(object) {
      for (const port of itemsOf(object['ports'])) {
        setDefault(port, 'name', '');
        setDefault(port, 'protocol', 'TCP');
      }
    },
    validate: endpointSlice,
    validateUpdate: (found, object, old) => immutable(found, 'addressType', object['addressType'], old['addressType']),
  }),
};
