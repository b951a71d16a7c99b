/** Cluster IPs, IP families and node ports of services: given out, kept over updates, and refused where they clash. */
import { type FieldError, invalid } from '../../api/failure.ts';
import type { Store } from '../../store/types.ts';
import type { KubeObject, ResourceInfo } from '../../types.ts';
import {
  assign,
  copyJson,
  ensureRecord,
  type Json,
  numberAt,
  recordsAt,
  sameJson,
  textAt,
  textsAt,
  valueAt,
} from '../json.ts';
import { createPools, type Pools, portsOf } from './pools.ts';
import { dropTypeDependentFields } from './type-changes.ts';

export interface ServiceAddresses {
  onCreate(object: KubeObject, resource: ResourceInfo): void;
  onUpdate(object: KubeObject, old: KubeObject, resource: ResourceInfo): void;
}

/** What is given out is taken as soon as the service is stored; a write that fails or is a dry run takes nothing. */
export function createAddresses(store: Store, random: () => number): ServiceAddresses {
  const pools = createPools(store, random);
  return {
    onCreate(service, { id }) {
      if (id !== 'services') return;
      const spec = ensureRecord(service, 'spec');
      if (texts(spec['clusterIPs']).length === 0 && textAt(spec, 'clusterIP') !== '') {
        spec['clusterIPs'] = [spec['clusterIP']];
      }
      if (!setFamilies(service, spec, undefined)) return;
      giveAddresses(service, spec, pools);
      givePorts(service, spec, new Set(), pools);
    },
    onUpdate(service, old, { id }) {
      if (id !== 'services') return;
      const spec = ensureRecord(service, 'spec');
      keepGiven(spec, old);
      matchPlural(spec, old);
      const has = setFamilies(service, spec, old);
      const wasExternal = textAt(old, 'spec', 'type') === 'ExternalName';
      if (wasExternal && has) giveAddresses(service, spec, pools);
      if (has) givePorts(service, spec, new Set(portsOf(old)), pools);
      dropTypeDependentFields(service, old);
    },
  };
}

const isExternal = (spec: Json) => textAt(spec, 'type') === 'ExternalName';
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];

const hasNodePorts = (spec: Json) => {
  const type = textAt(spec, 'type');
  return type === 'NodePort' || (type === 'LoadBalancer' && spec['allocateLoadBalancerNodePorts'] !== false);
};
const checksHealth = (spec: Json) =>
  textAt(spec, 'type') === 'LoadBalancer' && textAt(spec, 'externalTrafficPolicy') === 'Local';

/** What was given out stays when an update does not name it. */
function keepGiven(spec: Json, old: KubeObject): void {
  const before = ensureRecord(copyJson(old), 'spec');
  if (!isExternal(spec) && !isExternal(before)) {
    if (textAt(spec, 'clusterIP') === '' && before['clusterIP'] !== undefined) spec['clusterIP'] = before['clusterIP'];
    if (texts(spec['clusterIPs']).length === 0 && before['clusterIPs'] !== undefined) {
      spec['clusterIPs'] = before['clusterIPs'];
    }
  }
  if (hasNodePorts(spec) && hasNodePorts(before)) keepPorts(spec, before);
  if (checksHealth(spec) && checksHealth(before) && (numberAt(spec, 'healthCheckNodePort') ?? 0) === 0) {
    assign(spec, 'healthCheckNodePort', before['healthCheckNodePort']);
  }
}

function keepPorts(spec: Json, before: Json): void {
  const ports = recordsAt(spec, 'ports');
  const named = new Set(ports.map((port) => numberAt(port, 'nodePort') ?? 0));
  const known = new Map(recordsAt(before, 'ports').map((port) => [textAt(port, 'name'), numberAt(port, 'nodePort')]));
  for (const port of ports) {
    if ((numberAt(port, 'nodePort') ?? 0) !== 0) continue;
    const kept = known.get(textAt(port, 'name')) ?? 0;
    if (kept !== 0 && !named.has(kept)) port['nodePort'] = kept;
  }
}

/** `clusterIP` and the first of `clusterIPs` are one thing; old clients know the former only. */
function matchPlural(spec: Json, old: KubeObject): void {
  const before = textAt(old, 'spec', 'clusterIP');
  const now = textAt(spec, 'clusterIP');
  if (before === now || !sameJson(texts(spec['clusterIPs']), texts(valueAt(old, 'spec', 'clusterIPs')))) return;
  if (now === '') delete spec['clusterIPs'];
  else spec['clusterIPs'] = [now];
}

