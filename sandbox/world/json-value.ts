/** JSON values compared and cleaned: members that are `undefined` are not there. */

export function sameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, i) => sameJson(item, right[i]));
  }
  // An object that is no array: its members are looked at as they are.
  const other = right as Record<string, unknown>;
  let members = 0;
  for (const [key, member] of Object.entries(left)) {
    if (member === undefined) continue;
    if (!sameJson(member, other[key])) return false;
    members += 1;
  }
  let others = 0;
  for (const member of Object.values(other)) if (member !== undefined) others += 1;
  return members === others;
}

/** A copy without the members that are `undefined`. */
export function withoutAbsent<T>(value: T): T {
  return strip(value) as T;
}

function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip);
  if (typeof value !== 'object' || value === null) return value;
  const result: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) if (member !== undefined) result[key] = strip(member);
  return result;
}
