/** Claims that ask for more than they have. */
import { canonicalQuantity, compareQuantities } from '../../../kinds/quantity.ts';
import type { Machine } from '../../types.ts';
import { CLAIMS, type Claim, VOLUMES, type Volume } from './shapes.ts';

/** Grows the volume with its claim: admission has checked that the class allows it. */
export function resize(claim: Claim, volume: Volume, machine: Machine): undefined {
  const wanted = claim.spec.resources?.requests?.['storage'];
  const has = claim.status?.capacity?.['storage'];
  if (wanted === undefined || has === undefined || compareQuantities(wanted, has) <= 0) return;
  const storage = canonicalQuantity(wanted);
  machine.event(claim, 'Normal', 'Resizing', `External resizer is resizing volume ${volume.metadata.name}`);
  machine.modify<Volume>(VOLUMES, '', volume.metadata.name, ({ spec }) => {
    spec.capacity = { ...spec.capacity, storage };
  });
  machine.modify<Claim>(
    CLAIMS,
    claim.metadata.namespace ?? '',
    claim.metadata.name,
    (draft) => {
      draft.status = { ...draft.status, capacity: { ...draft.status?.capacity, storage } };
    },
    'status',
  );
  machine.event(claim, 'Normal', 'VolumeResizeSuccessful', 'Resize volume succeeded');
}
