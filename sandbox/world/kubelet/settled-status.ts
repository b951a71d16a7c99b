/** The status of a pod that has been running well for a while, for worlds that begin in the middle of their life. */
import { rfc3339 } from '../timestamps.ts';
import type { Machine } from '../types.ts';
import { IMAGES } from './image-catalogue.ts';
import { lookUpImage } from './image-pull.ts';
import type { ImageEntry } from './images.ts';
import { newPodRun, partsOf } from './pod-run.ts';
import { podStatus } from './pod-status.ts';
import type { KubeNode, Pod, PodStatus } from './pod-types.ts';
import type { Look, Part } from './run-types.ts';
import { digest } from './seeded.ts';

export interface SettledParts {
  /** With `spec.nodeName` and a uid. */
  pod: Pod;
  node: KubeNode;
  ip: string;
  /** Ms since the epoch. */
  startedAt: number;
  /** Images of the world, as the kubelet model has them. */
  images?: readonly ImageEntry[];
  machine: Machine;
  /** How often each of its containers was restarted (0). */
  restarts?: number;
}

/** What the kubelet model takes over as it stands: nothing is pulled or started again. */
export function settledStatus({
  pod,
  node,
  ip,
  startedAt,
  images = [],
  machine,
  restarts = 0,
}: SettledParts): PodStatus {
  const run = newPodRun(pod, `${pod.metadata.namespace}/${pod.metadata.name}`, startedAt);
  run.startTime = startedAt;
  run.sandboxAt = startedAt;
  run.ip = ip;
  const look: Look = {
    pod: { ...pod, status: { phase: 'Running' } },
    run,
    node,
    machine,
    now: startedAt,
    images: [...images, ...IMAGES],
    onNode: new Set(),
    emit: () => undefined,
  };
  const parts = partsOf(look);
  for (const part of parts) settle(part, look, restarts);
  return podStatus(look, parts);
}

function settle({ container, run }: Part, { pod, images, machine, now }: Look, restarts: number): void {
  const answer = lookUpImage(container.image ?? '', images, pod, machine);
  if (answer.kind === 'ok') run.image = answer.image;
  run.id = `containerd://${digest(`${pod.metadata.uid}/${run.name}/${restarts}`)}`;
  if (run.role === 'init') {
    const at = rfc3339(now);
    const ended = { exitCode: 0, reason: 'Completed', startedAt: at, finishedAt: at, containerID: run.id };
    run.phase = { kind: 'exited', ended, finishedAt: now, restartAt: undefined };
    return;
  }
  run.restarts = restarts;
  run.started = true;
  run.ready = true;
  run.phase = { kind: 'running', startedAt: now };
}
