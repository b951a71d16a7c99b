import { describe, expect, it } from 'vitest';
import { failureOf, POD_SPEC, testRegistry } from '../test-registry.ts';

const deployment = {
  metadata: { name: 'd' },
  spec: {
    replicas: 1,
    selector: {
      matchLabels: { a: 'b' },
      matchExpressions: [
        { key: 'c', operator: 'In', values: ['y', 'x'] },
        { key: 'e', operator: 'DoesNotExist' },
      ],
    },
    template: { metadata: { labels: { a: 'b', c: 'x' } }, spec: POD_SPEC },
  },
};

describe('scale', () => {
  const scaled = () => {
    const test = testRegistry();
    test.create('deployments.apps', deployment);
    return test;
  };
  const scale = (replicas: unknown) => ({
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name: 'd' },
    spec: { replicas },
  });

  it('shows how many there are, and which', () => {
    const { registry, target } = scaled();
    expect(registry.get(target('deployments.apps', 'd', 'scale'))).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      metadata: { name: 'd', namespace: 'default' },
      spec: { replicas: 1 },
      status: { replicas: 0, selector: 'a=b,c in (x,y),!e' },
    });
  });

  it('sets how many there shall be, in its own name', () => {
    const { patch, get } = scaled();
    expect(patch('deployments.apps', 'd', { spec: { replicas: 3 } }, 'scale')).toMatchObject({ spec: { replicas: 3 } });
    const found = get('deployments.apps', 'd');
    expect(found).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 3 } });
    expect(found.metadata.managedFields).toContainEqual(
      expect.objectContaining({ subresource: 'scale', fieldsV1: { 'f:spec': { 'f:replicas': {} } } }),
    );
  });

  it('refuses what is no number of replicas', () => {
    const { registry, target, context } = scaled();
    const put = (replicas: unknown) =>
      failureOf(() => registry.update(target('deployments.apps', 'd', 'scale'), scale(replicas), context)).message;
    expect(put(-1)).toBe(
      'Scale.autoscaling "d" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    );
    expect(put('x')).toBe(
      'Scale in version "v1" cannot be handled as a Scale: json: cannot unmarshal string into Go struct field ScaleSpec.spec.replicas of type int32',
    );
  });
});

describe('binding', () => {
  const binding = (name: string, node?: string) => ({
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { name },
    target: { kind: 'Node', ...(node === undefined ? {} : { name: node }) },
  });

  it('sets the node once, with the node’s zone', () => {
    const { create, registry, target, context, get } = testRegistry();
    create('nodes', { metadata: { name: 'n', labels: { 'topology.kubernetes.io/zone': 'z' } } });
    create('pods', { metadata: { name: 'p' }, spec: POD_SPEC });
    const bind = (name: string, node?: string) =>
      registry.create(target('pods', name, 'binding'), binding(name, node), context);
    expect(failureOf(() => bind('p'))).toMatchObject({ code: 500, message: 'target.name: Required value' });
    expect(bind('p', 'n')).toMatchObject({ kind: 'Status', status: 'Success' });
    expect(get('pods', 'p')).toMatchObject({
      metadata: { labels: { 'topology.kubernetes.io/zone': 'z' } },
      spec: { nodeName: 'n' },
      status: {
        conditions: [
          { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: '2026-11-21T21:00:00Z' },
        ],
      },
    });
    expect(failureOf(() => bind('p', 'm'))).toMatchObject({
      code: 409,
      message: 'Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "n"',
    });
    expect(failureOf(() => bind('zz', 'n')).message).toBe('pods "zz" not found');
  });
});

