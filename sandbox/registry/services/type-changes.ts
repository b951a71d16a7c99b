/** A service that changes its type loses what it was given for the old one, unless the writer says otherwise. */
import type { KubeObject } from '../../types.ts';
import { ensureRecord, isRecord, numberAt, recordAt, recordsAt, sameJson, textAt } from '../json.ts';

type Spec = Record<string, unknown>;

/** Runs after addresses were given out: fields of the old type that the writer left as they were go. */
export function dropTypeDependentFields(service: KubeObject, old: KubeObject): void {
  const spec = ensureRecord(service, 'spec');
  const before = recordAt(old, 'spec');
  const same = (key: string) => sameJson(spec[key], before[key]);
  const drop = (...keys: readonly string[]) => {
    for (const key of keys) if (same(key)) delete spec[key];
  };
  if (!isExternal(before) && isExternal(spec)) {
    if (same('clusterIP') && same('clusterIPs')) drop('clusterIP', 'clusterIPs');
    drop('ipFamilies', 'ipFamilyPolicy');
  }
  if (isReachable(before) && !isReachable(spec)) {
    if (sameNodePorts(spec, before)) for (const port of recordsAt(spec, 'ports')) delete port['nodePort'];
    drop('externalTrafficPolicy');
  }
  if (checksHealth(before) && !checksHealth(spec)) drop('healthCheckNodePort');
  if (isBalanced(before) && !isBalanced(spec)) drop('allocateLoadBalancerNodePorts', 'loadBalancerClass');
  if (!isBalanced(spec) && isRecord(service['status'])) service['status']['loadBalancer'] = {};
}

const isExternal = (spec: Spec) => textAt(spec, 'type') === 'ExternalName';
const isBalanced = (spec: Spec) => textAt(spec, 'type') === 'LoadBalancer';
const isReachable = (spec: Spec) => isBalanced(spec) || textAt(spec, 'type') === 'NodePort';
const checksHealth = (spec: Spec) => isBalanced(spec) && textAt(spec, 'externalTrafficPolicy') === 'Local';

function sameNodePorts(spec: Spec, before: Spec): boolean {
  const ports = (of: Spec) => recordsAt(of, 'ports').map((port) => numberAt(port, 'nodePort') ?? 0);
  const given = (of: Spec) => [...new Set(ports(of).filter((port) => port !== 0))].sort((a, b) => a - b);
  return sameJson(given(spec), given(before));
}
