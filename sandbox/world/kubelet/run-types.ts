/** What the kubelet model remembers of a pod while it runs; all else is in the pod's status. Times are ms since the epoch. */

import type { Machine } from '../types.ts';
import type { AppModel } from './app-model.ts';
import type { ImageReference } from './image-reference.ts';
import type { ImageEntry } from './images.ts';
import type { Container, KubeNode, Pod, Terminated } from './pod-types.ts';

export type ProbeKind = 'startup' | 'liveness' | 'readiness';

export interface ProbeRun {
  /** When it is asked next; Infinity while its answer cannot change by itself. */
  nextAt: number;
  /** The last answer, and how often in a row. */
  last: boolean | undefined;
  row: number;
  /** What the kubelet holds of it, after the thresholds. */
  result: boolean;
}

export type Phase =
  | { kind: 'idle' }
  | { kind: 'pulling'; until: number; since: number; outcome: string | undefined }
  | { kind: 'waiting'; reason: string; message?: string; until: number; repeatAt?: number }
  | { kind: 'running'; startedAt: number }
  /** Got its SIGTERM; still shown as running. */
  | { kind: 'stopping'; startedAt: number; endsAt: number; code: number; reason: string }
  | { kind: 'exited'; ended: Terminated; finishedAt: number; restartAt: number | undefined };

export interface ContainerRun {
  name: string;
  /** `ephemeral`: of kubectl debug; runs once, and nothing of the pod depends on it. */
  role: 'init' | 'sidecar' | 'main' | 'ephemeral';
  phase: Phase;
  /** Why it last could not be started. */
  shown: { reason: string; message?: string } | undefined;
  restarts: number;
  /** Of the container that ran before, or that ended and waits to be restarted. */
  last: Terminated | undefined;
  id: string | undefined;
  image: { reference: ImageReference; entry: ImageEntry; imageID: string } | undefined;
  env: ReadonlyMap<string, string>;
  model: AppModel | undefined;
  /** What the model was made of, to see a change. */
  modelKey: string;
  crashBackoffMs: number;
  pullBackoffMs: number;
  pullError: string | undefined;
  probes: Map<ProbeKind, ProbeRun>;
  started: boolean;
  ready: boolean;
  /** When services that it needs were away, the newest last: [from, to). `to` is Infinity now. */
  outages: { from: number; to: number; texts: readonly string[] }[];
}

export interface PodRun {
  uid: string;
  key: string;
  node: string;
  startTime: number;
  /** When the sandbox stands; undefined before its volumes are mounted. */
  sandboxAt: number | undefined;
  ip: string | undefined;
  mountRetry: { at: number; delay: number } | undefined;
  toldPullSecrets: boolean;
  containers: Map<string, ContainerRun>;
  /** The containers are being ended for good. */
  ending: { at: number; graceMs: number } | undefined;
  /** Failed by the kubelet: deadline, eviction, refusal. */
  verdict: { reason: string; message: string; disrupted: boolean } | undefined;
}

export type Emit = (
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
  container?: { name: string; role: ContainerRun['role'] },
) => void;

/** What one look at a pod works with. */
export interface Look {
  pod: Pod;
  run: PodRun;
  node: KubeNode | undefined;
  machine: Machine;
  now: number;
  images: readonly ImageEntry[];
  /** Images that are on the node, in full. */
  onNode: Set<string>;
  emit: Emit;
}

/** With its namespace and uid, as the kubelet prints pods. */
export const podText = (pod: Pod): string =>
  `${pod.metadata.name}_${pod.metadata.namespace ?? ''}(${pod.metadata.uid ?? ''})`;

export interface Part {
  container: Container;
  run: ContainerRun;
}
