/** Rows of custom kinds: what their `additionalPrinterColumns` name. */
import { ageOf } from '../../src/kernel/text/age.ts';
import type { KubeObject, PrinterColumn } from '../types.ts';
import type { Now } from './column.ts';
import { findInPath, type PathStep, parsePath } from './json-path.ts';

export interface CustomColumn {
  column: PrinterColumn;
  path: readonly PathStep[];
}

/** What a kind without columns of its own prints. */
export const AGE_COLUMN: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

export function customColumns(columns: readonly PrinterColumn[] | undefined): readonly CustomColumn[] {
  const all = columns === undefined || columns.length === 0 ? [AGE_COLUMN] : columns;
  return all.map((column) => ({ column, path: parsePath(column.jsonPath) }));
}

/** In the real server's words, by which clients find the field. */
export function customDescription({ description, jsonPath }: PrinterColumn): string {
  return description || `Custom resource definition column (in JSONPath format): ${jsonPath}`;
}

export function customCells(object: KubeObject, columns: readonly CustomColumn[], now: Now): unknown[] {
  return [object.metadata.name, ...columns.map(({ column, path }) => cell(column.type, findInPath(object, path), now))];
}

function cell(type: string, found: readonly unknown[], now: Now): unknown {
  const [value] = found;
  if (found.length === 0 || value === undefined) return null;
  switch (type) {
    case 'string':
      return text(value);
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      if (typeof value !== 'string') return null;
      return Number.isNaN(Date.parse(value)) ? '<invalid>' : ageOf(value, now());
    default:
      return null;
  }
}

/** As Go's JSONPath printer writes a value: objects and lists as JSON. */
function text(value: unknown): string | null {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
