/** How incidents are played: objects are spoilt or taken away, and put back to what their manifests say. */
import { isDeepStrictEqual } from 'node:util';
import type { KubeObject, ResourceId } from '../../types.ts';
import type { Container, Pod } from '../../world/kubelet/pod-types.ts';
import type { Machine } from '../../world/types.ts';
import type { Incident } from '../../worlds/types.ts';
import { manifestOf } from '../manifests.ts';

export type Play = Pick<Incident, 'break' | 'heal' | 'isBroken'>;

/** An object of the shop by its resource and kind. */
export interface Target {
  resource: ResourceId;
  kind: string;
  namespace: string;
  name: string;
}

export interface Template {
  metadata: { annotations?: Record<string, string> };
  spec: { containers: Container[]; initContainers?: Container[] };
}
interface Workload extends KubeObject {
  spec: { template: Template };
}

const target =
  (resource: ResourceId, kind: string) =>
  (namespace: string, name: string): Target => ({
    resource,
    kind,
    namespace,
    name,
  });
export const deployment = target('deployments.apps', 'Deployment');
export const statefulSet = target('statefulsets.apps', 'StatefulSet');
export const cronJob = target('cronjobs.batch', 'CronJob');
export const service = target('services', 'Service');
export const configMap = target('configmaps', 'ConfigMap');
export const secret = target('secrets', 'Secret');
export const ingress = target('ingresses.networking.k8s.io', 'Ingress');
export const quota = target('resourcequotas', 'ResourceQuota');
export const budget = target('poddisruptionbudgets.policy', 'PodDisruptionBudget');
export const autoscaler = target('horizontalpodautoscalers.autoscaling', 'HorizontalPodAutoscaler');
export const roleBinding = target('rolebindings.rbac.authorization.k8s.io', 'RoleBinding');
export const node = (name: string): Target => ({ resource: 'nodes', kind: 'Node', namespace: '', name });

/** The annotation by which the kubelet model is told how containers behave. */
export const behaviour = (name: string): string => `sandbox.k8s-mcp.dev/${name}`;

/**
 * Spoils an object in a way that can be done twice with no further effect. What was changed is healed to what the manifest says,
 * and nothing else of it.
 */
export function spoilt<T extends KubeObject = KubeObject>(at: Target, spoil: (draft: T) => void): Play {
  const { resource, kind, namespace, name } = at;
  const isBroken = (machine: Machine) => {
    const live = machine.get<T>(resource, namespace, name);
    if (live === undefined) return false;
    const copy = structuredClone(live);
    spoil(copy);
    return isDeepStrictEqual(copy, live);
  };
  return {
    isBroken,
    break(machine) {
      machine.modify<T>(resource, namespace, name, spoil);
    },
    heal(machine) {
      const manifest = manifestOf(kind, namespace, name);
      if (manifest === undefined || !isBroken(machine)) return;
      // The manifest is of the kind that `spoil` is for.
      const bad = structuredClone(manifest) as T;
      spoil(bad);
      machine.modify(resource, namespace, name, (draft) => restore(draft, manifest, bad));
    },
  };
}

type Fields = Record<string, unknown>;

/** Sets back the members of `spec`, `data`, `metadata.annotations`... in which `bad` differs from `good`. */
function restore(draft: KubeObject, good: KubeObject, bad: KubeObject): void {
  const parts = (object: KubeObject): Fields => {
    const { metadata, apiVersion: _version, kind: _kind, ...rest } = object;
    return { ...rest, labels: metadata.labels, annotations: metadata.annotations };
  };
  const [was, is] = [parts(good), parts(bad)];
  for (const part of Object.keys(is)) {
    const [before, now] = [fields(was[part]), fields(is[part])];
    for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
      if (isDeepStrictEqual(before[key], now[key])) continue;
      const holder = part === 'labels' || part === 'annotations' ? fields(draft.metadata) : draft;
      const at = fields(holder[part]);
      if (before[key] === undefined) delete at[key];
      else at[key] = structuredClone(before[key]);
    }
  }
}

const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

/** As `spoilt`, for the pods that a workload makes. */
export const spoiltPods = (at: Target, spoil: (template: Template) => void): Play =>
  spoilt<Workload>(at, ({ spec }) => spoil(spec.template));

export function containerOf({ spec }: Template, name: string): Container {
  const found = [...spec.containers, ...(spec.initContainers ?? [])].find((container) => container.name === name);
  if (found === undefined) throw new Error(`the pods have no container ${name}`);
  return found;
}

/** Tells the kubelet model how the pods of a template behave. */
export function behave({ metadata }: Template, behaviours: Record<string, string>): void {
  metadata.annotations ??= {};
  for (const [name, value] of Object.entries(behaviours)) metadata.annotations[behaviour(name)] = value;
}

/** An object of the shop is gone. */
export function missing({ resource, kind, namespace, name }: Target): Play {
  const isBroken = (machine: Machine) => machine.get(resource, namespace, name) === undefined;
  return {
    isBroken,
    break: (machine) => machine.delete(resource, namespace, name),
    heal(machine) {
      const manifest = manifestOf(kind, namespace, name);
      if (manifest !== undefined && isBroken(machine)) createIn(machine, resource, manifest);
    },
  };
}

/** Objects that should not be there: made by breaking, gone by healing. */
export function added(objects: readonly (readonly [ResourceId, KubeObject])[]): Play {
  const exists = (machine: Machine, [resource, { metadata }]: (typeof objects)[number]) =>
    machine.get(resource, metadata.namespace ?? '', metadata.name) !== undefined;
  return {
    isBroken: (machine) => objects.some((entry) => exists(machine, entry)),
    break(machine) {
      for (const entry of objects) if (!exists(machine, entry)) createIn(machine, ...entry);
    },
    heal(machine) {
      for (const [resource, { metadata }] of objects)
        machine.delete(resource, metadata.namespace ?? '', metadata.name, { propagationPolicy: 'Background' });
    },
  };
}

/** Nothing is made in a namespace that is gone or on its way. */
function createIn(machine: Machine, resource: ResourceId, object: KubeObject): void {
  const { namespace = '' } = object.metadata;
  const home = namespace === '' ? undefined : machine.get('namespaces', '', namespace);
  if (namespace !== '' && (home === undefined || home.metadata.deletionTimestamp !== undefined)) return;
  machine.create(resource, structuredClone(object));
}

/** After `play` has been broken, what else an operator would do for it to show; nothing when it was broken before. */
export const thenBreak = (play: Play, also: (machine: Machine) => void): Play => ({
  ...play,
  break(machine) {
    if (play.isBroken(machine)) return;
    play.break(machine);
    also(machine);
  },
});

/** After `play` has been healed, what else it takes to be well again. */
export const thenHeal = (play: Play, also: (machine: Machine) => void): Play => ({
  ...play,
  heal(machine) {
    if (!play.isBroken(machine)) return;
    play.heal(machine);
    also(machine);
  },
});

export const together = (...plays: readonly Play[]): Play => ({
  isBroken: (machine) => plays.some((play) => play.isBroken(machine)),
  break(machine) {
    for (const play of plays) play.break(machine);
  },
  heal(machine) {
    for (const play of plays) play.heal(machine);
  },
});

export const podsOf = (machine: Machine, namespace: string, name: string): readonly Pod[] =>
  machine.list<Pod>('pods', namespace).filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/name'] === name);

/** One of its pods is lost: the next one is made as things are now. */
export const losePod = (namespace: string, name: string) => (machine: Machine) => {
  const [first] = podsOf(machine, namespace, name).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  if (first !== undefined) machine.delete('pods', namespace, first.metadata.name);
};
