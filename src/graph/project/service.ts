import type { ServiceFacts } from '../facts.ts';
import { conditionsOf } from './conditions.ts';
import { defineKind } from './define-kind.ts';
import { dict, list, number, port, text, texts } from './read.ts';

export const service = defineKind<ServiceFacts>({
  kind: 'Service',
  depth: 'object',
  fields: [
    'spec.type',
    'spec.clusterIP',
    'spec.externalName',
    'spec.selector',
    'spec.ports',
    'spec.publishNotReadyAddresses',
    'spec.loadBalancerClass',
    'status.loadBalancer.ingress',
    'status.conditions',
  ],
  project(object, intern) {
    const spec = dict(object['spec']);
    const status = dict(object['status']);
    return {
      type: intern.text(text(spec['type']) || 'ClusterIP'),
      clusterIP: text(spec['clusterIP']),
      externalName: intern.text(text(spec['externalName'])),
      selector: intern.shared(texts(spec['selector'])),
      ports: intern.shared(list(spec['ports']).map(portOf)),
      publishNotReady: spec['publishNotReadyAddresses'] === true,
      loadBalancer: intern.shared({
        class: text(spec['loadBalancerClass']),
        addresses: list(dict(status['loadBalancer'])['ingress']).length,
      }),
      conditions: conditionsOf(status['conditions'], intern),
    };
  },
  health: ({ type, loadBalancer }) => (type === 'LoadBalancer' && loadBalancer.addresses === 0 ? 'progressing' : 'ok'),
});

function portOf(value: unknown): ServiceFacts['ports'][number] {
  const one = dict(value);
  const exposed = number(one['port']);
  const target = one['targetPort'];
  return {
    name: text(one['name']),
    port: exposed,
    targetPort: target === undefined ? exposed : port(target),
    protocol: text(one['protocol']) || 'TCP',
    nodePort: number(one['nodePort']),
  };
}
