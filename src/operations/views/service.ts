import { z } from 'zod';
import { ageOf } from '../../kernel/text/age.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { View } from '../query/list-tool.ts';
import { count, field, items, text, textMap } from '../query/read.ts';
import { cell } from '../shape/cell.ts';

export const serviceSchema = z.looseObject({
  name: z.string(),
  namespace: z.string(),
  type: z.string(),
  cluster_ip: z.string(),
  external_ips: z.array(z.string()),
  /** `80:30080/TCP`, as kubectl writes them. */
  ports: z.array(z.string()),
  selector: z.record(z.string(), z.string()),
  age: z.string(),
});

export type ServiceItem = z.infer<typeof serviceSchema>;

export const serviceView: View<ServiceItem> = {
  kind: ['services', 'v1'],
  noun: 'service',
  columns: ['NAME', 'TYPE', 'CLUSTER-IP', 'EXTERNAL-IP', 'PORTS', 'AGE', 'SELECTOR'],
  project: serviceItem,
  cells: (s) =>
    [s.name, s.type, s.cluster_ip, s.external_ips.join(','), s.ports.join(','), s.age, labelText(s.selector)].map(
      (value) => cell(value),
    ),
};

function serviceItem(service: KubeObject, now: number): ServiceItem {
  return {
    name: text(service, 'metadata', 'name'),
    namespace: text(service, 'metadata', 'namespace'),
    type: text(service, 'spec', 'type'),
    cluster_ip: text(service, 'spec', 'clusterIP'),
    external_ips: externalAddresses(service),
    ports: items(service, 'spec', 'ports').map(portText),
    selector: textMap(service, 'spec', 'selector'),
    age: ageOf(text(service, 'metadata', 'creationTimestamp'), now),
  };
}

function externalAddresses(service: KubeObject): string[] {
  const given = items(service, 'spec', 'externalIPs').filter((ip) => typeof ip === 'string');
  switch (text(service, 'spec', 'type')) {
    case 'ExternalName':
      return [text(service, 'spec', 'externalName')];
    case 'LoadBalancer': {
      const ingress = items(service, 'status', 'loadBalancer', 'ingress').map(
        (i) => text(i, 'ip') || text(i, 'hostname'),
      );
      const all = [...ingress, ...given].filter((address) => address !== '');
      return all.length === 0 ? ['<pending>'] : all;
    }
    default:
      return given;
  }
}

function portText(port: unknown): string {
  const node = count(port, 'nodePort');
  return `${String(field(port, 'port'))}${node === 0 ? '' : `:${node}`}/${text(port, 'protocol') || 'TCP'}`;
}

/** `app=web,tier=front`. */
export function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}
