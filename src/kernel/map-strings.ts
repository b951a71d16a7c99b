/** What becomes of the strings of a value; `key` of the names of its fields, which stay where it is not given. */
export interface StringChange {
  text(text: string): string;
  key?(name: string): string;
}

/** Below it a value stays as it is: no object of Kubernetes and no answer comes near, and the stack is bounded. */
const MAX_DEPTH = 200;

/** `value` with its strings changed. What stays as it is, nearly all of most answers, is handed back and not copied. */
export function mapStrings<T>(value: T, change: StringChange): T {
  // Strings stay strings and fields stay fields.
  return mapped(value, change, 0) as T;
}

function mapped(value: unknown, change: StringChange, depth: number): unknown {
  if (typeof value === 'string') return change.text(value);
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return value;
  return Array.isArray(value) ? mappedItems(value, change, depth + 1) : mappedFields(value, change, depth + 1);
}

function mappedItems(items: readonly unknown[], change: StringChange, depth: number): readonly unknown[] {
  let made: unknown[] | undefined;
  for (let at = 0; at < items.length; at++) {
    const item = items[at];
    const to = mapped(item, change, depth);
    if (to === item) continue;
    made ??= [...items];
    made[at] = to;
  }
  return made ?? items;
}

function mappedFields(fields: object, change: StringChange, depth: number): object {
  const keys = Object.keys(fields);
  // Own string keys of an object.
  const itemOf = (key: string) => (fields as Record<string, unknown>)[key];
  let made: [string, unknown][] | undefined;
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at] ?? '';
    const item = itemOf(key);
    const name = change.key === undefined ? key : change.key(key);
    const to = mapped(item, change, depth);
    if (made === undefined && (to !== item || name !== key)) {
      made = keys.slice(0, at).map((before) => [before, itemOf(before)]);
    }
    made?.push([name, to]);
  }
  // fromEntries defines own properties, so a key `__proto__` stays a key.
  return made === undefined ? fields : Object.fromEntries(made);
}
