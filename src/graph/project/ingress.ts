import type { IngressFacts } from '../facts.ts';
import { defineKind } from './define-kind.ts';
import { type Dict, dict, list, number, text } from './read.ts';

export const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';
const MAX_BACKENDS = 500;

export const ingress = defineKind<IngressFacts>({
  kind: 'Ingress.networking.k8s.io',
  depth: 'object',
  fields: [
    'spec.ingressClassName',
    'spec.defaultBackend',
    'spec.rules.host',
    'spec.rules.http.paths.path',
    'spec.rules.http.paths.backend',
    'spec.tls.secretName',
    'status.loadBalancer.ingress',
  ],
  project(object, intern) {
    const spec = dict(object['spec']);
    const rules = list(spec['rules']).map(dict);
    return {
      className: intern.text(
        text(spec['ingressClassName']) || text(dict(dict(object.metadata)['annotations'])[CLASS_ANNOTATION]),
      ),
      hosts: [...new Set(rules.map((rule) => text(rule['host'])).filter((host) => host !== ''))],
      backends: backendsOf(spec, rules),
      tlsSecrets: list(spec['tls'])
        .map((tls) => text(dict(tls)['secretName']))
        .filter((name) => name !== ''),
      loadBalancerAddresses: list(dict(dict(object['status'])['loadBalancer'])['ingress']).length,
    };
  },
  health: () => 'ok',
});

function backendsOf(spec: Dict, rules: readonly Dict[]): IngressFacts['backends'] {
  const found: IngressFacts['backends'][number][] = [];
  const add = (backend: unknown, path: string): void => {
    const service = dict(dict(backend)['service']);
    const name = text(service['name']);
    if (name === '' || found.length >= MAX_BACKENDS) return;
    const target = dict(service['port']);
    found.push({ service: name, port: text(target['name']) || number(target['number']), path });
  };
  add(spec['defaultBackend'], '');
  for (const rule of rules) {
    for (const entry of list(dict(rule['http'])['paths'])) {
      const path = dict(entry);
      add(path['backend'], `${text(rule['host'])}${text(path['path'])}`);
    }
  }
  return found;
}
