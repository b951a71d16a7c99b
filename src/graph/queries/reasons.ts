/** Which edges a question follows, by their reason. */
import type { Why } from '../types.ts';
import type { Bounds } from './types.ts';

export const isOwnership = ({ strength }: Why): boolean => strength === 'ownership';

/** Says something of its target and changes nothing for it: what else it speaks of is not near. */
export const isRemark = ({ strength }: Why): boolean => strength === 'informational';

/** Those of the relations that are asked about; all where none is named. */
export const isAskedIn =
  ({ relations }: Bounds) =>
  ({ relation }: Why): boolean =>
    relations?.has(relation.class) !== false;

/** Whether what is owned is told, too, or only followed: it is its owner, whatever relations are asked about. */
export const tellsParts = ({ relations }: Bounds): boolean => relations?.has('ownedBy') !== false;
