import { setImmediate } from 'node:timers/promises';
import { AppError } from '../../kernel/errors.ts';
import { redactedCells } from '../../kernel/table-cells.ts';
import { decodeUtf8 } from '../redaction/fingerprint.ts';
import type { CallRedactor } from '../redaction/redactor.ts';
import { isBounded } from './bounded.ts';
import { isFields } from './fields.ts';
import { parseExact } from './json.ts';
import { hasPlainNames } from './plain-names.ts';
import { columnNames, filteredMetadata } from './table.ts';
import type { MayShow } from './visible.ts';

/** What happens to an answer on its way to a child. */
export interface TransitRules {
  redactor: Pick<CallRedactor, 'object' | 'echoed' | 'again' | 'remembered'>;
  /** True for the answer to a write: it may repeat what the caller wrote. */
  echoes: boolean;
  /** The kind of the objects that do not say theirs. */
  kind: string | undefined;
  mayShow: MayShow | undefined;
  /** Objects that pass as they are: they are looked through all the same, so that what is in them is known. */
  exempt: ((object: unknown) => boolean) | undefined;
  /** What passes in place of an exempt object. */
  exemptAs?: ((object: unknown) => unknown) | undefined;
  /** True where nobody will see what is in them: they are not even looked through. */
  exemptUnread?: boolean;
  /** A text of a Status, which may repeat anything. */
  statusText(text: string): string;
  /** What stands for a continue token, which names the object after it, and that may be a hidden one. */
  continueToken(token: string): string;
}

/** Work at a stretch before others get their turn, ms. */
const SLICE_MS = 8;

/** The bytes of an answer in JSON as they may pass: the same bytes where nothing was hidden. Throws `cluster_bad_answer` for what cannot be read. */
export async function transitBytes(bytes: Uint8Array, rules: TransitRules): Promise<Uint8Array> {
  const text = decodeUtf8(bytes);
  if (text === undefined) throw unreadable('is not UTF-8');
  if (text.trim() === '') return bytes;
  let answer: unknown;
  try {
    answer = parseExact(text);
  } catch {
    throw unreadable('is not JSON');
  }
  const clean = await transitDocument(answer, rules);
  // Of Secrets the child gets what was looked at: it may read a repeated key in another way than we do.
  if (clean === answer && rules.kind !== 'Secret') return bytes;
  return Buffer.from(`${JSON.stringify(clean)}${text.endsWith('\n') ? '\n' : ''}`);
}

/** A parsed answer as it may pass; the same object where nothing was hidden. */
export async function transitDocument(answer: unknown, rules: TransitRules): Promise<unknown> {
  if (!isFields(answer)) throw unreadable('is not an object');
  if (isStatus(answer)) {
    refuseHuge(answer);
    return withTexts(answer, rules.statusText, 0);
  }
  if (isTable(answer)) return transitTable(answer, rules);
  if (Array.isArray(answer['items'])) return transitList(answer, answer['items'], rules);
  if (rules.mayShow === undefined) return transitObject(answer, rules, rules.kind);
  // Go writes an empty list as null.
  if (answer['items'] === null) return answer;
  throw unreadable('is no list, where some of what it lists may have to be hidden');
}

/** One object, redacted. */
export function transitObject(object: unknown, rules: TransitRules, kind: string | undefined): unknown {
  const { redactor, echoes, exempt, exemptUnread, exemptAs } = rules;
  const passes = exempt?.(object) === true;
  if (passes && exemptUnread === true) return object;
  refuseHuge(object);
  if (!hasPlainNames(object)) throw unreadable('names an object as no API server does');
  const redact = <T>(value: T): T => (echoes ? redactor.echoed(value, kind) : redactor.object(value, kind));
  const clean = rules.kind === 'Secret' ? asSecret(object, redact) : redact(object);
  if (!passes) return clean;
  return exemptAs === undefined ? object : exemptAs(object);
}

function refuseHuge(object: unknown): void {
  if (!isBounded(object)) throw unreadable('holds an object of more strings than any real one has');
}

/**
 * What was asked for as a Secret is read as one by the child, whatever it says it is. A cluster of a caller's could say so of
 * kubeconfigs, which istioctl runs programs from.
 */
function asSecret(object: unknown, redact: <T>(value: T) => T): unknown {
  if (!isFields(object) || object['kind'] === undefined || object['kind'] === 'Secret') return redact(object);
  const secret = { ...object, kind: 'Secret' };
  const clean = redact(secret);
  return clean === secret ? object : { ...clean, kind: object['kind'] };
}

function isStatus({ kind, apiVersion }: Record<string, unknown>): boolean {
  return kind === 'Status' && apiVersion === 'v1';
}

/** Go writes no rows as null. */
export function isTable({ kind, rows }: Record<string, unknown>): boolean {
  return kind === 'Table' && (Array.isArray(rows) || rows === null || rows === undefined);
}

