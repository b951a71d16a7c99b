/** The whole spec of a pod or of a pod template. */
import { compareQuantities } from '../../kinds/quantity.ts';
import { annotations, dnsLabel, dnsSubdomain, labels, oneOf, qualifiedName } from './common-validation.ts';
import { containers, ephemeralContainers, initContainers, type PodFacts } from './container-validation.ts';
import type { Findings } from './field-errors.ts';
import { type Fields, fieldsOf, has, itemsOf, numberOf, stringsOf, textOf, textsOf } from './fields.ts';
import { ipAddress } from './ip-addresses.ts';
import { inRange } from './names.ts';
import { aggregate, requestsOf } from './resource-sums.ts';
import { resourceRequirements } from './resource-validation.ts';
import { affinity, schedulingGates, spreadConstraints, tolerations } from './scheduling-validation.ts';
import { podSecurity } from './security-validation.ts';
import { volumes } from './volume-validation.ts';

const MAX_INT32 = 2 ** 31 - 1;
const RESTART_POLICIES = ['Always', 'OnFailure', 'Never'];
const DNS_POLICIES = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];

interface PodSpecContext {
  /** '' for templates. */
  podName: string;
  isPod: boolean;
}

/** `field` is `spec`, or `spec.template.spec`. */
export function podSpec(found: Findings, field: string, spec: Fields, context: PodSpecContext): void {
  const regular = itemsOf(spec['containers']);
  const initial = itemsOf(spec['initContainers']);
  const good = volumes(found, `${field}.volumes`, itemsOf(spec['volumes']), context.podName);
  const facts: PodFacts = {
    volumes: good,
    claimNames: itemsOf(spec['resourceClaims']).map((claim) => textOf(claim['name'])),
    graceSeconds: numberOf(spec['terminationGracePeriodSeconds']),
    restartPolicy: textOf(spec['restartPolicy']),
    hostUsers: spec['hostUsers'] !== false,
    hasOs: has(spec, 'os'),
  };
  resourceClaims(found, `${field}.resourceClaims`, itemsOf(spec['resourceClaims']));
  containers(found, `${field}.containers`, regular, facts);
  initContainers(found, `${field}.initContainers`, initial, regular, facts);
  const extra = itemsOf(spec['ephemeralContainers']);
  ephemeralContainers(found, `${field}.ephemeralContainers`, extra, [...regular, ...initial], facts);
  podResources(found, `${field}.resources`, spec);
  hostNetworkPorts(found, field, spec, context.isPod);
  oneOf(found, `${field}.restartPolicy`, spec['restartPolicy'], RESTART_POLICIES);
  oneOf(found, `${field}.dnsPolicy`, spec['dnsPolicy'], DNS_POLICIES);
  labels(found, `${field}.nodeSelector`, spec['nodeSelector']);
  podSecurity(found, `${field}.securityContext`, spec);
  affinity(found, `${field}.affinity`, fieldsOf(spec['affinity']));
  dnsConfig(found, `${field}.dnsConfig`, spec);
  for (const [index, gate] of itemsOf(spec['readinessGates']).entries()) {
    qualifiedName(found, `${field}.readinessGates[${index}].conditionType`, textOf(gate['conditionType']));
  }
  schedulingGates(found, `${field}.schedulingGates`, itemsOf(spec['schedulingGates']));
  spreadConstraints(found, `${field}.topologySpreadConstraints`, itemsOf(spec['topologySpreadConstraints']));
  hostUsers(found, field, spec);
  names(found, field, spec);
}

function names(found: Findings, field: string, spec: Fields): void {
  const subdomainWhenSet = (name: string) => {
    if (textOf(spec[name]) !== '') dnsSubdomain(found, `${field}.${name}`, textOf(spec[name]));
  };
  subdomainWhenSet('serviceAccountName');
  subdomainWhenSet('nodeName');
  const deadline = spec['activeDeadlineSeconds'];
  if (deadline !== undefined && (numberOf(deadline) < 1 || numberOf(deadline) > MAX_INT32)) {
    found.invalid(`${field}.activeDeadlineSeconds`, deadline, inRange(1, MAX_INT32));
  }
  for (const name of ['hostname', 'subdomain']) {
    if (textOf(spec[name]) !== '') dnsLabel(found, `${field}.${name}`, textOf(spec[name]));
  }
  tolerations(found, `${field}.tolerations`, itemsOf(spec['tolerations']));
  for (const [index, alias] of itemsOf(spec['hostAliases']).entries()) {
    const path = `${field}.hostAliases[${index}]`;
    ipAddress(found, `${path}.ip`, textOf(alias['ip']));
    for (const [at, name] of stringsOf(alias['hostnames']).entries())
      dnsSubdomain(found, `${path}.hostnames[${at}]`, name);
  }
  subdomainWhenSet('priorityClassName');
  if (has(spec, 'runtimeClassName')) dnsSubdomain(found, `${field}.runtimeClassName`, textOf(spec['runtimeClassName']));
  const preemption = spec['preemptionPolicy'];
  if (preemption !== undefined)
    oneOf(found, `${field}.preemptionPolicy`, preemption, ['PreemptLowerPriority', 'Never']);
  if (has(spec, 'overhead')) resourceRequirements(found, `${field}.overhead`, { limits: spec['overhead'] }, []);
  if (has(spec, 'os')) {
    const name = textOf(fieldsOf(spec['os'])['name']);
    if (name === '') found.required(`${field}.os.name`, 'cannot be empty');
    else if (name !== 'linux' && name !== 'windows') found.notSupported(`${field}.os`, name, ['linux', 'windows']);
  }
}

