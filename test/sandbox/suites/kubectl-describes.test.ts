/** The default world as kubectl describes it: lines that are fixed are literal, ages and addresses are patterns. */
import { beforeAll, describe, expect, test } from 'vitest';
import { hasKubectl, type Shop, startShop } from '../shop.ts';

describe.skipIf(!hasKubectl())('kubectl describes the shop', () => {
  let shop: Shop;
  const kubectl = (line: string) => shop.kubectl(line.split(' '));
  beforeAll(async () => {
    shop = await startShop();
  });
  test.each([
    [
      'pod catalog-db-0 -n data',
      [
        'Priority Class Name:  data-critical',
        'Service Account:      catalog-db',
        /^Node: +worker-\d\/10\.0\.0\.1\d$/m,
        'Controlled By:  StatefulSet/catalog-db',
        '    Liveness:   exec [pg_isready -U catalog] delay=30s timeout=5s period=10s #success=1 #failure=6',
        "<set to the key 'password' in secret 'catalog-db-credentials'>  Optional: false",
        '  PodReadyToStartContainers   True ',
        '    ClaimName:  data-catalog-db-0',
        'QoS Class:       Burstable',
      ],
    ],
    [
      'deployment storefront',
      [
        'Replicas:               3 desired | 3 updated | 3 total | 3 available | 0 unavailable',
        'RollingUpdateStrategy:  0 max unavailable, 1 max surge',
        '      storefront-config  ConfigMap  Optional: false',
        '  Available      True    MinimumReplicasAvailable',
        '  Progressing    True    NewReplicaSetAvailable',
        /^NewReplicaSet: +storefront-\w+ \(3\/3 replicas created\)$/m,
      ],
    ],
    [
      'replicaset -l app.kubernetes.io/name=cart',
      ['Replicas:       3 current / 3 desired', 'Controlled By:  Deployment/cart'],
    ],
    [
      'statefulset catalog-db -n data',
      [
        'Replicas:           1 desired | 1 total',
        'Pods Status:        1 Running / 0 Waiting / 0 Succeeded / 0 Failed',
        '  Capacity:      20Gi',
      ],
    ],
    [
      'daemonset log-agent -n platform',
      ['Desired Number of Nodes Scheduled: 6', 'Number of Nodes Scheduled with Available Pods: 6'],
    ],
    [
      'job search-reindex',
      [
        'Completions:      3',
        'Pods Statuses:    0 Active (0 Ready) / 3 Succeeded / 0 Failed',
        /Normal +Completed +\S+ +job-controller +Job completed/,
      ],
    ],
    [
      'cronjob sitemap',
      [
        'Schedule:                      20 * * * *',
        'Concurrency Policy:            Forbid',
        /SuccessfulCreate +\S+ +cronjob-controller +Created job sitemap-\d+/,
      ],
    ],
    [
      'service cart',
      [
        'Selector:                 app.kubernetes.io/name=cart',
        /^IP: +10\.96\.\d+\.\d+$/m,
        /^Endpoints: +(10\.244\.\d+\.\d+:8080,?){3}$/m,
      ],
    ],
    [
      'ingress storefront',
      [
        'Address:          203.0.113.10',
        'storefront-tls terminates www.shop.example',
        /\/media +media:http \(10\.244\.\d+\.\d+:8080,/,
      ],
    ],
    ['endpointslice -l kubernetes.io/service-name=cart', ['AddressType:  IPv4', /TargetRef: +Pod\/cart-/]],
    [
      'node control-1',
      [
        'Taints:             node-role.kubernetes.io/control-plane:NoSchedule',
        'kubelet is posting ready status',
        '  InternalIP:  10.0.0.10',
        '  Kubelet Version:            v1.36.3',
        'PodCIDR:                      10.244.0.0/24',
        /kube-system +etcd-control-1 +100m \(2%\)/,
      ],
    ],
    [
      'pvc data-catalog-db-0 -n data',
      ['Status:        Bound', 'Used By:       catalog-db-0', 'pv.kubernetes.io/bind-completed: yes'],
    ],
    [
      'pv',
      [
        'Reclaim Policy:    Delete',
        'Claim:             data/data-orders-db-0',
        '    Driver:            disk.sandbox.k8s-mcp.dev',
      ],
    ],
    [
      'hpa gateway',
      [
        'Min replicas:                                          3',
        'AbleToScale     True    ReadyForNewScale  recommended size matches current size',
        'ScalingActive   True    ValidMetricFound',
      ],
    ],
    ['pdb checkout', ['Min available:  2', '    Allowed disruptions:  1', '    Total:                3']],
    [
      'namespace shop',
      [
        'Status:       Active',
        'Resource Quotas',
        'persistentvolumeclaims  0       20',
        ' Container  cpu       -    -    50m',
      ],
    ],
    ['quota', [/^services +17 +40$/m]],
    ['limitrange', [/^Container +memory +- +8Gi +64Mi +128Mi/m]],
    ['serviceaccount cart', ['Image pull secrets:  <none>']],
    [
      'role promotions',
      ['promotions.shop.k8s-mcp.dev  []                 []              [get list watch update patch]'],
    ],
    ['rolebinding promotions', ['  ServiceAccount  promotions  shop']],
    [
      'networkpolicy from-the-ingress',
      [
        'PodSelector:     app.kubernetes.io/name in (gateway,media,storefront)',
        'NamespaceSelector: kubernetes.io/metadata.name=platform',
      ],
    ],
    ['secret users-secrets', ['session-key:   23 bytes']],
    ['configmap catalog-config', ['PAGE_SIZE:\n----\n48\n']],
    ['storageclass standard', ['IsDefaultClass:        Yes']],
    ['priorityclass shop-standard', ['Value:             50000', 'GlobalDefault:     true']],
    ['ingressclass public', ['Controller:   k8s.io/ingress-nginx']],
    ['promo autumn-sale', ['API Version:  shop.k8s-mcp.dev/v1', '  Percent Off:  20', '  Redemptions:  418']],
    [
      'crd promotions.shop.k8s-mcp.dev',
      ['      Pattern:  ^[A-Z0-9]{4,16}$'.trim(), /Type: +NamesAccepted/, /Type: +Established/],
    ],
    ['validatingwebhookconfiguration', ['certificates.platform.example', '  Failure Policy:  Ignore']],
  ] as const)('%s', async (line, lines) => {
    const text = await kubectl(`describe ${line}`);
    for (const wanted of lines) {
      if (typeof wanted === 'string') expect(text).toContain(wanted);
      else expect(text).toMatch(wanted);
    }
  });
});
