/** Credentials that pods are asked with. */
import { defineRelation } from '../../define.ts';

export const monitorCredentials = defineRelation(
  {
    id: 'monitor-credentials',
    rows: [67],
    verb: 'scrapes with',
    sources: ['ServiceMonitor.monitoring.coreos.com', 'PodMonitor.monitoring.coreos.com'],
    class: 'dependsOn',
    strength: 'soft',
  },
  [
    { at: 'spec.endpoints[].bearerTokenSecret', to: 'Secret' },
    { at: 'spec.endpoints[].basicAuth.username', to: 'Secret' },
    { at: 'spec.endpoints[].basicAuth.password', to: 'Secret' },
    { at: 'spec.endpoints[].authorization.credentials', to: 'Secret' },
    { at: 'spec.endpoints[].tlsConfig.ca.secret', to: 'Secret' },
    { at: 'spec.endpoints[].tlsConfig.ca.configMap', to: 'ConfigMap' },
    { at: 'spec.endpoints[].tlsConfig.cert.secret', to: 'Secret' },
    { at: 'spec.endpoints[].tlsConfig.keySecret', to: 'Secret' },
    { at: 'spec.podMetricsEndpoints[].bearerTokenSecret', to: 'Secret' },
    { at: 'spec.podMetricsEndpoints[].basicAuth.username', to: 'Secret' },
    { at: 'spec.podMetricsEndpoints[].basicAuth.password', to: 'Secret' },
    { at: 'spec.podMetricsEndpoints[].authorization.credentials', to: 'Secret' },
    { at: 'spec.podMetricsEndpoints[].tlsConfig.ca.secret', to: 'Secret' },
    { at: 'spec.podMetricsEndpoints[].tlsConfig.ca.configMap', to: 'ConfigMap' },
    { at: 'spec.podMetricsEndpoints[].tlsConfig.cert.secret', to: 'Secret' },
    { at: 'spec.podMetricsEndpoints[].tlsConfig.keySecret', to: 'Secret' },
  ],
);
