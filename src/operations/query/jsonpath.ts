import type { Path } from './ast.ts';
import { evaluatePath } from './evaluate.ts';
import { parsePath } from './parse.ts';

/** A JSONPath ready to run. No code is generated and nothing is evaluated but the path. */
export interface CompiledPath {
  /** Every value found, in document order. */
  all(object: unknown): unknown[];
  /** The values found as one cell of a table. */
  text(object: unknown): string;
  /** True when the path reads nothing outside metadata, so that metadata-only answers suffice. */
  readonly metadataOnly: boolean;
  /** A short upper-case heading: the last field name. */
  readonly heading: string;
}

/** Compiles `text` or throws `invalid_argument` with the position; `field` names the argument in that error. */
export function compilePath(field: string, text: string): CompiledPath {
  return compiled(parsePath(field, text));
}

/** A parsed path, ready to run. */
export function compiled(path: Path): CompiledPath {
  return {
    all: (object) => evaluatePath(path, object),
    text: (object) => evaluatePath(path, object).map(cellText).join(','),
    metadataOnly: isMetadataOnly(path),
    heading: headingOf(path),
  };
}

/** One value as a cell: scalars plain, the rest as JSON. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value);
}

/** `apiVersion` and `kind` are filled in on metadata-only answers too, but there they may be PartialObjectMetadata's own. */
export function isMetadataOnly(path: Path): boolean {
  const [first] = path.steps;
  return first?.type === 'field' && first.name === 'metadata';
}

function headingOf(path: Path): string {
  const last = path.steps.findLast((step) => step.type === 'field');
  return last?.type === 'field' ? last.name.toUpperCase() : 'VALUE';
}
