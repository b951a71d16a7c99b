/** Levels of plain data that objects and facts have at most, and some. */
const DEEPEST = 12;

/**
 * Whether two values are equal data: plain, or of a class that keeps all it knows in fields of its own. What is deeper than any that is kept,
 * or keeps what it knows elsewhere, as a Map does, is only the same as itself.
 */
export function sameData(a: unknown, b: unknown, depth = DEEPEST): boolean {
  if (Object.is(a, b)) return true;
  if (!isObject(a) || !isObject(b) || depth === 0) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!sameData(a[i], b[i], depth - 1)) return false;
    return true;
  }
  const type = classOf(a);
  if (type !== classOf(b) || !hasFields(a, type) || !hasFields(b, type)) return false;
  let fields = 0;
  for (const field in a) {
    if (!Object.hasOwn(b, field) || !sameData(a[field], b[field], depth - 1)) return false;
    fields++;
  }
  for (const _ in b) fields--;
  return fields === 0;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Null and Object.prototype are one: data without a class. */
const classOf = (value: object): unknown => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype ? null : prototype;
};

function hasFields(value: object, type: unknown): value is Record<string, unknown> {
  if (type === null) return true;
  for (const field in value) return Object.hasOwn(value, field);
  return false;
}
