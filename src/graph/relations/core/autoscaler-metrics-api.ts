import { dict, list, word } from '../../project/read.ts';
import type { Reference, Relation } from '../../types.ts';

/** Which aggregated API a metric of each type is read from. */
const APIS: ReadonlyMap<string, string> = new Map([
  ['Resource', 'v1beta1.metrics.k8s.io'],
  ['ContainerResource', 'v1beta1.metrics.k8s.io'],
  ['Pods', 'v1beta1.custom.metrics.k8s.io'],
  ['Object', 'v1beta1.custom.metrics.k8s.io'],
  ['External', 'v1beta1.external.metrics.k8s.io'],
]);

/** Without its metrics API an autoscaler stands still. Optional: some servers serve it themselves, without an APIService. */
export const autoscalerMetricsApi: Relation = {
  id: 'autoscaler-metrics-api',
  rows: [46],
  verb: 'reads metrics from',
  sources: ['HorizontalPodAutoscaler.autoscaling'],
  class: 'dependsOn',
  strength: 'hard',
  fields: ['spec.metrics.type'],
  references(object) {
    const found = new Map<string, Reference>();
    for (const [index, entry] of list(dict(object['spec'])['metrics']).entries()) {
      const name = APIS.get(word(dict(entry)['type']));
      if (name === undefined || found.has(name)) continue;
      const path = `spec.metrics[${index}].type`;
      found.set(name, {
        by: 'name',
        kind: 'APIService.apiregistration.k8s.io',
        namespace: '',
        name,
        path,
        optional: true,
      });
    }
    return [...found.values()];
  },
};
