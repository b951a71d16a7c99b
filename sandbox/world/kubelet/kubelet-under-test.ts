/** For tests: a world with the kubelet model, one node, and pods on it. */
import { createKubelet } from './create-kubelet.ts';
import type { Condition, ContainerStatus } from './pod-types.ts';
import { nodeNamed, type WorldUnderTest, worldUnderTest } from './world-under-test.ts';

export function kubeletWorld(): WorldUnderTest {
  const made = worldUnderTest(createKubelet().controllers);
  made.add('nodes', nodeNamed('node-1'));
  return made;
}

/** The spec of a pod on the node with one container, nginx unless it says otherwise. */
export const on = (container: object, spec: object = {}) => ({
  nodeName: 'node-1',
  containers: [{ name: 'c', image: 'nginx:1.27', ...container }],
  ...spec,
});

export function first(of: WorldUnderTest, name: string): ContainerStatus {
  const status = of.pod(name).status?.containerStatuses?.[0];
  if (status === undefined) throw new Error(`${name} has no container status`);
  return status;
}

export const conditionOf = (of: WorldUnderTest, name: string, type: string): Condition | undefined =>
  of.pod(name).status?.conditions?.find((condition) => condition.type === type);
