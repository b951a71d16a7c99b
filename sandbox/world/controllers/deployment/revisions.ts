/** Which set of a Deployment has its current template, making it when there is none, and numbering revisions. */

import { ApiFailure } from '../../../api/failure.ts';
import { sameJson } from '../../../json-value.ts';
import { rfc3339 } from '../../timestamps.ts';
import type { Machine } from '../../types.ts';
import { safeHash } from '../kit/hash.ts';
import { controllerRef, isControlledBy } from '../kit/owners.ts';
import { isOfEndingNamespace } from '../kit/pods.ts';
import type { PodTemplate } from '../kit/shapes.ts';
import type { ReplicaSet } from '../replica-set.ts';
import {
  DESIRED,
  type Deployment,
  MAX,
  maxSurge,
  REPLICA_SETS,
  REVISION,
  REVISION_HISTORY,
  TEMPLATE_HASH,
} from './shapes.ts';
import { newSize, oldestFirst } from './sizes.ts';
import { hasDeadline, withProgress } from './status.ts';

export interface Revisions {
  /** As it is after its revision was noted. */
  deployment: Deployment;
  current: ReplicaSet | undefined;
  old: readonly ReplicaSet[];
}

const NOT_COPIED = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  REVISION_HISTORY,
  DESIRED,
  MAX,
  'deprecated.deployment.rollback.to',
]);
/** Characters of the history of one set's revisions. */
const HISTORY_LENGTH = 2000;

export function syncRevision(
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  machine: Machine,
  create: boolean,
): Revisions {
  const current = sets.toSorted(oldestFirst).find((set) => sameTemplate(set.spec.template, deployment.spec.template));
  const old = sets.filter((set) => set.metadata.uid !== current?.metadata.uid);
  const revision = Math.max(0, ...old.map(revisionOf)) + 1;
  if (current !== undefined) return note(deployment, current, old, revision, machine);
  return create ? make(deployment, old, revision, machine) : { deployment, current: undefined, old };
}

const revisionOf = ({ metadata }: ReplicaSet) => Number(metadata.annotations?.[REVISION] ?? 0) || 0;

function sameTemplate(a: PodTemplate, b: PodTemplate): boolean {
  return sameJson(withoutHash(a), withoutHash(b));
}

function withoutHash({ metadata, ...rest }: PodTemplate): unknown {
  const { [TEMPLATE_HASH]: _hash, ...labels } = metadata?.labels ?? {};
  return { ...rest, metadata: { ...metadata, labels } };
}

function annotationsFor(deployment: Deployment, before: Record<string, string>, revision: number) {
  const annotations = { ...before };
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {})) {
    if (!NOT_COPIED.has(key)) annotations[key] = value;
  }
  const oldRevision = before[REVISION];
  if ((Number(oldRevision ?? 0) || 0) < revision) {
    annotations[REVISION] = String(revision);
    // A set that comes back keeps the numbers that it had.
    if (oldRevision !== undefined) {
      const history = [...(before[REVISION_HISTORY] ?? '').split(',').filter((one) => one !== ''), oldRevision];
      while (history.join(',').length > HISTORY_LENGTH) history.shift();
      annotations[REVISION_HISTORY] = history.join(',');
    }
  }
  return annotations;
}

function note(
  deployment: Deployment,
  current: ReplicaSet,
  old: readonly ReplicaSet[],
  revision: number,
  machine: Machine,
): Revisions {
  const { namespace = '', name } = current.metadata;
  const noted =
    machine.modify<ReplicaSet>(REPLICA_SETS, namespace, name, ({ metadata, spec }) => {
      metadata.annotations = annotationsFor(deployment, metadata.annotations ?? {}, revision);
      if ((spec.minReadySeconds ?? 0) !== (deployment.spec.minReadySeconds ?? 0)) {
        spec.minReadySeconds = deployment.spec.minReadySeconds ?? 0;
      }
    }) ?? current;
  const wanted = noted.metadata.annotations?.[REVISION] ?? String(revision);
  return {
    deployment: noteRevision(deployment, wanted, machine, 'FoundNewReplicaSet', `Found new replica set "${name}"`),
    current: noted,
    old,
  };
}