describe('eviction', () => {
  const eviction = (name: string) => ({ apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name } });
  const served = (status: object) => {
    const test = testRegistry();
    test.create('pods', { metadata: { name: 'p', labels: { a: 'b' } }, spec: { ...POD_SPEC, nodeName: 'n' } });
    test.patch(
      'pods',
      'p',
      { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } },
      'status',
    );
    const spec = { minAvailable: 1, selector: { matchLabels: { a: 'b' } } };
    test.create('poddisruptionbudgets.policy', { metadata: { name: 'b' }, spec });
    test.patch('poddisruptionbudgets.policy', 'b', { status }, 'status');
    const evict = () => test.registry.create(test.target('pods', 'p', 'eviction'), eviction('p'), test.context);
    return { ...test, evict };
  };

  it('is refused while a budget allows none, and says which', () => {
    const { evict } = served({ observedGeneration: 1, disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1 });
    expect(failureOf(evict)).toMatchObject({
      code: 429,
      reason: 'TooManyRequests',
      message: "Cannot evict pod as it would violate the pod's disruption budget.",
      details: {
        causes: [
          {
            reason: 'DisruptionBudget',
            message: 'The disruption budget b needs 1 healthy pods and has 1 currently',
          },
        ],
      },
    });
  });

  it('waits for a budget that was not looked at yet', () => {
    const { evict } = served({ disruptionsAllowed: 1, currentHealthy: 2, desiredHealthy: 1 });
    expect(failureOf(evict).details).toMatchObject({
      retryAfterSeconds: 10,
      causes: [{ message: 'The disruption budget b is still being processed by the server.' }],
    });
  });

  it('takes from the budget, marks the pod and deletes it', () => {
    const { evict, get } = served({
      observedGeneration: 1,
      disruptionsAllowed: 1,
      currentHealthy: 2,
      desiredHealthy: 1,
    });
    expect(evict()).toMatchObject({ status: 'Success' });
    expect(get('poddisruptionbudgets.policy', 'b')).toMatchObject({
      status: { disruptionsAllowed: 0, disruptedPods: { p: '2026-11-21T21:00:00Z' } },
    });
    const pod = get('pods', 'p');
    expect(pod.metadata.deletionGracePeriodSeconds).toBe(30);
    expect(pod['status']).toMatchObject({
      conditions: [
        { type: 'Ready' },
        {
          type: 'DisruptionTarget',
          status: 'True',
          reason: 'EvictionByEvictionAPI',
          message: 'Eviction API: evicting',
        },
      ],
    });
  });

  it('is for the pod of its path', () => {
    const { registry, target, context } = testRegistry();
    expect(failureOf(() => registry.create(target('pods', 'p', 'eviction'), eviction('q'), context)).message).toBe(
      'name in URL does not match name in Eviction object',
    );
  });
});

describe('subresources of pods', () => {
  it('add ephemeral containers and take none away', () => {
    const { create, patch } = testRegistry();
    create('pods', { metadata: { name: 'p' }, spec: POD_SPEC });
    const body = { spec: { ephemeralContainers: [{ name: 'd', image: 'x' }], nodeName: 'n' } };
    const added = patch('pods', 'p', body, 'ephemeralcontainers');
    expect(added).toMatchObject({ metadata: { generation: 2 }, spec: { ephemeralContainers: [{ name: 'd' }] } });
    expect(added['spec']).not.toHaveProperty('nodeName');
    const none = { spec: { ephemeralContainers: null } };
    expect(failureOf(() => patch('pods', 'p', none, 'ephemeralcontainers')).message).toBe(
      'Pod "p" is invalid: spec.ephemeralContainers: Forbidden: existing ephemeral containers "d" may not be removed\n',
    );
  });

  it('resize within the quality of service', () => {
    const { create, patch } = testRegistry();
    const container = { name: 'c', image: 'i' };
    const sized = (cpu: string) => ({ spec: { containers: [{ ...container, resources: { requests: { cpu } } }] } });
    create('pods', { metadata: { name: 'p' }, ...sized('1') });
    expect(patch('pods', 'p', sized('2'), 'resize', 'strategic')).toMatchObject(sized('2'));
    create('pods', { metadata: { name: 'q' }, spec: POD_SPEC });
    expect(failureOf(() => patch('pods', 'q', sized('2'), 'resize', 'strategic')).message).toBe(
      'Pod "q" is invalid: spec: Invalid value: "BestEffort": Pod QOS Class may not change as a result of resizing',
    );
  });
});
