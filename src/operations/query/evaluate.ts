import { AppError } from '../../kernel/errors.ts';
import type { Expression, Operand, Path, Step } from './ast.ts';
import { compareValues, equalValues, isAmount, parseTimestamp } from './values.ts';

/** Values visited for one object before an expression is refused: `..` over a 3 MB object stays far below it. */
const MAX_VISITS = 500_000;
/** Deepest level that `..` looks at; JSON of the API server is far flatter. */
const MAX_DESCENT = 100;

interface Work {
  root: unknown;
  /** Wall clock, ms, for age(). */
  now: number;
  visits: number;
}

/** All values that `path` finds in `object`, in document order. */
export function evaluatePath(path: Path, object: unknown, now = 0): unknown[] {
  return walk(path, { root: object, now, visits: 0 }, object);
}

/** Whether `object` satisfies the expression. */
export function evaluateWhere(expression: Expression, object: unknown, now: number): boolean {
  return holds(expression, { root: object, now, visits: 0 }, object);
}

function visit(work: Work, count = 1): void {
  work.visits += count;
  if (work.visits > MAX_VISITS) {
    throw new AppError('invalid_argument', `An expression looked at more than ${MAX_VISITS} values of one object.`, {
      remedy: 'Name the fields instead of using ".." or nested filters.',
    });
  }
}

function walk(path: Path, work: Work, item: unknown): unknown[] {
  let found: unknown[] = [path.root === 'item' ? item : work.root];
  for (const step of path.steps) {
    const next: unknown[] = [];
    for (const value of found) take(step, value, work, next);
    found = next;
    if (found.length === 0) break;
  }
  return found;
}

function take(step: Step, value: unknown, work: Work, out: unknown[]): void {
  visit(work);
  switch (step.type) {
    case 'field':
      pushMember(step.name, value, out);
      return;
    case 'index':
      pushMember(step.index, value, out);
      return;
    case 'union':
      visit(work, step.members.length);
      for (const member of step.members) pushMember(member, value, out);
      return;
    case 'slice':
      if (Array.isArray(value)) pushSlice(step, value, work, out);
      return;
    case 'wildcard':
      for (const child of children(value)) {
        visit(work);
        out.push(child);
      }
      return;
    case 'descend':
      descend(value, work, out, 0);
      return;
    case 'filter':
      for (const child of Array.isArray(value) ? value : [value]) if (holds(step.test, work, child)) out.push(child);
  }
}

function pushMember(member: string | number, value: unknown, out: unknown[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (typeof member === 'number') {
    const found: unknown = Array.isArray(value) ? value.at(member) : undefined;
    if (found !== undefined) out.push(found);
  } else if (!Array.isArray(value) && Object.hasOwn(value, member)) {
    out.push((value as Record<string, unknown>)[member]);
  }
}

function pushSlice(step: Extract<Step, { type: 'slice' }>, value: unknown[], work: Work, out: unknown[]): void {
  const part = value.slice(step.from ?? 0, step.to);
  for (let i = 0; i < part.length; i += step.by) {
    visit(work);
    out.push(part[i]);
  }
}

function children(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

function descend(value: unknown, work: Work, out: unknown[], depth: number): void {
  visit(work);
  out.push(value);
  if (depth >= MAX_DESCENT) return;
  for (const child of children(value))
    if (typeof child === 'object' && child !== null) descend(child, work, out, depth + 1);
}

function holds(e: Expression, work: Work, item: unknown): boolean {
  visit(work);
  switch (e.type) {
    case 'or':
      return e.terms.some((term) => holds(term, work, item));
    case 'and':
      return e.terms.every((term) => holds(term, work, item));
    case 'not':
      return !holds(e.term, work, item);
    case 'truthy':
      return truthy(e.operand, work, item);
    case 'match': {
      const matched = resolve(e.left, work, item).some((v) => isText(v) && e.pattern.matcher(String(v)).find());
      return matched !== e.negated;
    }
    case 'in': {
      const wanted = e.values.flatMap((v) => resolve(v, work, item));
      return resolve(e.left, work, item).some((v) => wanted.some((w) => same(v, w, work))) !== e.negated;
    }
    case 'compare':
      return compare(e, work, item);
  }
}

const isText = (value: unknown) => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

function same(a: unknown, b: unknown, work: Work): boolean {
  visit(work);
  return equalValues(a, b);
}

/** True when any value on the left stands so to any on the right; `!=` is the opposite of `==`. A missing value equals null only. */
function compare(e: Extract<Expression, { type: 'compare' }>, work: Work, item: unknown): boolean {
  const [left, right] = [resolve(e.left, work, item), resolve(e.right, work, item)];
  if (e.op === '==' || e.op === '!=') {
    const [lefts, rights] = [orNull(left), orNull(right)];
    return lefts.some((a) => rights.some((b) => same(a, b, work))) === (e.op === '==');
  }
  return left.some((a) =>
    right.some((b) => {
      visit(work);
      const order = compareValues(a, b);
      if (order === undefined) return false;
      if (e.op === '<') return order < 0;
      if (e.op === '<=') return order <= 0;
      return e.op === '>' ? order > 0 : order >= 0;
    }),
  );
}

const orNull = (found: unknown[]) => (found.length === 0 ? [null] : found);

/** A path holds when it finds anything but null, false and the empty string. */
function truthy(operand: Operand, work: Work, item: unknown): boolean {
  return resolve(operand, work, item).some(
    (v) => v !== null && v !== false && v !== '' && !(isAmount(v) && v.quantity === 0),
  );
}

function resolve(operand: Operand, work: Work, item: unknown): unknown[] {
  if (operand.type === 'literal') return [operand.value];
  const found = walk(operand.path, work, item);
  if (operand.type === 'path') return found;
  switch (operand.name) {
    case 'exists':
      return [found.some((v) => v !== null)];
    case 'len':
      return [{ quantity: lengthOf(found), duration: undefined }];
    case 'age':
      return found.flatMap((v) => {
        const at = parseTimestamp(v);
        return at === undefined ? [] : [{ quantity: undefined, duration: (work.now - at) / 1000 }];
      });
  }
}

/** The length of the one list, object or text found; else how many values were found. */
function lengthOf(found: unknown[]): number {
  const [only] = found;
  if (found.length !== 1) return found.length;
  if (typeof only === 'string') return only.length;
  return typeof only === 'object' && only !== null ? children(only).length : 1;
}