function resourceClaims(found: Findings, field: string, list: readonly Fields[]): void {
  const seen = new Set<string>();
  for (const [index, claim] of list.entries()) {
    const path = `${field}[${index}]`;
    const name = textOf(claim['name']);
    if (name === '') found.required(`${path}.name`);
    else if (seen.has(name)) found.duplicate(`${path}.name`, name);
    else dnsLabel(found, `${path}.name`, name);
    seen.add(name);
    const sources = ['resourceClaimName', 'resourceClaimTemplateName'].filter((source) => has(claim, source));
    const both = 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified';
    const none = 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`';
    if (sources.length > 1) found.invalid(path, claim, both);
    if (sources.length === 0) found.invalid(path, claim, none);
  }
}

function podResources(found: Findings, field: string, spec: Fields): void {
  if (!has(spec, 'resources')) return;
  const resources = fieldsOf(spec['resources']);
  if (has(resources, 'claims')) found.forbidden(`${field}.claims`, 'claims may not be set for Resources at pod-level');
  resourceRequirements(found, field, resources, [], true);
  const own = textsOf(resources['requests']);
  for (const [name, sum] of Object.entries(aggregate(spec, requestsOf))) {
    const asked = own[name];
    if (asked !== undefined && compareQuantities(sum, asked) > 0) {
      const why = `must be greater than or equal to aggregate container requests of ${sum}`;
      found.invalid(`${field}.requests[${name}]`, asked, why);
    }
  }
  const limits = textsOf(resources['limits']);
  for (const [index, container] of itemsOf(spec['containers']).entries()) {
    for (const [name, limit] of Object.entries(textsOf(fieldsOf(container['resources'])['limits']))) {
      const most = limits[name];
      if (most === undefined || compareQuantities(limit, most) <= 0) continue;
      const path = `${field}.containers[${index}][${name}].limits`;
      found.invalid(path, limit, `must be less than or equal to pod limits of ${most}`);
    }
  }
}

function hostNetworkPorts(found: Findings, field: string, spec: Fields, isPod: boolean): void {
  if (spec['hostNetwork'] !== true) return;
  for (const [index, container] of itemsOf(spec['containers']).entries()) {
    for (const [at, port] of itemsOf(container['ports']).entries()) {
      const host = numberOf(port['hostPort']);
      if ((isPod || host !== 0) && host !== numberOf(port['containerPort'])) {
        const path = `${field}.containers[${index}].ports[${at}].hostPort`;
        found.invalid(path, host, 'must match `containerPort` when `hostNetwork` is true');
      }
    }
  }
}

function hostUsers(found: Findings, field: string, spec: Fields): void {
  if (spec['hostUsers'] !== false) return;
  const why = 'when `hostUsers` is false';
  if (spec['hostNetwork'] === true) found.forbidden(`${field}.hostNetwork`, why);
  if (spec['hostPID'] === true) found.forbidden(`${field}.HostPID`, why);
  if (spec['hostIPC'] === true) found.forbidden(`${field}.HostIPC`, why);
}

const MAX_NAMESERVERS = 3;
const MAX_SEARCHES = 32;

function dnsConfig(found: Findings, field: string, spec: Fields): void {
  const config = fieldsOf(spec['dnsConfig']);
  const servers = stringsOf(config['nameservers']);
  if (spec['dnsPolicy'] === 'None') {
    if (!has(spec, 'dnsConfig')) {
      found.required(field, 'must provide `dnsConfig` when `dnsPolicy` is None');
      return;
    }
    if (servers.length === 0) {
      const why = 'must provide at least one DNS nameserver when `dnsPolicy` is None';
      found.required(`${field}.nameservers`, why);
      return;
    }
  }
  if (servers.length > MAX_NAMESERVERS) {
    found.invalid(`${field}.nameservers`, servers, `must not have more than ${MAX_NAMESERVERS} nameservers`);
  }
  for (const [index, server] of servers.entries()) ipAddress(found, `${field}.nameservers[${index}]`, server);
  const searches = stringsOf(config['searches']);
  if (searches.length > MAX_SEARCHES) {
    found.invalid(`${field}.searches`, searches, `must not have more than ${MAX_SEARCHES} search paths`);
  }
  for (const [index, option] of itemsOf(config['options']).entries()) {
    if (textOf(option['name']) === '') found.required(`${field}.options[${index}]`, 'must not be empty');
  }
}

/** `field` is `spec.template`. */
export function podTemplate(found: Findings, field: string, template: Fields): void {
  const metadata = fieldsOf(template['metadata']);
  const spec = fieldsOf(template['spec']);
  labels(found, `${field}.labels`, metadata['labels']);
  annotations(found, `${field}.annotations`, metadata['annotations']);
  podSpec(found, `${field}.spec`, spec, { podName: '', isPod: false });
  if (itemsOf(spec['ephemeralContainers']).length > 0) {
    found.forbidden(`${field}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template');
  }
}
