/** Claims and volumes that are in use stay until they are not. */
import type { Controller, Machine } from '../types.ts';
import { keysOfStates, managed, ownKey, splitKey } from './kit/keys.ts';
import { isFinished } from './kit/pods.ts';
import type { Pod } from './kit/shapes.ts';
import { CLAIMS, type Claim, claimsOf, usersOf, VOLUMES, type Volume } from './volumes/shapes.ts';

const CLAIM_FINALIZER = 'kubernetes.io/pvc-protection';
const VOLUME_FINALIZER = 'kubernetes.io/pv-protection';

function drop(resource: string, namespace: string, name: string, finalizer: string, machine: Machine): void {
  machine.modify(resource, namespace, name, ({ metadata }) => {
    const rest = (metadata.finalizers ?? []).filter((one) => one !== finalizer);
    if (rest.length === 0) delete metadata.finalizers;
    else metadata.finalizers = rest;
  });
}

export function claimProtectionController(): Controller {
  return {
    ...managed('persistentvolumeclaim-protection-controller', 'pvc-protection-controller'),
    watches: {
      [CLAIMS]: ownKey,
      pods: (event) => {
        const pod = event.version.body.object() as Pod;
        if (event.type !== 'DELETED' && !isFinished(pod)) return [];
        return keysOfStates<Pod>(event, (one) =>
          claimsOf(one).map((name) => `${one.metadata.namespace ?? ''}/${name}`),
        );
      },
    },
    reconcile(key, machine) {
      const { namespace, name } = splitKey(key);
      const claim = machine.get<Claim>(CLAIMS, namespace, name);
      if (claim?.metadata.deletionTimestamp === undefined) return undefined;
      // One that never got a node has nothing mounted.
      const used = usersOf(claim, machine).some((pod) => !isFinished(pod) && Boolean(pod.spec.nodeName));
      if (!used) drop(CLAIMS, namespace, name, CLAIM_FINALIZER, machine);
      return undefined;
    },
  };
}

export function volumeProtectionController(): Controller {
  return {
    ...managed('persistentvolume-protection-controller', 'pv-protection-controller'),
    watches: { [VOLUMES]: ownKey },
    reconcile(key, machine) {
      const { name } = splitKey(key);
      const volume = machine.get<Volume>(VOLUMES, '', name);
      if (volume?.metadata.deletionTimestamp === undefined || volume.status?.phase === 'Bound') return undefined;
      drop(VOLUMES, '', name, VOLUME_FINALIZER, machine);
      return undefined;
    },
  };
}
