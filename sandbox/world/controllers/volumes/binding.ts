/** Which volume a claim gets, and how the two come to name each other. */
import { parseQuantity } from '../../../kinds/quantity.ts';
import { rfc3339 } from '../../timestamps.ts';
import type { Machine } from '../../types.ts';
import { isTerminating } from '../kit/pods.ts';
import { selects } from '../kit/selector.ts';
import { CLAIMS, type Claim, VOLUMES, type Volume } from './shapes.ts';

const BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller';
const COMPLETED = 'pv.kubernetes.io/bind-completed';

const sizeOf = (resources: Record<string, string> | undefined) => parseQuantity(resources?.['storage'] ?? '0') ?? 0;

export function isBoundTo({ spec }: Volume, { metadata }: Claim): boolean {
  const ref = spec.claimRef;
  if (ref === undefined || ref.name !== metadata.name || ref.namespace !== metadata.namespace) return false;
  return ref.uid === undefined || ref.uid === '' || ref.uid === metadata.uid;
}

/** The smallest that will do; one that is kept for the claim before all others. With `onlyKept` no other. */
export function bestVolume(claim: Claim, machine: Machine, onlyKept: boolean): Volume | undefined {
  const wanted = sizeOf(claim.spec.resources?.requests);
  const { accessModes = [], selector, storageClassName = '', volumeMode = 'Filesystem' } = claim.spec;
  const fitting = machine.list<Volume>(VOLUMES).filter((volume) => {
    const { spec, metadata } = volume;
    if (isTerminating(volume) || (spec.claimRef !== undefined && !isBoundTo(volume, claim))) return false;
    return (
      sizeOf(spec.capacity) >= wanted &&
      (spec.volumeMode ?? 'Filesystem') === volumeMode &&
      (spec.storageClassName ?? '') === storageClassName &&
      accessModes.every((mode) => spec.accessModes?.includes(mode)) &&
      (selector === undefined || selects(selector, metadata.labels))
    );
  });
  const kept = fitting.find(({ spec }) => spec.claimRef !== undefined);
  if (kept !== undefined || onlyKept) return kept;
  return fitting
    .filter(({ status }) => (status?.phase ?? 'Available') === 'Available')
    .toSorted((a, b) => sizeOf(a.spec.capacity) - sizeOf(b.spec.capacity))[0];
}

export function bind(claim: Claim, volume: Volume, machine: Machine): void {
  const { namespace = '', name, uid, resourceVersion } = claim.metadata;
  machine.modify<Volume>(VOLUMES, '', volume.metadata.name, (draft) => {
    if (draft.spec.claimRef?.uid !== undefined && draft.spec.claimRef.uid === uid) return false;
    if (draft.spec.claimRef === undefined) {
      draft.metadata.annotations = { ...draft.metadata.annotations, [BY_CONTROLLER]: 'yes' };
    }
    draft.spec.claimRef = {
      ...draft.spec.claimRef,
      kind: 'PersistentVolumeClaim',
      namespace,
      name,
      apiVersion: 'v1',
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    };
    return true;
  });
  setPhase(volume, 'Bound', machine);
  machine.modify<Claim>(CLAIMS, namespace, name, ({ spec, metadata }) => {
    const requested = spec.volumeName === volume.metadata.name;
    spec.volumeName = volume.metadata.name;
    metadata.annotations = {
      ...metadata.annotations,
      [COMPLETED]: 'yes',
      ...(requested ? {} : { [BY_CONTROLLER]: 'yes' }),
    };
  });
  machine.modify<Claim>(
    CLAIMS,
    namespace,
    name,
    (draft) => {
      if (draft.status?.phase === 'Bound') return false;
      const { accessModes, capacity } = volume.spec;
      draft.status = { ...draft.status, phase: 'Bound', accessModes, capacity };
      return true;
    },
    'status',
  );
}

export function setPhase(object: Claim | Volume, phase: string, machine: Machine): void {
  const { namespace = '', name } = object.metadata;
  if (object.kind === 'PersistentVolume' || namespace === '') {
    machine.modify<Volume>(
      VOLUMES,
      '',
      name,
      (draft) => {
        if (draft.status?.phase === phase) return false;
        draft.status = { ...draft.status, phase, lastPhaseTransitionTime: rfc3339(machine.clock.now()) };
        return true;
      },
      'status',
    );
    return;
  }
  machine.modify<Claim>(
    CLAIMS,
    namespace,
    name,
    (draft) => {
      draft.status = { ...draft.status, phase };
    },
    'status',
  );
}
