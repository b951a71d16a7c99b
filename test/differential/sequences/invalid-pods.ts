/** Pods that are refused: in which words. */
import { pod } from '../objects.ts';
import { type Bad, type Fields, refusals } from '../refusals.ts';
import { core, topic } from '../sequence.ts';

const container = (fields: Fields) => ({ containers: [{ name: 'a', image: 'b', ...fields }] });
const volume = (...volumes: unknown[]) => ({ containers: [{ name: 'a', image: 'b' }], volumes });

const PODS: readonly Bad[] = [
  ['no containers', { containers: [] }],
  ['a container without name and image', { containers: [{}] }],
  [
    'two containers of one name',
    {
      containers: [
        { name: 'a', image: 'x' },
        { name: 'a', image: 'y' },
      ],
    },
  ],
  ['a name that is none', { containers: [{ name: 'A_b', image: 'x' }] }],
  ['an image with spaces', container({ image: ' x ' })],
  ['a restart policy', { ...container({}), restartPolicy: 'Sometimes' }],
  ['a dns policy', { ...container({}), dnsPolicy: 'Mine' }],
  ['dns without servers', { ...container({}), dnsPolicy: 'None' }],
  ['a pull policy', container({ imagePullPolicy: 'Maybe' })],
  ['a port too high', container({ ports: [{ containerPort: 70000 }] })],
  ['a port without number', container({ ports: [{ name: 'x' }] })],
  ['a port name too long', container({ ports: [{ name: 'sixteen-letters-x', containerPort: 80 }] })],
  [
    'a port name twice',
    container({
      ports: [
        { name: 'a', containerPort: 80 },
        { name: 'a', containerPort: 81 },
      ],
    }),
  ],
  ['a protocol', container({ ports: [{ containerPort: 80, protocol: 'ICMP' }] })],
  [
    'a host port twice',
    container({
      ports: [
        { containerPort: 80, hostPort: 80 },
        { containerPort: 81, hostPort: 80 },
      ],
    }),
  ],
  ['an env without name', container({ env: [{ value: 'x' }] })],
  [
    'an env with two values',
    container({ env: [{ name: 'a', value: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] }),
  ],
  ['a field path', container({ env: [{ name: 'a', valueFrom: { fieldRef: { fieldPath: 'spec.what' } } }] })],
  ['an env from nothing', container({ env: [{ name: 'a', valueFrom: {} }] })],
  ['an env name', container({ env: [{ name: 'a=b', value: 'x' }] })],
  ['an envFrom without source', container({ envFrom: [{}] })],
  ['a resource name', container({ resources: { limits: { foo: '1' } } })],
  ['a request above the limit', container({ resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } })],
  ['a negative request', container({ resources: { requests: { cpu: '-1' } } })],
  ['half a gpu', container({ resources: { limits: { 'example.com/gpu': '0.5' } } })],
  ['a gpu without limit', container({ resources: { requests: { 'example.com/gpu': '1' } } })],
  ['huge pages alone', container({ resources: { limits: { 'hugepages-2Mi': '2Mi' } } })],
  ['a probe of nothing', container({ livenessProbe: {} })],
  ['a probe of two things', container({ livenessProbe: { tcpSocket: { port: 80 }, exec: { command: ['x'] } } })],
  [
    'a liveness probe with two successes',
    container({ livenessProbe: { tcpSocket: { port: 80 }, successThreshold: 2 } }),
  ],
  ['probe numbers', container({ readinessProbe: { tcpSocket: { port: 0 }, timeoutSeconds: -1, periodSeconds: -1 } })],
  [
    'a probe by a name that is too long',
    container({ readinessProbe: { httpGet: { port: 'this-is-far-too-long', path: '' } } }),
  ],
  ['a mount of no volume', container({ volumeMounts: [{ name: 'none', mountPath: '/x' }] })],
  ['a mount without path', { ...volume({ name: 'v', emptyDir: {} }), ...container({ volumeMounts: [{ name: 'v' }] }) }],
  [
    'two mounts of one path',
    {
      ...volume({ name: 'v', emptyDir: {} }),
      ...container({
        volumeMounts: [
          { name: 'v', mountPath: '/x' },
          { name: 'v', mountPath: '/x' },
        ],
      }),
    },
  ],
  [
    'a sub path that climbs',
    {
      ...volume({ name: 'v', emptyDir: {} }),
      ...container({ volumeMounts: [{ name: 'v', mountPath: '/x', subPath: '../y' }] }),
    },
  ],
  ['a volume of two kinds', volume({ name: 'v', emptyDir: {}, hostPath: { path: '/x' } })],
  ['two volumes of one name', volume({ name: 'v', emptyDir: {} }, { name: 'v', emptyDir: {} })],
  ['a volume name', volume({ name: 'V v', emptyDir: {} })],
  ['a host path that climbs', volume({ name: 'v', hostPath: { path: '/a/../b' } })],
  ['a host path type', volume({ name: 'v', hostPath: { path: '/a', type: 'Hole' } })],
  ['a config map without name', volume({ name: 'v', configMap: {} })],
  ['a mode', volume({ name: 'v', configMap: { name: 'x', defaultMode: 5000 } })],
  ['a secret item without path', volume({ name: 'v', secret: { secretName: 's', items: [{ key: 'k' }] } })],
  ['a claim without name', volume({ name: 'v', persistentVolumeClaim: {} })],
  ['an nfs share without server', volume({ name: 'v', nfs: { path: 'x' } })],
  ['projected nothing', volume({ name: 'v', projected: { sources: [{}] } })],
  ['a csi volume without driver', volume({ name: 'v', csi: {} })],
  ['a toleration operator', { ...container({}), tolerations: [{ key: 'a', operator: 'Is' }] }],
  [
    'a toleration that exists with a value',
    { ...container({}), tolerations: [{ key: 'a', operator: 'Exists', value: 'x' }] },
  ],
  [
    'toleration seconds without NoExecute',
    { ...container({}), tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoSchedule', tolerationSeconds: 5 }] },
  ],
  ['an effect', { ...container({}), tolerations: [{ key: 'a', operator: 'Exists', effect: 'Never' }] }],
  [
    'node affinity without terms',
    {
      ...container({}),
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } },
    },
  ],
  [
    'a node operator',
    {
      ...container({}),
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'Near', values: ['b'] }] }],
          },
        },
      },
    },
  ],
  [
    'a weight',
    {
      ...container({}),
      affinity: {
        podAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 500, podAffinityTerm: { topologyKey: 'x' } }],
        },
      },
    },
  ],
  [
    'pod affinity without topology',
    {
      ...container({}),
      affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: {} }] } },
    },
  ],
  [
    'spread',
    { ...container({}), topologySpreadConstraints: [{ maxSkew: 0, topologyKey: '', whenUnsatisfiable: 'Cry' }] },
  ],
  ['a node selector', { ...container({}), nodeSelector: { 'a b': 'c' } }],
  ['a node name', { ...container({}), nodeName: 'Not Valid' }],
  ['a service account name', { ...container({}), serviceAccountName: 'Not Valid' }],
  ['a service account that is not there', { ...container({}), serviceAccountName: 'not-there' }],
  ['a hostname', { ...container({}), hostname: 'a.b', subdomain: 'A' }],
  ['a deadline', { ...container({}), activeDeadlineSeconds: 0 }],
  ['a grace period', { ...container({}), terminationGracePeriodSeconds: -1 }],
  ['users', { ...container({ securityContext: { runAsUser: -1 } }), securityContext: { runAsUser: -5, fsGroup: -2 } }],
  [
    'privileged without escalation',
    container({ securityContext: { privileged: true, allowPrivilegeEscalation: false } }),
  ],
  ['a seccomp profile', { ...container({}), securityContext: { seccompProfile: { type: 'Localhost' } } }],
  ['a sysctl', { ...container({}), securityContext: { sysctls: [{ name: 'a b', value: '1' }] } }],
  [
    'host ports on the host network',
    { ...container({ ports: [{ containerPort: 80, hostPort: 81 }] }), hostNetwork: true },
  ],
  ['shared processes of a host pid', { ...container({}), hostPID: true, shareProcessNamespace: true }],
  ['a priority class that is not there', { ...container({}), priorityClassName: 'none-such' }],
  ['a priority of its own', { ...container({}), priority: 5 }],
  ['a runtime class that is not there', { ...container({}), runtimeClassName: 'none-such' }],
  ['an init container that is a container', { ...container({}), initContainers: [{ name: 'a', image: 'x' }] }],
  [
    'an init container with a probe',
    { ...container({}), initContainers: [{ name: 'i', image: 'x', readinessProbe: { tcpSocket: { port: 1 } } }] },
  ],
  ['an init restart policy', { ...container({}), initContainers: [{ name: 'i', image: 'x', restartPolicy: 'Never' }] }],
  ['ephemeral containers at once', { ...container({}), ephemeralContainers: [{ name: 'e', image: 'x' }] }],
  ['a readiness gate', { ...container({}), readinessGates: [{ conditionType: 'a b' }] }],
  ['a scheduling gate', { ...container({}), schedulingGates: [{ name: 'a b' }] }],
  ['a host alias', { ...container({}), hostAliases: [{ ip: 'x', hostnames: ['A'] }] }],
  ['a lifecycle of nothing', container({ lifecycle: { preStop: {} } })],
  ['a termination message policy', container({ terminationMessagePolicy: 'Shout' })],
  ['a working os', { ...container({}), os: { name: 'beos' } }],
  ['a preemption policy', { ...container({}), preemptionPolicy: 'Perhaps' }],
];

export const INVALID_PODS = topic('refused', ...refusals('Pod', core('pods'), (spec) => pod('x', spec), PODS));
