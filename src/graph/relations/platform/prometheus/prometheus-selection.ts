/** Which monitors and rules a Prometheus, an Alertmanager or a ruler takes. */
import type { Relation } from '../../../types.ts';
import { watchedByServer } from './watched.ts';

const GROUP = 'monitoring.coreos.com';
const SELECTORS = [
  { prefix: 'serviceMonitor', kind: `ServiceMonitor.${GROUP}` },
  { prefix: 'podMonitor', kind: `PodMonitor.${GROUP}` },
  { prefix: 'probe', kind: `Probe.${GROUP}` },
  { prefix: 'scrapeConfig', kind: `ScrapeConfig.${GROUP}` },
  { prefix: 'rule', kind: `PrometheusRule.${GROUP}` },
  { prefix: 'alertmanagerConfig', kind: `AlertmanagerConfig.${GROUP}` },
];

export const prometheusSelection: Relation = {
  id: 'prometheus-selection',
  rows: [67],
  verb: 'takes',
  sources: ['Prometheus', 'PrometheusAgent', 'Alertmanager', 'ThanosRuler'].map((kind) => `${kind}.${GROUP}`),
  class: 'uses',
  strength: 'informational',
  fields: SELECTORS.flatMap(({ prefix }) => [`spec.${prefix}Selector`, `spec.${prefix}NamespaceSelector`]),
  references: (object) => SELECTORS.flatMap(({ prefix, kind }) => watchedByServer(object, prefix, kind)),
};
