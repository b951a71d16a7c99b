/** Namespaces that end: their content goes, pods first, and what holds it up is told. */
import { ApiFailure } from '../../api/failure.ts';
import type { Kinds } from '../../kinds/types.ts';
import type { KubeObject, ResourceInfo } from '../../types.ts';
import { parseTime, rfc3339 } from '../timestamps.ts';
import type { Controller, Machine } from '../types.ts';
import { managed, ownKey } from './kit/keys.ts';
import type { Condition, Pod } from './kit/shapes.ts';

interface Namespace extends KubeObject {
  spec?: { finalizers?: string[] };
  status?: { phase?: string; conditions?: Condition[] };
}

/** How long finalizers may take, as far as the real controller knows. */
const FINALIZER_ESTIMATE_S = 15;
const DEFAULT_GRACE_S = 30;
/** Of one round: others work between two. */
const MOST_DELETES = 500;

interface Round {
  remaining: Map<string, number>;
  finalizers: Map<string, number>;
  failures: string[];
  /** Seconds. */
  estimate: number;
  deletes: number;
}

export function namespaceController({ kinds }: { kinds: Kinds }): Controller {
  const resources = () =>
    kinds
      .all()
      .filter(({ namespaced, versions }) => namespaced && versions.some(({ verbs }) => verbs.includes('delete')));
  return {
    ...managed('namespace-controller'),
    watches: { namespaces: ownKey },
    reconcile(key, machine) {
      const name = key.slice(1);
      const namespace = machine.get<Namespace>('namespaces', '', name);
      if (namespace?.metadata.deletionTimestamp === undefined) return undefined;
      return finalize(namespace, resources(), machine);
    },
  };
}

function finalize(namespace: Namespace, resources: readonly ResourceInfo[], machine: Machine): number | undefined {
  const { name } = namespace.metadata;
  if (!(namespace.spec?.finalizers ?? []).includes('kubernetes')) return undefined;
  const round: Round = { remaining: new Map(), finalizers: new Map(), failures: [], estimate: 0, deletes: 0 };
  empty(
    namespace,
    resources.filter(({ id }) => id === 'pods'),
    round,
    machine,
  );
  // Everything else may still be needed while pods run.
  if (round.remaining.size === 0 && round.deletes <= MOST_DELETES)
    empty(
      namespace,
      resources.filter(({ id }) => id !== 'pods'),
      round,
      machine,
    );
  if (round.deletes > MOST_DELETES) return 0;

  const now = rfc3339(machine.clock.now());
  machine.modify<Namespace>(
    'namespaces',
    '',
    name,
    (draft) => {
      draft.status = {
        ...draft.status,
        phase: 'Terminating',
        conditions: conditionsOf(draft.status?.conditions, round, now),
      };
    },
    'status',
  );
  if (round.remaining.size > 0) return (Math.floor(round.estimate / 2) + 1) * 1000;
  machine.modify<Namespace>(
    'namespaces',
    '',
    name,
    (draft) => {
      draft.spec = { ...draft.spec, finalizers: (draft.spec?.finalizers ?? []).filter((one) => one !== 'kubernetes') };
    },
    'finalize',
  );
  return undefined;
}

function empty(namespace: Namespace, resources: readonly ResourceInfo[], round: Round, machine: Machine): void {
  const { name } = namespace.metadata;
  for (const { id, plural, group } of resources) {
    for (const object of machine.list(id, name)) {
      if (object.metadata.deletionTimestamp !== undefined) continue;
      if (round.deletes++ >= MOST_DELETES) return;
      try {
        machine.delete(id, name, object.metadata.name, { propagationPolicy: 'Background' });
      } catch (error) {
        if (!(error instanceof ApiFailure)) throw error;
        round.failures.push(error.message);
      }
    }
    const left = machine.list(id, name);
    if (left.length === 0) continue;
    round.remaining.set(`${plural}.${group}`, left.length);
    for (const { metadata } of left) {
      for (const one of metadata.finalizers ?? []) round.finalizers.set(one, (round.finalizers.get(one) ?? 0) + 1);
    }
    round.estimate = Math.max(round.estimate, estimateOf(namespace, id, left, machine));
  }
}

/** Seconds: the longest grace of a pod while that has not passed, or what finalizers may take. */
function estimateOf(namespace: Namespace, id: string, left: readonly KubeObject[], machine: Machine): number {
  if (id !== 'pods') return FINALIZER_ESTIMATE_S;
  const graces = (left as readonly Pod[]).map(({ spec }) => spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_S);
  const grace = Math.max(0, ...graces);
  const passed = (machine.clock.now() - parseTime(namespace.metadata.deletionTimestamp)) / 1000;
  return passed > grace ? FINALIZER_ESTIMATE_S : grace;
}

function conditionsOf(before: readonly Condition[] = [], round: Round, now: string): Condition[] {
  const remaining = [...round.remaining].map(([what, count]) => `${what} has ${count} resource instances`).toSorted();
  const finalizers = [...round.finalizers].map(([what, count]) => `${what} in ${count} resource instances`).toSorted();
  const failures = round.failures.toSorted();
  const wanted: [type: string, okReason: string, okText: string, reason: string, text: string | undefined][] = [
    [
      'NamespaceDeletionDiscoveryFailure',
      'ResourcesDiscovered',
      'All resources successfully discovered',
      '',
      undefined,
    ],
    [
      'NamespaceDeletionGroupVersionParsingFailure',
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
      '',
      undefined,
    ],
    [
      'NamespaceDeletionContentFailure',
      'ContentDeleted',
      'All content successfully deleted, may be waiting on finalization',
      'ContentDeletionFailed',
      failures.length === 0
        ? undefined
        : `Failed to delete all resource types, ${failures.length} remaining: ${failures.join(', ')}`,
    ],
    [
      'NamespaceContentRemaining',
      'ContentRemoved',
      'All content successfully removed',
      'SomeResourcesRemain',
      remaining.length === 0 ? undefined : `Some resources are remaining: ${remaining.join(', ')}`,
    ],
    [
      'NamespaceFinalizersRemaining',
      'ContentHasNoFinalizers',
      'All content-preserving finalizers finished',
      'SomeFinalizersRemain',
      finalizers.length === 0
        ? undefined
        : `Some content in the namespace has finalizers remaining: ${finalizers.join(', ')}`,
    ],
  ];
  return wanted.map(([type, okReason, okText, reason, text]) => {
    const status = text === undefined ? 'False' : 'True';
    const old = before.find((condition) => condition.type === type);
    const since = old?.status === status ? old.lastTransitionTime : now;
    return {
      type,
      status,
      lastTransitionTime: since ?? now,
      reason: text === undefined ? okReason : reason,
      message: text ?? okText,
    };
  });
}
