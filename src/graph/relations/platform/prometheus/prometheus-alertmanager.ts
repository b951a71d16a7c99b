/** Where alerts are sent. */
import { defineRelation } from '../../define.ts';

export const prometheusAlertmanager = defineRelation(
  {
    id: 'prometheus-alertmanager',
    rows: [67],
    verb: 'sends alerts to',
    sources: ['Prometheus.monitoring.coreos.com'],
    class: 'connects',
    strength: 'soft',
  },
  [{ at: 'spec.alerting.alertmanagers[]', to: 'Service', across: true }],
);
