/** Walks an OpenAPI schema as it stands in a definition: any of it may be of any shape, any size, or lead round in circles. */
import { isRecord } from '../field-path.ts';

/** Real schemas: below 20 levels; those that embed a pod have some 3,000 fields. */
const MAX_DEPTH = 24;
const MAX_FIELDS = 20_000;
const MAX_PATH = 300;

export type SchemaRecord = Readonly<Record<string, unknown>>;

/** `name` is the field's own, '' for the root; `at` leads to it. Answer false to go no deeper. */
export type SchemaVisitor = (schema: SchemaRecord, name: string, at: string) => boolean;

export function walkSchema(root: unknown, visit: SchemaVisitor): void {
  let left = MAX_FIELDS;
  // Objects that are being walked: one that comes again below itself is a circle.
  const above = new Set<unknown>();

  function step(value: unknown, name: string, at: string, depth: number): void {
    if (!isRecord(value) || depth > MAX_DEPTH || at.length > MAX_PATH || above.has(value) || left-- <= 0) return;
    if (!visit(value, name, at)) return;
    above.add(value);
    inside(value, name, at, depth);
    above.delete(value);
  }

  function inside(schema: SchemaRecord, name: string, at: string, depth: number): void {
    if (isRecord(schema['items'])) step(schema['items'], name, `${at}[]`, depth + 1);
    const { properties } = schema;
    if (!isRecord(properties)) return;
    for (const field of Object.keys(properties)) {
      if (left <= 0) return;
      // Names with these would not read as paths.
      if (field === '' || /[.[\]]/.test(field)) continue;
      step(properties[field], field, at === '' ? field : `${at}.${field}`, depth + 1);
    }
  }

  step(root, '', '', 0);
}