/** The revision in the annotation, and that there is a set now. */
function noteRevision(
  deployment: Deployment,
  revision: string,
  machine: Machine,
  reason: string,
  message: string,
): Deployment {
  const { namespace = '', name } = deployment.metadata;
  const made = reason === 'NewReplicaSetCreated';
  const noted = deployment.status?.conditions?.some(({ type }) => type === 'Progressing') === true;
  let result = deployment;
  if (deployment.metadata.annotations?.[REVISION] !== revision || (hasDeadline(deployment) && (made || !noted))) {
    // The real controller writes both through the status, which takes annotations as well.
    result =
      machine.modify<Deployment>(
        'deployments.apps',
        namespace,
        name,
        (draft) => {
          draft.metadata.annotations = { ...draft.metadata.annotations, [REVISION]: revision };
          if (hasDeadline(deployment) && (made || !noted)) {
            draft.status = withProgress(
              draft.status,
              { status: 'True', reason, message },
              rfc3339(machine.clock.now()),
            );
          }
        },
        'status',
      ) ?? deployment;
  }
  return result;
}

function make(deployment: Deployment, old: readonly ReplicaSet[], revision: number, machine: Machine): Revisions {
  const { namespace = '', name } = deployment.metadata;
  const { template, replicas = 1, minReadySeconds = 0 } = deployment.spec;
  const hash = safeHash(template, deployment.status?.collisionCount);
  const labels = { ...template.metadata?.labels, [TEMPLATE_HASH]: hash };
  const size = newSize(deployment, old, 0);
  const set: ReplicaSet = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name.slice(0, 253 - 1 - hash.length)}-${hash}`,
      namespace,
      labels,
      annotations: {
        ...annotationsFor(deployment, {}, revision),
        [DESIRED]: String(replicas),
        [MAX]: String(replicas + maxSurge(deployment)),
      },
      ownerReferences: [controllerRef(deployment)],
    },
    spec: {
      replicas: size,
      ...(minReadySeconds === 0 ? {} : { minReadySeconds }),
      selector: {
        ...deployment.spec.selector,
        matchLabels: { ...deployment.spec.selector?.matchLabels, [TEMPLATE_HASH]: hash },
      },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
  const created = createSet(deployment, set, machine);
  if (created === undefined) return { deployment, current: undefined, old };
  if (size > 0) {
    const text = `Scaled up replica set ${created.metadata.name} from 0 to ${size}`;
    machine.event(deployment, 'Normal', 'ScalingReplicaSet', text);
  }
  const message = `Created new replica set "${created.metadata.name}"`;
  return {
    deployment: noteRevision(deployment, String(revision), machine, 'NewReplicaSetCreated', message),
    current: created,
    old,
  };
}

/** Undefined when the namespace ends. A name that another template has already is tried with another hash next time. */
function createSet(deployment: Deployment, set: ReplicaSet, machine: Machine): ReplicaSet | undefined {
  const { namespace = '', name } = deployment.metadata;
  try {
    return machine.create(REPLICA_SETS, set) as ReplicaSet;
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    if (isOfEndingNamespace(error)) return undefined;
    if (error.status.reason === 'AlreadyExists') {
      const there = machine.get<ReplicaSet>(REPLICA_SETS, namespace, set.metadata.name);
      if (
        there !== undefined &&
        isControlledBy(there, deployment) &&
        sameTemplate(there.spec.template, set.spec.template)
      ) {
        return there;
      }
      const collide = (draft: Deployment) => {
        draft.status = { ...draft.status, collisionCount: (draft.status?.collisionCount ?? 0) + 1 };
      };
      machine.modify<Deployment>('deployments.apps', namespace, name, collide, 'status');
      throw error;
    }
    const message = `Failed to create new replica set "${set.metadata.name}": ${error.message}`;
    if (hasDeadline(deployment)) {
      const fail = (draft: Deployment) => {
        const condition = { status: 'False' as const, reason: 'ReplicaSetCreateError', message };
        draft.status = withProgress(draft.status, condition, rfc3339(machine.clock.now()));
      };
      machine.modify<Deployment>('deployments.apps', namespace, name, fail, 'status');
    }
    machine.event(deployment, 'Warning', 'ReplicaSetCreateError', message);
    throw error;
  }
}
