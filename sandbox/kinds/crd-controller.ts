/**
 * Custom kinds come and go: accepts the names of a CustomResourceDefinition, establishes it, serves it, and on its end removes
 * its objects first.
 */
import type { LogEvent } from '../store/types.ts';
import { rfc3339 } from '../timestamps.ts';
import type { KubeObject } from '../types.ts';
import type { Controller, Machine } from '../world/types.ts';
import { CRD_CLEANUP } from './crd-deletion.ts';
import { acceptNames, type Condition, conditionOf, established, setCrdCondition, writtenNames } from './crd-naming.ts';
import { CRDS, customResource, namesIn } from './custom-resource.ts';
import { fieldsAt, textOf } from './json-fields.ts';
import type { Kinds } from './types.ts';

/** How soon to look again whether objects with finalizers have gone. */
const WAIT_FOR_OBJECTS_MS = 1000;
const USER = 'system:apiserver';

const groupOf = (crd: KubeObject) => textOf(fieldsAt(crd, 'spec')['group']);

export function createCrdController(kinds: Kinds): Controller {
  /** A definition that changed may have freed names that others of its group wait for. */
  function keys(event: LogEvent, machine: Machine): string[] {
    const { name, body } = event.version;
    const group = groupOf(body.object());
    const waiting = machine.list(CRDS).filter((crd) => groupOf(crd) === group && !isEstablished(crd));
    return [...new Set([name, ...waiting.map(({ metadata }) => metadata.name)])];
  }

  function reconcile(name: string, machine: Machine): number | undefined {
    const crd = machine.get(CRDS, '', name);
    if (crd === undefined) {
      removeObjects(name, machine);
      kinds.removeCustom(name);
      return undefined;
    }
    if (crd.metadata.deletionTimestamp !== undefined) return terminate(crd, machine);
    const next = settle(crd, machine) ?? crd;
    const resource = isEstablished(next) ? customResource(next) : undefined;
    if (resource === undefined) kinds.removeCustom(name);
    else serve(resource);
    return undefined;
  }

  function serve(resource: NonNullable<ReturnType<typeof customResource>>): void {
    const known = kinds.byId(resource.id);
    // A built-in kind keeps its place, and what is served already is not served anew.
    if (known?.origin === 'builtin' || JSON.stringify(known) === JSON.stringify(resource)) return;
    kinds.addCustom(resource);
  }

  /** Names and conditions; the definition as written, or undefined when nothing changed. */
  function settle(crd: KubeObject, machine: Machine): KubeObject | undefined {
    const { name } = crd.metadata;
    const others = machine.list(CRDS).filter((each) => each.metadata.name !== name && groupOf(each) === groupOf(crd));
    const naming = acceptNames(crd, others);
    const conditions = [naming.condition, established(crd, naming)];
    const names = JSON.stringify(writtenNames(naming.accepted));
    const same =
      JSON.stringify(writtenNames(acceptedBefore(crd))) === names && conditions.every((each) => isSaid(crd, each));
    if (same) return undefined;
    return machine.modify(
      CRDS,
      '',
      name,
      (draft) => {
        const now = rfc3339(machine.clock.now());
        for (const condition of conditions) setCrdCondition(draft, condition, now);
        fieldsAt(draft, 'status')['acceptedNames'] = JSON.parse(names);
      },
      'status',
    );
  }

  function terminate(crd: KubeObject, machine: Machine): number | undefined {
    const { name, finalizers = [] } = crd.metadata;
    const resource = isEstablished(crd) ? customResource(crd) : undefined;
    if (resource !== undefined) serve(resource);
    if (!finalizers.includes(CRD_CLEANUP)) return undefined;
    if (resource !== undefined) {
      say(crd, machine, 'True', 'InstanceDeletionInProgress', 'CustomResource deletion is in progress');
      if (removeObjects(name, machine) > 0) return WAIT_FOR_OBJECTS_MS;
      say(crd, machine, 'False', 'InstanceDeletionCompleted', 'removed all instances');
    } else {
      say(crd, machine, 'False', 'NeverEstablished', 'resource was never established');
    }
    machine.modify(CRDS, '', name, (draft) => {
      draft.metadata.finalizers = (draft.metadata.finalizers ?? []).filter((each) => each !== CRD_CLEANUP);
    });
    return undefined;
  }

  function say(crd: KubeObject, machine: Machine, status: 'True' | 'False', reason: string, message: string): void {
    machine.modify(
      CRDS,
      '',
      crd.metadata.name,
      (draft) => {
        setCrdCondition(draft, { type: 'Terminating', status, reason, message }, rfc3339(machine.clock.now()));
      },
      'status',
    );
  }

  /** Asks all objects of the kind to go; how many are still there. */
  function removeObjects(id: string, machine: Machine): number {
    if (kinds.byId(id)?.origin !== 'custom') return 0;
    for (const { metadata } of machine.list(id)) {
      if (metadata.deletionTimestamp === undefined) machine.delete(id, metadata.namespace ?? '', metadata.name);
    }
    return machine.list(id).length;
  }

  return {
    name: 'crd-controller',
    user: USER,
    fieldManager: 'kube-apiserver',
    watches: { [CRDS]: keys },
    reconcile,
  };
}

const isEstablished = (crd: KubeObject) => conditionOf(crd, 'Established')?.['status'] === 'True';
const acceptedBefore = (crd: KubeObject) => namesIn(fieldsAt(crd, 'status', 'acceptedNames'));

function isSaid(crd: KubeObject, { type, status, reason, message }: Condition): boolean {
  const old = conditionOf(crd, type);
  return old?.['status'] === status && old['reason'] === reason && old['message'] === message;
}
