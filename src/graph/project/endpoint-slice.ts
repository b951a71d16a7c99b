import type { EndpointSliceFacts } from '../facts.ts';
import { defineKind } from './define-kind.ts';
import { dict, list, number, text } from './read.ts';

export const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';

export const endpointSlice = defineKind<EndpointSliceFacts>({
  kind: 'EndpointSlice.discovery.k8s.io',
  depth: 'object',
  fields: ['endpoints.conditions', 'ports.name', 'ports.port', 'ports.protocol'],
  project(object, intern) {
    const endpoints = list(object['endpoints']);
    let ready = 0;
    let serving = 0;
    let terminating = 0;
    for (const endpoint of endpoints) {
      const conditions = dict(dict(endpoint)['conditions']);
      // What is not said is true of `ready`; `serving` follows it (API of discovery.k8s.io/v1).
      const isReady = conditions['ready'] !== false;
      if (isReady) ready++;
      if (typeof conditions['serving'] === 'boolean' ? conditions['serving'] : isReady) serving++;
      if (conditions['terminating'] === true) terminating++;
    }
    return {
      service: intern.text(text(dict(dict(object.metadata)['labels'])[SERVICE_NAME_LABEL])),
      ready,
      serving,
      terminating,
      total: endpoints.length,
      ports: intern.shared(list(object['ports']).map(portOf)),
    };
  },
  health: ({ ready, total }) => (total > 0 && ready === 0 ? 'warning' : 'ok'),
});

function portOf(value: unknown): EndpointSliceFacts['ports'][number] {
  const { name, port, protocol } = dict(value);
  return { name: text(name), port: number(port), protocol: text(protocol) || 'TCP' };
}
