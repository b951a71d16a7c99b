import { describe, expect, it } from 'vitest';
import { pullPolicyOf } from './pod-spec-defaults.ts';
import { created, createFindings, updateFindings } from './test-objects.ts';

const pod = (spec: object) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop' }, spec });
const one = (container: object) => pod({ containers: [{ name: 'app', image: 'shop/web:1.4', ...container }] });

describe('a pod that is created', () => {
  it('gets every default of the real server', () => {
    const sent = pod({
      hostNetwork: false,
      containers: [
        {
          name: 'app',
          image: 'nginx',
          ports: [{ containerPort: 8080 }],
          resources: { limits: { cpu: '1000m', memory: '1024Mi' } },
          readinessProbe: { httpGet: { port: 8080 } },
          env: [
            { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
            { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
          ],
        },
      ],
      volumes: [{ name: 'tmp' }, { name: 'cfg', configMap: { name: 'cfg' } }],
    });
    expect(created('pods', sent)).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace: 'shop', uid: 'uid-1' },
      spec: {
        volumes: [
          { name: 'tmp', emptyDir: {} },
          { name: 'cfg', configMap: { name: 'cfg', defaultMode: 420 } },
        ],
        containers: [
          {
            name: 'app',
            image: 'nginx',
            ports: [{ containerPort: 8080, protocol: 'TCP' }],
            env: [
              { name: 'IP', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } } },
              { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '0' } } },
            ],
            resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '1', memory: '1Gi' } },
            readinessProbe: {
              httpGet: { path: '/', port: 8080, scheme: 'HTTP' },
              timeoutSeconds: 1,
              periodSeconds: 10,
              successThreshold: 1,
              failureThreshold: 3,
            },
            terminationMessagePath: '/dev/termination-log',
            terminationMessagePolicy: 'File',
            imagePullPolicy: 'Always',
          },
        ],
        restartPolicy: 'Always',
        terminationGracePeriodSeconds: 30,
        dnsPolicy: 'ClusterFirst',
        securityContext: {},
        schedulerName: 'default-scheduler',
        enableServiceLinks: true,
      },
      status: { phase: 'Pending', qosClass: 'Guaranteed' },
    });
  });

  it.each([
    ['nginx', 'Always'],
    ['nginx:latest', 'Always'],
    ['localhost:5000/nginx', 'Always'],
    ['nginx:1.27', 'IfNotPresent'],
    ['nginx@sha256:0123', 'IfNotPresent'],
    ['Nginx', 'IfNotPresent'],
    ['', 'IfNotPresent'],
  ])('pulls the image %j by the policy %s', (image, policy) => {
    expect(pullPolicyOf(image)).toBe(policy);
  });

  it('keeps an explicit zero where Go has a pointer, and drops it where Go has none', () => {
    const made = created(
      'pods',
      pod({ terminationGracePeriodSeconds: 0, hostNetwork: false, hostUsers: true, containers: [] }),
    );
    expect(made['spec']).toMatchObject({ terminationGracePeriodSeconds: 0, hostUsers: true });
    expect(made['spec']).not.toHaveProperty('hostNetwork');
  });
});

describe('findings about a pod', () => {
  it.each<[object, string[]]>([
    [pod({}), ['spec.containers: Required value']],
    [
      one({ name: 'App_1' }),
      [
        `spec.containers[0].name: Invalid value: "App_1": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`,
      ],
    ],
    [
      one({ ports: [{ containerPort: 99_999, protocol: 'HTTP' }] }),
      [
        'spec.containers[0].ports[0].containerPort: Invalid value: 99999: must be between 1 and 65535, inclusive',
        'spec.containers[0].ports[0].protocol: Unsupported value: "HTTP": supported values: "SCTP", "TCP", "UDP"',
      ],
    ],
    [
      one({ resources: { limits: { cpu: '1' }, requests: { cpu: '2' } } }),
      ['spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1'],
    ],
    [
      one({ volumeMounts: [{ name: 'data', mountPath: '/data' }] }),
      ['spec.containers[0].volumeMounts[0].name: Not found: "data"'],
    ],
    [one({ livenessProbe: {} }), ['spec.containers[0].livenessProbe: Required value: must specify a handler type']],
    [
      pod({ restartPolicy: 'Sometimes', containers: [{ name: 'a', image: 'a:1' }] }),
      ['spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"'],
    ],
    [
      pod({
        containers: [
          { name: 'a', image: 'a:1' },
          { name: 'a', image: 'b:1' },
        ],
      }),
      ['spec.containers[1].name: Duplicate value: "a"'],
    ],
  ])('%j is refused', (object, expected) => {
    expect(createFindings('pods', object as Record<string, unknown>)).toEqual(expected);
  });
});

describe('a pod that is updated', () => {
  const base = one({ env: [{ name: 'MODE', value: 'blue' }] });

  it('may get another image', () => {
    const change = (now: { spec?: { containers: { image: string }[] } }) => {
      now.spec!.containers[0]!.image = 'shop/web:1.5';
    };
    expect(updateFindings('pods', base, change)).toEqual([]);
  });

  it('shows with a diff of its internal form what may not change', () => {
    const change = (now: { spec?: { containers: { env: { value: string }[] }[] } }) => {
      now.spec!.containers[0]!.env[0]!.value = 'green';
    };
    expect(updateFindings('pods', base, change)).toEqual([
      'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,' +
        '`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` ' +
        '(allow it to be set to 1 if it was previously negative)\n' +
        '@@ -13,7 +13,7 @@\n    "Env": [\n     {\n      "Name": "MODE",\n-     "Value": "blue",\n+     "Value": "green",\n' +
        '      "ValueFrom": null\n     }\n    ],\n',
    ]);
  });
});
