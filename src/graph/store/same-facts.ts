/** Levels of plain data that facts have at most, and some. */
const DEEPEST = 12;

/**
 * Whether what is kept of an object says the same as before: then it is the same, nothing is touched, and what came is garbage before it grows
 * old. Kubelets write their node's status again and again, with nothing in it but when they did.
 */
export function sameFacts(a: unknown, b: unknown, depth = DEEPEST): boolean {
  if (Object.is(a, b)) return true;
  if (!isObject(a) || !isObject(b) || depth === 0) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!sameFacts(a[i], b[i], depth - 1)) return false;
    return true;
  }
  if (!isPlain(a) || !isPlain(b)) return false;
  let fields = 0;
  for (const field in a) {
    if (!Object.hasOwn(b, field) || !sameFacts(a[field], b[field], depth - 1)) return false;
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