/** False when the service has no addresses at all. */
function setFamilies(service: KubeObject, spec: Json, old: KubeObject | undefined): boolean {
  if (isExternal(spec)) {
    delete spec['internalTrafficPolicy'];
    return false;
  }
  const bare = textAt(spec, 'clusterIP') === 'None' && Object.keys(textsAt(spec, 'selector')).length === 0;
  const policy = textAt(spec, 'ipFamilyPolicy') || textAt(old, 'spec', 'ipFamilyPolicy');
  spec['ipFamilyPolicy'] = policy || (bare ? 'RequireDualStack' : 'SingleStack');
  const families = texts(spec['ipFamilies']);
  if (bare) {
    const [first = 'IPv4', second] = families;
    const other = first === 'IPv4' ? 'IPv6' : 'IPv4';
    const all = second === undefined && spec['ipFamilyPolicy'] !== 'SingleStack' ? [first, other] : families;
    spec['ipFamilies'] = all.length === 0 ? [first] : all;
    return true;
  }
  const errors = familyErrors(spec, families);
  if (errors.length > 0) throw refused(service, errors);
  if (families.length === 0) spec['ipFamilies'] = ['IPv4'];
  return true;
}

function familyErrors(spec: Json, families: readonly string[]): FieldError[] {
  const errors: FieldError[] = [];
  if (spec['ipFamilyPolicy'] === 'SingleStack' && families.length > 1) {
    const problem = "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified";
    return [invalidField('spec.ipFamilyPolicy', spec['ipFamilyPolicy'], problem)];
  }
  if (spec['ipFamilyPolicy'] === 'RequireDualStack') {
    const problem = 'this cluster is not configured for dual-stack services';
    errors.push(invalidField('spec.ipFamilyPolicy', spec['ipFamilyPolicy'], problem));
  }
  for (const [at, family] of families.entries()) {
    if (family === 'IPv6') {
      errors.push(invalidField(`spec.ipFamilies[${at}]`, family, 'not configured on this cluster'));
    }
  }
  return errors;
}

function giveAddresses(service: KubeObject, spec: Json, pools: Pools): void {
  const wanted = texts(spec['clusterIPs']);
  const [chosen = ''] = wanted;
  if (chosen === 'None') return;
  if (chosen === '') {
    const given = pools.freeAddress();
    if (given === undefined) throw refused(service, [invalidField('spec.clusterIPs', wanted, 'range is full')]);
    spec['clusterIP'] = given;
    spec['clusterIPs'] = [given];
    return;
  }
  // What is no address at all is told by the validation of the kind.
  if (!/^\d+\.\d+\.\d+\.\d+$/.test(chosen)) return;
  const state = pools.addressState(chosen);
  if (state === 'free') return;
  const why =
    state === 'taken' ? 'provided IP is already allocated' : 'the provided network does not match the current range';
  throw refused(service, [invalidField('spec.clusterIPs', wanted, `failed to allocate IP ${chosen}: ${why}`)]);
}

/** `ours`: the ports that this very service holds already. */
function givePorts(service: KubeObject, spec: Json, ours: ReadonlySet<number>, pools: Pools): void {
  const type = textAt(spec, 'type');
  const taken = new Set<number>();
  if (type === 'NodePort' || type === 'LoadBalancer') {
    // One number may serve several protocols of the same port.
    const byPort = new Map<number, number>();
    for (const [at, port] of recordsAt(spec, 'ports').entries()) {
      const number = numberAt(port, 'port') ?? 0;
      const wanted = numberAt(port, 'nodePort') ?? 0;
      if (wanted === 0 && !hasNodePorts(spec)) continue;
      if (wanted !== 0 && !taken.has(wanted) && !ours.has(wanted)) checkPort(service, at, wanted, pools);
      const given = wanted || byPort.get(number) || nextPort(service, taken, pools);
      port['nodePort'] = given;
      byPort.set(number, given);
      taken.add(given);
    }
  }
  if (checksHealth(spec) && (numberAt(spec, 'healthCheckNodePort') ?? 0) === 0) {
    spec['healthCheckNodePort'] = nextPort(service, taken, pools);
  }
}

function nextPort(service: KubeObject, taken: ReadonlySet<number>, pools: Pools): number {
  const port = pools.freePort(taken);
  if (port === undefined) throw refused(service, [invalidField('spec.ports', null, 'range is full')]);
  return port;
}

function checkPort(service: KubeObject, at: number, wanted: number, pools: Pools): void {
  const state = pools.portState(wanted);
  if (state === 'free') return;
  const problem =
    state === 'taken'
      ? 'provided port is already allocated'
      : 'provided port is not in the valid range. The range of valid ports is 30000-32767';
  throw refused(service, [invalidField(`spec.ports[${at}].nodePort`, wanted, problem)]);
}

const invalidField = (field: string, value: unknown, problem: string): FieldError => ({
  reason: 'FieldValueInvalid',
  field,
  message: `Invalid value: ${JSON.stringify(value)}: ${problem}`,
});

const refused = (service: KubeObject, errors: FieldError[]) =>
  invalid({ kind: 'Service', group: '' }, service.metadata.name, errors);
