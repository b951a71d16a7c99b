/** Claims find volumes, or have them made; volumes follow their claims. */
import type { Controller, Machine } from '../types.ts';
import { keysOfStates, managed, ownKey, splitKey } from './kit/keys.ts';
import { isTerminating } from './kit/pods.ts';
import type { Pod } from './kit/shapes.ts';
import { bestVolume, bind, isBoundTo, setPhase } from './volumes/binding.ts';
import { createProvisioner, type Provisioner } from './volumes/provisioning.ts';
import { resize } from './volumes/resizing.ts';
import {
  CLAIMS,
  CLASSES,
  type Claim,
  claimsOf,
  SELECTED_NODE,
  type StorageClass,
  usersOf,
  VOLUMES,
  type Volume,
} from './volumes/shapes.ts';

/** A claim that waits says so every 15 s, the real controller's resync. */
const RESYNC_MS = 15_000;
const VOLUME = 'volume ';

/** `provisioners`: the names of those that work in this cluster. */
export function persistentVolumeController({ provisioners }: { provisioners: readonly string[] }): Controller {
  const provisioner = createProvisioner(provisioners);
  return {
    ...managed('persistentvolume-controller', 'persistent-volume-binder'),
    watches: {
      [CLAIMS]: (event, machine) => {
        const keys = keysOfStates<Claim>(event, ({ spec }) =>
          spec.volumeName === undefined ? [] : [`${VOLUME}/${spec.volumeName}`],
        );
        return [
          ...ownKey(event),
          ...keys,
          ...(event.type === 'DELETED' ? volumesOfGone(event.version.uid, machine) : []),
        ];
      },
      [VOLUMES]: (event, machine) => [
        `${VOLUME}/${event.version.name}`,
        ...keysOfStates<Volume>(event, ({ spec }) => {
          if (spec.claimRef !== undefined) return [`${spec.claimRef.namespace}/${spec.claimRef.name}`];
          return pendingClaims(spec.storageClassName ?? '', machine);
        }),
      ],
      [CLASSES]: (event, machine) => pendingClaims(event.version.name, machine),
      pods: (event) =>
        keysOfStates<Pod>(event, (pod) => claimsOf(pod).map((name) => `${pod.metadata.namespace ?? ''}/${name}`)),
    },
    reconcile(key, machine) {
      if (key.startsWith(VOLUME)) return syncVolume(splitKey(key.slice(VOLUME.length)).name, provisioner, machine);
      const { namespace, name } = splitKey(key);
      const claim = machine.get<Claim>(CLAIMS, namespace, name);
      if (claim === undefined) {
        provisioner.forget(key);
        return undefined;
      }
      return claim.metadata.annotations?.['pv.kubernetes.io/bind-completed'] === undefined
        ? syncUnbound(claim, key, provisioner, machine)
        : syncBound(claim, machine);
    },
  };
}

const pendingClaims = (className: string, machine: Machine) =>
  machine
    .list<Claim>(CLAIMS)
    .filter(({ spec, status }) => status?.phase !== 'Bound' && (spec.storageClassName ?? '') === className)
    .map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`);

const volumesOfGone = (uid: string, machine: Machine) =>
  machine
    .list<Volume>(VOLUMES)
    .filter(({ spec }) => spec.claimRef?.uid === uid)
    .map(({ metadata }) => `${VOLUME}/${metadata.name}`);

function syncUnbound(claim: Claim, key: string, provisioner: Provisioner, machine: Machine): number | undefined {
  if (isTerminating(claim)) return undefined;
  if (claim.spec.volumeName !== undefined && claim.spec.volumeName !== '') return bindRequested(claim, machine);
  const className = claim.spec.storageClassName ?? '';
  const storageClass = className === '' ? undefined : machine.get<StorageClass>(CLASSES, '', className);
  const selected = claim.metadata.annotations?.[SELECTED_NODE] !== undefined;
  const delayed = storageClass?.volumeBindingMode === 'WaitForFirstConsumer' && !selected;
  const volume = bestVolume(claim, machine, delayed);
  if (volume !== undefined) {
    bind(claim, volume, machine);
    return undefined;
  }
  setPhase(claim, 'Pending', machine);
  if (delayed) {
    sayWaiting(claim, machine);
    return RESYNC_MS;
  }
  if (className === '') {
    const text = 'no persistent volumes available for this claim and no storage class is set';
    machine.event(claim, 'Normal', 'FailedBinding', text);
    return RESYNC_MS;
  }
  if (storageClass === undefined) {
    const text = `storageclass.storage.k8s.io "${className}" not found`;
    machine.event(claim, 'Warning', 'ProvisioningFailed', text);
    return RESYNC_MS;
  }
  return provisioner.provision(claim, key, storageClass, machine) ?? RESYNC_MS;
}

function sayWaiting(claim: Claim, machine: Machine): void {
  const waiting = usersOf(claim, machine)
    .filter((pod) => !pod.spec.nodeName && !isTerminating(pod))
    .map(({ metadata }) => metadata.name);
  if (waiting.length === 0) {
    machine.event(claim, 'Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding');
    return;
  }
  const pods = waiting.length === 1 ? `pod ${waiting[0]}` : `pods ${waiting.join(',')}`;
  machine.event(claim, 'Normal', 'WaitForPodScheduled', `waiting for ${pods} to be scheduled`);
}

/** The claim names its volume. */
function bindRequested(claim: Claim, machine: Machine): number | undefined {
  const volume = machine.get<Volume>(VOLUMES, '', claim.spec.volumeName ?? '');
  if (volume === undefined) {
    setPhase(claim, 'Pending', machine);
    return RESYNC_MS;
  }
  if (volume.spec.claimRef === undefined || isBoundTo(volume, claim)) {
    bind(claim, volume, machine);
    return undefined;
  }
  setPhase(claim, 'Pending', machine);
  const text = `volume "${volume.metadata.name}" already bound to a different claim.`;
  machine.event(claim, 'Warning', 'FailedBinding', text);
  return RESYNC_MS;
}

function syncBound(claim: Claim, machine: Machine): number | undefined {
  const volume = machine.get<Volume>(VOLUMES, '', claim.spec.volumeName ?? '');
  if (volume !== undefined && (volume.spec.claimRef === undefined || isBoundTo(volume, claim))) {
    bind(claim, volume, machine);
    return resize(claim, volume, machine);
  }
  if (claim.status?.phase === 'Lost') return undefined;
  setPhase(claim, 'Lost', machine);
  const [reason, text] =
    volume === undefined
      ? ['ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!']
      : ['ClaimMisbound', 'Two claims are bound to the same volume, this one is bound incorrectly'];
  machine.event(claim, 'Warning', reason, text);
  return undefined;
}

function syncVolume(name: string, provisioner: Provisioner, machine: Machine): number | undefined {
  const volume = machine.get<Volume>(VOLUMES, '', name);
  if (volume === undefined) return undefined;
  const { claimRef } = volume.spec;
  if (claimRef === undefined || claimRef.uid === undefined) {
    setPhase(volume, 'Available', machine);
    return undefined;
  }
  const claim = machine.get<Claim>(CLAIMS, claimRef.namespace, claimRef.name);
  if (claim !== undefined && claim.metadata.uid === claimRef.uid) {
    if (claim.spec.volumeName === name) setPhase(volume, 'Bound', machine);
    return undefined;
  }
  if (volume.status?.phase !== 'Failed') setPhase(volume, 'Released', machine);
  if (volume.spec.persistentVolumeReclaimPolicy === 'Delete') return provisioner.reclaim(volume, machine);
  return undefined;
}
