/** Reading fields of parsed JSON as Go sees them: what is absent is the zero value. */
export type Fields = Record<string, unknown>;

/** The object, or an empty one. Changes reach the parent only when it was there. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function itemsOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

export function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(textOf) : [];
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

export function has(object: Fields, field: string): boolean {
  return object[field] !== undefined && object[field] !== null;
}

/** A map of texts: labels, `matchLabels`, quantities. */
export function textsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(fieldsOf(value)).map(([key, text]) => [key, String(text)]));
}

/** The object at `field`, made when it is not there. */
export function ensure(object: Fields, field: string): Fields {
  const value = object[field];
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  const made: Fields = {};
  object[field] = made;
  return made;
}

/** Sets `field` unless it has a value. An empty text and 0 count as none where Go has a plain field: `whenZero`. */
export function setDefault(object: Fields, field: string, value: unknown, whenZero = false): void {
  const old = object[field];
  if (old === undefined || old === null || (whenZero && (old === '' || old === 0))) object[field] = value;
}

/** Deep equality of JSON values; absent, null and empty containers are the same, as to apimachinery's semantic equality. */
export function semanticEqual(a: unknown, b: unknown): boolean {
  const left = emptyToNothing(a);
  const right = emptyToNothing(b);
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === undefined || right === undefined) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => semanticEqual(item, right[index]));
  }
  const x = left as Fields;
  const y = right as Fields;
  return [...new Set([...Object.keys(x), ...Object.keys(y)])].every((key) => semanticEqual(x[key], y[key]));
}

function emptyToNothing(value: unknown): unknown {
  if (value === null) return undefined;
  if (Array.isArray(value) && value.length === 0) return undefined;
  return value;
}
