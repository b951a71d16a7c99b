/** What watches over the rest: metrics, dashboards, alerts, logs. */
import type { KubeObject } from '../../types.ts';
import { clusterRole, configMap, headless, ingress, mayRead, secret } from '../build/around.ts';
import { http, tcp } from '../build/pods.ts';
import { component, platformMeta } from './components.ts';

const EVERYWHERE = [{ operator: 'Exists' }];

const SCRAPES = `global:
  scrape_interval: 30s
scrape_configs:
  - job_name: pods
    kubernetes_sd_configs: [{ role: pod }]
    relabel_configs:
      - source_labels: [__meta_kubernetes_pod_annotation_prometheus_io_scrape]
        action: keep
        regex: "true"
`;
const RULES = `groups:
  - name: shop
    rules:
      - alert: CheckoutErrors
        expr: sum(rate(http_requests_total{job="checkout",code=~"5.."}[5m])) > 1
        for: 5m
        labels: { severity: page }
`;

export const MONITORING: readonly KubeObject[] = [
  configMap(platformMeta('prometheus-config', 'monitoring'), { 'prometheus.yml': SCRAPES, 'rules.yml': RULES }),
  ...clusterRole(platformMeta('prometheus', 'monitoring'), [
    mayRead('', 'nodes', 'nodes/metrics', 'services', 'endpoints', 'pods'),
  ]),
  headless({ ...platformMeta('prometheus-nodes', 'monitoring'), of: 'prometheus', ports: { http: 9090 } }),
  ...component({
    name: 'prometheus',
    component: 'monitoring',
    version: '3.7.3',
    kind: 'StatefulSet',
    storage: '50Gi',
    image: 'quay.io/prometheus/prometheus:v3.7.3',
    args: ['--config.file=/etc/prometheus/prometheus.yml', '--storage.tsdb.retention.time=15d'],
    ports: { http: 9090 },
    cpu: '300m',
    memory: '512Mi',
    memoryLimit: '2Gi',
    ready: http('/-/ready'),
    live: http('/-/healthy', { initialDelaySeconds: 20 }),
    mounts: { config: '/etc/prometheus', data: '/prometheus' },
    volumes: { config: { configMap: { name: 'prometheus-config' } } },
    serves: { http: 9090 },
  }),
  headless({ ...platformMeta('alertmanager-nodes', 'monitoring'), of: 'alertmanager', ports: { http: 9093 } }),
  ...component({
    name: 'alertmanager',
    component: 'monitoring',
    version: '0.29.0',
    kind: 'StatefulSet',
    storage: '2Gi',
    image: 'quay.io/prometheus/alertmanager:v0.29.0',
    ports: { http: 9093 },
    cpu: '50m',
    memory: '64Mi',
    memoryLimit: '128Mi',
    ready: http('/-/ready'),
    live: http('/-/healthy', { initialDelaySeconds: 10 }),
    mounts: { data: '/alertmanager' },
    serves: { http: 9093 },
  }),
  secret(platformMeta('grafana-admin', 'monitoring'), { user: 'admin', password: 'made-up-for-the-sandbox' }),
  ...component({
    name: 'grafana',
    component: 'monitoring',
    version: '12.3.0',
    image: 'docker.io/grafana/grafana:12.3.0',
    ports: { http: 3000 },
    env: {
      GF_SECURITY_ADMIN_USER: { secret: ['grafana-admin', 'user'] },
      GF_SECURITY_ADMIN_PASSWORD: { secret: ['grafana-admin', 'password'] },
      PROMETHEUS_URL: 'http://prometheus.platform.svc:9090',
    },
    cpu: '100m',
    memory: '128Mi',
    memoryLimit: '512Mi',
    ready: http('/api/health'),
    live: http('/api/health', { initialDelaySeconds: 30 }),
    serves: { http: 3000 },
  }),
  ingress(platformMeta('grafana', 'monitoring'), 'grafana.shop.example', 'grafana-tls', [
    { path: '/', service: 'grafana', port: 'http' },
  ]),
  ...clusterRole(platformMeta('kube-state-metrics', 'monitoring'), [
    mayRead('', 'pods', 'nodes', 'services', 'configmaps'),
    mayRead('apps', 'deployments', 'statefulsets', 'daemonsets', 'replicasets'),
  ]),
  ...component({
    name: 'kube-state-metrics',
    component: 'monitoring',
    version: '2.17.0',
    image: 'registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.17.0',
    ports: { http: 8080, telemetry: 8081 },
    cpu: '50m',
    memory: '96Mi',
    memoryLimit: '256Mi',
    ready: http('/readyz', {}, 'telemetry'),
    live: http('/livez', { initialDelaySeconds: 5 }),
    serves: { http: 8080 },
  }),
  ...component({
    name: 'node-exporter',
    component: 'monitoring',
    version: '1.10.2',
    kind: 'DaemonSet',
    image: 'quay.io/prometheus/node-exporter:v1.10.2',
    args: ['--path.rootfs=/host'],
    ports: { metrics: 9100 },
    cpu: '50m',
    memory: '64Mi',
    memoryLimit: '128Mi',
    ready: tcp('metrics'),
    podSpec: { hostNetwork: true, hostPID: true, tolerations: EVERYWHERE, priorityClassName: 'system-node-critical' },
  }),
  configMap(platformMeta('log-agent-config', 'logging'), {
    'fluent-bit.conf': '[INPUT]\n    Name tail\n    Path /var/log/containers/*.log\n',
  }),
  ...clusterRole(platformMeta('log-agent', 'logging'), [mayRead('', 'pods', 'namespaces')]),
  ...component({
    name: 'log-agent',
    component: 'logging',
    version: '4.2.0',
    kind: 'DaemonSet',
    image: 'docker.io/fluent/fluent-bit:4.2.0',
    ports: { http: 2020 },
    cpu: '50m',
    memory: '64Mi',
    memoryLimit: '128Mi',
    ready: http('/api/v1/health'),
    mounts: { config: '/fluent-bit/etc', logs: '/var/log' },
    volumes: { config: { configMap: { name: 'log-agent-config' } }, logs: { hostPath: { path: '/var/log' } } },
    podSpec: { tolerations: EVERYWHERE, priorityClassName: 'system-node-critical' },
  }),
];