async function transitList(
  list: Record<string, unknown>,
  items: readonly unknown[],
  rules: TransitRules,
): Promise<unknown> {
  const { mayShow } = rules;
  const named = typeof list['kind'] === 'string' ? /^(.+)List$/.exec(list['kind'])?.[1] : undefined;
  const shown = mayShow ? kept(items, (item) => isFields(item) && mayShow(item['metadata'])) : items;
  const kind = rules.kind === 'Secret' ? rules.kind : (named ?? rules.kind);
  const clean = await eachOf(shown, rules, (item) => transitObject(item, rules, kind));
  const rest = transitRest(list, 'items', rules);
  return clean === items && rest === list ? list : { ...rest, items: clean };
}

async function transitTable(table: Record<string, unknown>, rules: TransitRules): Promise<unknown> {
  const { columnDefinitions } = table;
  const rows = Array.isArray(table['rows']) ? table['rows'] : [];
  const clean = await transitRows(rows, columnNames(columnDefinitions), rules);
  const rest = transitRest(table, 'rows', rules);
  return clean === rows && rest === table ? table : { ...rest, rows: clean };
}

/** The rows of a Table that may be shown, redacted. */
export async function transitRows(
  rows: readonly unknown[],
  columns: readonly string[],
  rules: TransitRules,
): Promise<readonly unknown[]> {
  const { mayShow, redactor, echoes } = rules;
  const object = <T>(value: T): T => (echoes ? redactor.echoed(value) : redactor.object(value));
  const shown = mayShow ? kept(rows, (row) => mayShow(metadataOfRow(row))) : rows;
  return eachOf(shown, rules, (row) => {
    refuseHuge(row);
    if (!isFields(row)) return object(row);
    const { cells, object: whole, ...rest } = row;
    const cleanCells = Array.isArray(cells) ? redactedCells(cells, columns, object) : object(cells);
    const cleanWhole = transitObject(whole, rules, rules.kind);
    const cleanRest = object(rest);
    if (cleanCells === cells && cleanWhole === whole && cleanRest === rest) return row;
    return { ...row, ...cleanRest, cells: cleanCells, ...(whole === undefined ? {} : { object: cleanWhole }) };
  });
}

/** The same array where all of it is kept. */
function kept(items: readonly unknown[], keeps: (item: unknown) => boolean): readonly unknown[] {
  const some = items.filter(keeps);
  return some.length === items.length ? items : some;
}

function metadataOfRow(row: unknown): unknown {
  return isFields(row) && isFields(row['object']) ? row['object']['metadata'] : undefined;
}

/** All of a list but its items: small, and the server's own words. */
function transitRest(list: Record<string, unknown>, items: string, rules: TransitRules): Record<string, unknown> {
  const { [items]: _, ...rest } = list;
  refuseHuge(rest);
  const clean = rules.redactor.object(rest);
  const { metadata } = clean;
  const filtered = rules.mayShow ? filteredMetadata(metadata, rules.continueToken) : metadata;
  return clean === rest && filtered === metadata ? list : { ...list, ...clean, metadata: filtered };
}

/**
 * `work` on each item, in slices. What an item shows to be a secret may stand in an earlier item too: those are looked at again.
 * The same array where nothing changed and none was left out.
 */
async function eachOf(
  items: readonly unknown[],
  { redactor, exempt }: TransitRules,
  work: (item: unknown) => unknown,
): Promise<readonly unknown[]> {
  const clean: unknown[] = [];
  let changed = false;
  let lastGrowth = 0;
  let since = performance.now();
  const pause = async (): Promise<void> => {
    if (performance.now() - since < SLICE_MS) return;
    await setImmediate();
    since = performance.now();
  };
  for (const item of items) {
    const known = redactor.remembered();
    const done = work(item);
    if (redactor.remembered() > known) lastGrowth = clean.length;
    changed ||= done !== item;
    clean.push(done);
    await pause();
  }
  for (let at = 0; at < lastGrowth; at++) {
    const again = exempt?.(items[at]) === true ? clean[at] : redactor.again(clean[at]);
    changed ||= again !== clean[at];
    clean[at] = again;
    await pause();
  }
  return changed ? clean : items;
}

/** Every string of a Status through `change`, keys and all else as they are. */
function withTexts(value: unknown, change: (text: string) => string, depth: number): unknown {
  if (typeof value === 'string') return change(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 20) return null;
  let changed = false;
  const visit = (item: unknown) => {
    const clean = withTexts(item, change, depth + 1);
    changed ||= clean !== item;
    return clean;
  };
  if (Array.isArray(value)) {
    const items = value.map(visit);
    return changed ? items : value;
  }
  const entries = Object.entries(value).map(([key, item]) => [key, visit(item)]);
  return changed ? Object.fromEntries(entries) : value;
}

export function unreadable(problem: string): AppError {
  return new AppError('cluster_bad_answer', `An answer of the cluster ${problem}, so that it cannot be judged.`, {
    remedy: 'Ask for it in another way; what cannot be read is never passed on.',
  });
}
