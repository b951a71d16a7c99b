/** Ingresses, NetworkPolicies, and the classes and addresses of a cluster's network. */
import type { KubeObject } from '../../types.ts';
import { dnsLabel, dnsSubdomain, immutable, labelSelector, oneOf } from './common-validation.ts';
import type { Findings } from './field-errors.ts';
import { ensure, type Fields, fieldsOf, has, itemsOf, numberOf, setDefault, stringsOf, textOf } from './fields.ts';
import { isStrictSubset, network, parseAddress, parseNetwork } from './ip-addresses.ts';
import { kindStrategy } from './kind-strategy.ts';
import {
  dnsSubdomainProblems,
  portNameProblems,
  portNumberProblems,
  regexProblem,
  wildcardSubdomainProblems,
} from './names.ts';

const specOf = (object: KubeObject) => fieldsOf(object['spec']);
const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix'];
const BAD_SEQUENCES = ['//', '/./', '/../', '%2f', '%2F'];
const BAD_SUFFIXES = ['/..', '/.'];

function hostName(found: Findings, field: string, host: string): void {
  found.invalidEach(field, host, host.includes('*') ? wildcardSubdomainProblems(host) : dnsSubdomainProblems(host));
}

function backend(found: Findings, field: string, value: Fields): void {
  const hasService = has(value, 'service');
  const hasResource = has(value, 'resource');
  if (hasService && hasResource) {
    found.invalid(field, '', 'cannot set both resource and service backends');
    return;
  }
  if (hasResource) {
    resourceBackend(found, `${field}.resource`, fieldsOf(value['resource']));
    return;
  }
  if (!hasService) {
    found.invalid(field, '', 'resource or service backend is required');
    return;
  }
  const service = fieldsOf(value['service']);
  const port = fieldsOf(service['port']);
  const name = textOf(service['name']);
  if (name === '') found.required(`${field}.service.name`);
  else dnsLabel(found, `${field}.service.name`, name);
  const portName = textOf(port['name']);
  const number = numberOf(port['number']);
  if (portName !== '' && number !== 0) found.invalid(field, '', 'cannot set both port name & port number');
  else if (portName !== '') found.invalidEach(`${field}.service.port.name`, portName, portNameProblems(portName));
  else if (number !== 0) found.invalidEach(`${field}.service.port.number`, number, portNumberProblems(number));
  else found.required(field, 'port name or number is required');
}

function resourceBackend(found: Findings, field: string, reference: Fields): void {
  for (const part of ['kind', 'name']) if (textOf(reference[part]) === '') found.required(`${field}.${part}`);
}

function httpPath(found: Findings, field: string, value: Fields): void {
  if (!has(value, 'pathType')) {
    found.required(`${field}.pathType`, 'pathType must be specified');
    return;
  }
  const type = textOf(value['pathType']);
  const path = textOf(value['path']);
  if (type === 'Exact' || type === 'Prefix') {
    if (!path.startsWith('/')) found.invalid(`${field}.path`, path, 'must be an absolute path');
    for (const sequence of BAD_SEQUENCES) {
      if (path.includes(sequence)) found.invalid(`${field}.path`, path, `must not contain '${sequence}'`);
    }
    for (const suffix of BAD_SUFFIXES) {
      if (path.endsWith(suffix)) found.invalid(`${field}.path`, path, `cannot end with '${suffix}'`);
    }
  } else if (type === 'ImplementationSpecific') {
    if (path !== '' && !path.startsWith('/')) found.invalid(`${field}.path`, path, 'must be an absolute path');
  } else found.notSupported(`${field}.pathType`, type, PATH_TYPES);
  backend(found, `${field}.backend`, fieldsOf(value['backend']));
}

