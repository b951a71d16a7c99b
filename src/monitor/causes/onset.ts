import type { Finding } from '../types.ts';

/** The earliest time that it can have begun, ms: what was there from the start on is not known to be later than anything. */
export const earliestOf = ({ since, fromTheStart }: Finding): number =>
  fromTheStart === true ? Number.NEGATIVE_INFINITY : since;
