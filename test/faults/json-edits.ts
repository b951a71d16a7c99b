/** Changes of JSON documents by paths. */
import type { Edit, Path } from './plan.ts';

/** What the edits of lists need to know of the pages around. */
export interface PageFacts {
  /** The token that the request continued from; '' on a first page. */
  readonly token: string;
  /** The last item of the page before. */
  readonly lastItem: unknown;
}

/** Changes `document` in place. */
export function applyEdits(document: unknown, edits: readonly Edit[], page?: PageFacts): void {
  for (const edit of edits) applyEdit(document, edit, page);
}

function applyEdit(document: unknown, edit: Edit, page: PageFacts | undefined): void {
  switch (edit.edit) {
    case 'set':
      change(document, edit.path, true, () => structuredClone(edit.to));
      break;
    case 'remove':
      change(document, edit.path, false, () => REMOVED);
      break;
    case 'lower':
      change(document, edit.path, false, (value) => lowered(value, edit.by));
      break;
    case 'pad':
      change(document, edit.path, true, () => 'x'.repeat(edit.bytes));
      break;
    case 'empty-page':
      if (page === undefined || page.token === '') break;
      change(document, ['items'], true, () => []);
      change(document, ['metadata', 'continue'], true, () => page.token);
      break;
    case 'repeat-item': {
      const items = field(document, 'items');
      if (page?.lastItem !== undefined && Array.isArray(items)) items.unshift(page.lastItem);
    }
  }
}

const REMOVED = Symbol('removed');

function lowered(value: unknown, by: number): unknown {
  if (typeof value === 'number') return value - by;
  return typeof value === 'string' && /^\d+$/.test(value) ? String(BigInt(value) - BigInt(by)) : value;
}

type Holder = Record<string | number, unknown>;

/** `create`: objects on the way that are not there are made. */
function change(at: unknown, path: Path, create: boolean, to: (value: unknown) => unknown): void {
  const [step, ...rest] = path;
  if (step === undefined || typeof at !== 'object' || at === null) return;
  // Objects and arrays of parsed JSON: their keys are what is looked at.
  const holder = at as Holder;
  // From the last on: removing an element moves those behind it.
  for (const key of keysOf(holder, step).toReversed()) {
    if (rest.length > 0) {
      if (create && holder[key] === undefined) holder[key] = {};
      change(holder[key], rest, create, to);
      continue;
    }
    if (!create && !(key in holder)) continue;
    const value = to(holder[key]);
    if (value === REMOVED) remove(at, key);
    else holder[key] = value;
  }
}

function remove(from: object, key: string | number): void {
  if (Array.isArray(from)) from.splice(Number(key), 1);
  else delete (from as Holder)[key];
}

function keysOf(holder: Holder, step: Path[number]): readonly (string | number)[] {
  if (step === '*') return Object.keys(holder);
  if (typeof step !== 'object') return [step];
  return Object.keys(holder).filter((key) => dotted(holder[key], step.where) === step.is);
}

function dotted(value: unknown, path: string): unknown {
  return path.split('.').reduce(field, value);
}

/** A field of parsed JSON, undefined where there is none. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Holder)[name] : undefined;
}