function ingress(found: Findings, object: KubeObject): void {
  const spec = specOf(object);
  const rules = itemsOf(spec['rules']);
  if (rules.length === 0 && !has(spec, 'defaultBackend')) {
    found.invalid('spec', null, 'either `defaultBackend` or `rules` must be specified');
  }
  if (has(spec, 'defaultBackend')) backend(found, 'spec.defaultBackend', fieldsOf(spec['defaultBackend']));
  for (const [index, rule] of rules.entries()) {
    const path = `spec.rules[${index}]`;
    const host = textOf(rule['host']);
    if (host !== '') {
      if (parseAddress(host) !== undefined)
        found.invalid(`${path}.host`, host, 'must be a DNS name, not an IP address');
      hostName(found, `${path}.host`, host);
    }
    if (!has(rule, 'http')) continue;
    const paths = itemsOf(fieldsOf(rule['http'])['paths']);
    if (paths.length === 0) found.required(`${path}.http.paths`);
    for (const [at, one] of paths.entries()) httpPath(found, `${path}.http.paths[${at}]`, one);
  }
  for (const [index, tls] of itemsOf(spec['tls']).entries()) {
    const path = `spec.tls[${index}]`;
    for (const [at, host] of stringsOf(tls['hosts']).entries()) hostName(found, `${path}.hosts[${at}]`, host);
    const secret = textOf(tls['secretName']);
    if (secret !== '') dnsSubdomain(found, `${path}.secretName`, secret);
  }
  if (has(spec, 'ingressClassName')) dnsSubdomain(found, 'spec.ingressClassName', textOf(spec['ingressClassName']));
}

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];

function policyPort(found: Findings, field: string, value: Fields): void {
  const protocol = value['protocol'];
  if (protocol !== undefined && !PROTOCOLS.includes(textOf(protocol))) {
    found.notSupported(`${field}.protocol`, protocol, PROTOCOLS);
  }
  const { port, endPort: end } = value;
  if (typeof port === 'number') {
    found.invalidEach(`${field}.port`, port, portNumberProblems(port));
    if (end === undefined) return;
    if (numberOf(end) < port) found.invalid(`${field}.endPort`, port, 'must be greater than or equal to `port`');
    found.invalidEach(`${field}.endPort`, end, portNumberProblems(numberOf(end)));
  } else if (typeof port === 'string') {
    if (end !== undefined) found.invalid(`${field}.endPort`, end, 'may not be specified when `port` is non-numeric');
    found.invalidEach(`${field}.port`, port, portNameProblems(port));
  } else if (end !== undefined) {
    found.invalid(`${field}.endPort`, end, 'may not be specified when `port` is not specified');
  }
}

function policyPeer(found: Findings, field: string, peer: Fields): void {
  const given = ['podSelector', 'namespaceSelector', 'ipBlock'].filter((part) => has(peer, part));
  for (const part of given) {
    if (part === 'ipBlock') ipBlock(found, `${field}.ipBlock`, fieldsOf(peer['ipBlock']));
    else labelSelector(found, `${field}.${part}`, peer[part]);
  }
  if (given.length === 0) found.required(field, 'must specify a peer');
  else if (given.length > 1 && given.includes('ipBlock')) {
    found.forbidden(field, 'may not specify both ipBlock and another peer');
  }
}

function ipBlock(found: Findings, field: string, block: Fields): void {
  const cidr = textOf(block['cidr']);
  if (cidr === '') {
    found.required(`${field}.cidr`);
    return;
  }
  network(found, `${field}.cidr`, cidr);
  if (parseNetwork(cidr) === undefined) return;
  for (const [index, except] of stringsOf(block['except']).entries()) {
    const path = `${field}.except[${index}]`;
    network(found, path, except);
    if (parseNetwork(except) !== undefined && !isStrictSubset(except, cidr)) {
      found.invalid(path, except, 'must be a strict subset of `cidr`');
    }
  }
}

function networkPolicy(found: Findings, object: KubeObject): void {
  const spec = specOf(object);
  labelSelector(found, 'spec.podSelector', spec['podSelector']);
  for (const [direction, peers] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const) {
    for (const [index, rule] of itemsOf(spec[direction]).entries()) {
      const path = `spec.${direction}[${index}]`;
      for (const [at, port] of itemsOf(rule['ports']).entries()) policyPort(found, `${path}.ports[${at}]`, port);
      for (const [at, peer] of itemsOf(rule[peers]).entries()) policyPeer(found, `${path}.${peers}[${at}]`, peer);
    }
  }
  const types = stringsOf(spec['policyTypes']);
  if (types.length > 2) {
    found.invalid('spec.policyTypes', types, 'may not specify more than two policyTypes');
    return;
  }
  for (const [index, type] of types.entries()) {
    if (type !== 'Ingress' && type !== 'Egress')
      found.notSupported(`spec.policyTypes[${index}]`, type, ['Ingress', 'Egress']);
  }
}

