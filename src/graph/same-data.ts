/** Levels of plain data that objects and facts have at most, and some. */
const DEEPEST = 12;

/** Whether two values are equal plain data. What is deeper than any that is kept, or no plain data, is only the same as itself. */
export function sameData(a: unknown, b: unknown, depth = DEEPEST): boolean {
  if (Object.is(a, b)) return true;
  if (!isObject(a) || !isObject(b) || depth === 0) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!sameData(a[i], b[i], depth - 1)) return false;
    return true;
  }
  if (!isPlain(a) || !isPlain(b)) return false;
  let fields = 0;
  for (const field in a) {
    if (!Object.hasOwn(b, field) || !sameData(a[field], b[field], depth - 1)) return false;
    fields++;
  }
  for (const _ in b) fields--;
  return fields === 0;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function isPlain(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
