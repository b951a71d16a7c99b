/** What the reflectors hand to their sinks: projected at once, so that the object itself is garbage before the next is read. */
import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { ApiResource } from '../../kube/types.ts';
import { kindKeyOf } from '../kind-key.ts';
import { isEventKind, type Projector } from '../project/projector.ts';
import type { Projected, ProjectedEvent } from '../types.ts';
import type { SyncScope } from './types.ts';

export type Item =
  | { type: 'object'; object: Projected }
  | { type: 'event'; event: ProjectedEvent }
  /** Policy hides its namespace, or it tells nothing. */
  | { type: 'nothing' };

const NOTHING: Item = Object.freeze({ type: 'nothing' });

/** Normal events say that all goes well; these say what somebody did, and explain others. */
const TELLING_REASONS: ReadonlySet<string> = new Set([
  'Killing',
  'Preempted',
  'TaintManagerEviction',
  'SandboxChanged',
  'NodeNotReady',
  'NodeReady',
  'NodeNotSchedulable',
  'Rebooted',
  'TriggeredScaleUp',
  'NotTriggerScaleUp',
  'ScaleDown',
  'ScalingReplicaSet',
  'SuccessfulRescale',
  'WaitForFirstConsumer',
  'WaitForPodScheduled',
  'ExternalProvisioning',
]);

/** Whether objects of a namespace may be known. '' is for cluster-scoped ones. */
export function isVisibleNamespace(scope: SyncScope, namespace: string): boolean {
  if (namespace === '') return true;
  if (scope.forbiddenNamespaces.has(namespace)) return false;
  return scope.allowedNamespaces === undefined || scope.allowedNamespaces.includes(namespace);
}

/** Whether a list of all namespaces holds objects that may not be known. */
export function hidesPart({ allowedNamespaces, forbiddenNamespaces }: SyncScope, resource: ApiResource): boolean {
  const spans = resource.namespaced || (resource.group === '' && resource.kind === 'Namespace');
  return spans && (allowedNamespaces !== undefined || forbiddenNamespaces.size > 0);
}

export function itemMaker(projector: Projector, scope: SyncScope, resource: ApiResource): (object: KubeObject) => Item {
  const kind = kindKeyOf(resource.group, resource.kind);
  if (isEventKind(kind)) {
    return (object) => {
      // Events about cluster-scoped objects lie in a namespace as well, and belong to it.
      if (!isVisibleNamespace(scope, object.metadata?.namespace ?? '')) return NOTHING;
      const event = projector.event(object);
      if (event === undefined || !isVisibleNamespace(scope, event.involved.namespace)) return NOTHING;
      if (event.involved.kind === 'Namespace' && !isVisibleNamespace(scope, event.involved.name)) return NOTHING;
      return event.type === 'Warning' || TELLING_REASONS.has(event.reason) ? { type: 'event', event } : NOTHING;
    };
  }
  return (object) => {
    const name = object.metadata?.name ?? '';
    const namespace = kind === 'Namespace' ? name : (object.metadata?.namespace ?? '');
    // A server that names neither is one that we do not know how to read.
    if (name === '' || !isVisibleNamespace(scope, namespace)) return NOTHING;
    return { type: 'object', object: projector.project(object, resource) };
  };
}