const HTTP_PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
const MAX_CONTROLLER = 250;

/** `example.com/controller`. */
export function domainPrefixedPath(found: Findings, field: string, text: string): void {
  if (text === '') {
    found.required(field);
    return;
  }
  const slash = text.indexOf('/');
  if (slash <= 0 || slash === text.length - 1) {
    found.invalid(field, text, 'must be a domain-prefixed path (such as "acme.io/foo")');
    return;
  }
  const host = text.slice(0, slash);
  const path = text.slice(slash + 1);
  found.invalidEach(field, host, dnsSubdomainProblems(host));
  if (!new RegExp(`^${HTTP_PATH}$`).test(path)) found.invalid(field, path, regexProblem('Invalid path', HTTP_PATH));
}

export const NETWORKING_STRATEGIES = {
  'ingresses.networking.k8s.io': kindStrategy('networking.Ingress', {
    generation: true,
    status: 'networking.IngressStatus',
    validate: ingress,
  }),
  'ingressclasses.networking.k8s.io': kindStrategy('networking.IngressClass', {
    generation: true,
    defaults(object) {
      const parameters = fieldsOf(specOf(object)['parameters']);
      if (has(specOf(object), 'parameters')) setDefault(parameters, 'scope', 'Cluster');
    },
    validate(found, object) {
      const controller = textOf(specOf(object)['controller']);
      if (controller.length > MAX_CONTROLLER) found.tooLong('spec.controller', MAX_CONTROLLER);
      domainPrefixedPath(found, 'spec.controller', controller);
      const parameters = fieldsOf(specOf(object)['parameters']);
      if (!has(specOf(object), 'parameters')) return;
      for (const field of ['kind', 'name'])
        if (textOf(parameters[field]) === '') found.required(`spec.parameters.${field}`);
      oneOf(found, 'spec.parameters.scope', parameters['scope'], ['Cluster', 'Namespace']);
    },
    validateUpdate: (found, object, old) =>
      immutable(found, 'spec.controller', specOf(object)['controller'], specOf(old)['controller']),
  }),
  'networkpolicies.networking.k8s.io': kindStrategy('networking.NetworkPolicy', {
    generation: true,
    defaults(object) {
      const spec = ensure(object, 'spec');
      for (const direction of ['ingress', 'egress']) {
        for (const rule of itemsOf(spec[direction])) {
          for (const port of itemsOf(rule['ports'])) setDefault(port, 'protocol', 'TCP');
        }
      }
      if (stringsOf(spec['policyTypes']).length === 0) {
        spec['policyTypes'] = itemsOf(spec['egress']).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
      }
    },
    validate: networkPolicy,
  }),
  'servicecidrs.networking.k8s.io': kindStrategy('networking.ServiceCIDR', {
    status: 'networking.ServiceCIDRStatus',
    validate(found, object) {
      const ranges = stringsOf(specOf(object)['cidrs']);
      if (ranges.length === 0) found.required('spec.cidrs', 'at least one CIDR required');
      if (ranges.length > 2) found.invalid('spec', specOf(object), 'may only hold up to 2 values');
      for (const [index, range] of ranges.entries()) network(found, `spec.cidrs[${index}]`, range);
    },
    validateUpdate: (found, object, old) =>
      immutable(found, 'spec.cidrs', specOf(object)['cidrs'], specOf(old)['cidrs']),
  }),
  'ipaddresses.networking.k8s.io': kindStrategy('networking.IPAddress', {
    validate(found, object) {
      if (!has(specOf(object), 'parentRef')) found.required('spec.parentRef');
    },
    validateUpdate: (found, object, old) =>
      immutable(found, 'spec.parentRef', specOf(object)['parentRef'], specOf(old)['parentRef']),
  }),
};
