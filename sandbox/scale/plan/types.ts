/** What a generated world is made of, before any object is. */

import type { PodTemplates } from '../objects/pod.ts';
import type { Place } from '../stamp/values.ts';

export type AppKind = 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'CronJob';

/** What stays the same about a workload whatever happens to it. */
export interface App {
  readonly kind: AppKind;
  readonly namespace: string;
  readonly name: string;
  /** The product that it is a part of. */
  readonly product: string;
  readonly environment: string;
  /** Random bits: what it looks like follows from them. */
  readonly look: number;
  readonly uid: string;
  /** Seconds since the epoch, as all times here. */
  readonly created: number;
  readonly account: string;
  /** Its own ConfigMap, `NAME-config`. */
  readonly hasConfig: boolean;
  /** Its own Secret, `NAME-credentials`. */
  readonly hasSecret: boolean;
  /** A claim for each pod, of a StatefulSet. */
  readonly hasClaims: boolean;
  readonly hasSidecar: boolean;
  /** Services select its pods; that of a StatefulSet has its name. */
  readonly hasService: boolean;
  /** Of the machine's own network, and on each of them: of a DaemonSet. */
  readonly ofNodes: boolean;
}

/** Why the pods of a release do not run. */
export type Fault = 'none' | 'image' | 'unschedulable';

/** One version of a workload: a ReplicaSet, a ControllerRevision, a run of a CronJob. */
export interface Release {
  readonly app: App;
  /** From 1. */
  readonly number: number;
  /** Of the labels `pod-template-hash` and `controller-revision-hash`. */
  readonly hash: string;
  /** Of its ReplicaSet, ControllerRevision or Job. */
  readonly name: string;
  readonly uid: string;
  readonly tag: string;
  readonly created: number;
  readonly fault: Fault;
  readonly templates: PodTemplates;
}

export type PodPhase =
  | 'unscheduled'
  | 'creating'
  | 'running'
  | 'crashing'
  | 'image'
  | 'lost'
  | 'terminating'
  | 'succeeded';

/** A pod as it is now; the places and names of older versions are theirs. */
export interface LivePod {
  readonly release: Release;
  readonly name: string;
  readonly uid: string;
  /** Which of the slices of its Services it stands in. */
  readonly slice: number;
  place: Place;
  phase: PodPhase;
  restarts: number;
  changed: number;
}

export interface LiveSlice {
  readonly name: string;
  readonly uid: string;
  generation: number;
}

export interface LiveService {
  readonly app: App;
  readonly name: string;
  readonly uid: string;
  readonly created: number;
  readonly headless: boolean;
  /** '' when headless. */
  readonly clusterIP: string;
  readonly slices: readonly LiveSlice[];
}

/** A workload as it is now. */
export interface LiveApp {
  readonly app: App;
  /** The newest release. */
  release: Release;
  /** Releases before it, oldest first. */
  older: Release[];
  pods: LivePod[];
  /** What its spec asks for. */
  replicas: number;
  generation: number;
  changed: number;
  services: LiveService[];
}
