/** Secrets, settings and the account of what watches. */
import { defineRelation } from '../../define.ts';

export const prometheusConfig = defineRelation(
  {
    id: 'prometheus-config',
    rows: [67],
    verb: 'reads',
    sources: [
      'Prometheus.monitoring.coreos.com',
      'PrometheusAgent.monitoring.coreos.com',
      'Alertmanager.monitoring.coreos.com',
      'ThanosRuler.monitoring.coreos.com',
    ],
    class: 'dependsOn',
    strength: 'hard',
  },
  [
    { at: 'spec.serviceAccountName', to: 'ServiceAccount' },
    { at: 'spec.secrets[]', to: 'Secret' },
    { at: 'spec.configMaps[]', to: 'ConfigMap' },
    { at: 'spec.additionalScrapeConfigs', to: 'Secret', strength: 'soft' },
    { at: 'spec.additionalAlertRelabelConfigs', to: 'Secret', strength: 'soft' },
    { at: 'spec.additionalAlertManagerConfigs', to: 'Secret', strength: 'soft' },
  ],
);
