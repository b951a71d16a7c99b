/** Numbers as specs carry them. */

export type IntOrPercent = number | string;

/** `25%` of `total`, rounded as asked; a number stays. */
export function scaled(value: IntOrPercent | undefined, total: number, round: 'up' | 'down'): number {
  if (value === undefined) return 0;
  if (typeof value === 'number') return value;
  const percent = Number.parseInt(value, 10);
  if (Number.isNaN(percent)) return 0;
  const exact = (percent * total) / 100;
  return round === 'up' ? Math.ceil(exact) : Math.floor(exact);
}

/** A count that JSON leaves out when it is zero. */
export const orAbsent = (count: number): number | undefined => (count === 0 ? undefined : count);
