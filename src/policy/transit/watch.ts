import { AppError } from '../../kernel/errors.ts';
import { decodeUtf8 } from '../redaction/fingerprint.ts';
import { isTable, type TransitRules, transitDocument, transitObject, transitRows, unreadable } from './answer.ts';
import { isFields } from './fields.ts';
import { parseExact } from './json.ts';
import { columnNames } from './table.ts';

/** Bytes of one event. An object is at most 3 MiB as it is stored, and JSON of it with its managed fields a few times that. */
const MAX_EVENT = 16 * 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * The events of a watch as they may pass, each on its line; the same bytes where nothing was hidden in them. An event that
 * cannot be read ends the stream with an event that says so: it is never passed on, and never left out in silence.
 */
export async function* transitWatch(
  chunks: AsyncIterable<Uint8Array>,
  rules: TransitRules,
  maxEvent = MAX_EVENT,
): AsyncGenerator<Uint8Array> {
  const transit = createEventTransit(rules);
  try {
    for await (const line of lines(chunks, maxEvent)) {
      const ready = await transit(line);
      if (ready !== undefined) yield ready;
    }
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'cluster_bad_answer') throw thrown;
    yield errorEvent(thrown.message);
  }
}

/** Whole lines with their ends; the last one may have none. */
async function* lines(chunks: AsyncIterable<Uint8Array>, max: number): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      const rest = chunk.subarray(from, end + 1);
      if (length + rest.length > max) throw tooLong(max);
      yield held.length === 0 ? rest : Buffer.concat([...held, rest]);
      held = [];
      length = 0;
      from = end + 1;
    }
    if (from === chunk.length) continue;
    held.push(chunk.subarray(from));
    length += chunk.length - from;
    if (length > max) throw tooLong(max);
  }
  if (length > 0) yield Buffer.concat(held);
}

function tooLong(max: number): AppError {
  return unreadable(`holds a watch event of more than ${max} bytes`);
}

/** One event at a time. A Table's columns come with the first event only: they are kept, and go on with the first that passes. */
function createEventTransit(rules: TransitRules): (line: Uint8Array) => Promise<Uint8Array | undefined> {
  let columns: string[] = [];
  let definitions: unknown;

  const table = async (object: Record<string, unknown>): Promise<Record<string, unknown> | undefined> => {
    const given = object['columnDefinitions'];
    if (Array.isArray(given) && given.length > 0) {
      columns = columnNames(given);
      definitions = given;
    }
    const rows = Array.isArray(object['rows']) ? object['rows'] : [];
    const clean = await transitRows(rows, columns, rules);
    if (clean.length < rows.length && clean.length === 0) return undefined;
    const { rows: _, ...rest } = object;
    const cleanRest = rules.redactor.object(rest);
    const late = definitions !== undefined && definitions !== given ? { columnDefinitions: definitions } : {};
    definitions = undefined;
    if (clean === rows && cleanRest === rest && late.columnDefinitions === undefined) return object;
    return { ...object, ...cleanRest, ...late, rows: clean };
  };

  const visible = async (object: unknown): Promise<unknown> => {
    if (!isFields(object)) throw unreadable('holds a watch event without an object');
    if (isTable(object)) return table(object);
    if (rules.mayShow?.(object['metadata']) === false) return undefined;
    return transitObject(object, rules, rules.kind);
  };

  return async (line) => {
    const text = decodeUtf8(line);
    if (text === undefined) throw unreadable('holds a watch event that is not UTF-8');
    if (text.trim() === '') return line;
    const event = parsedEvent(text);
    const { type, object } = event;
    const clean =
      type === 'ERROR'
        ? await transitDocument(object, { ...rules, mayShow: undefined })
        : type === 'BOOKMARK'
          ? bookmark(object, rules)
          : await visible(object);
    if (clean === undefined) return undefined;
    return clean === object ? line : Buffer.from(`${JSON.stringify({ ...event, object: clean })}\n`);
  };
}

/** It names no object: only how far the watch has come. */
function bookmark(object: unknown, { mayShow, redactor }: TransitRules): unknown {
  const rows = isFields(object) && Array.isArray(object['rows']) ? object['rows'] : [{ object }];
  const named = rows.some((row) => {
    const metadata = isFields(row) && isFields(row['object']) ? row['object']['metadata'] : undefined;
    return !isFields(metadata) || metadata['name'] || metadata['namespace'];
  });
  if (named && mayShow !== undefined) throw unreadable('holds a bookmark that names an object');
  return redactor.object(object);
}

const EVENTS: ReadonlySet<unknown> = new Set(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']);

function parsedEvent(text: string): Record<string, unknown> {
  try {
    const event = parseExact(text);
    if (isFields(event) && EVENTS.has(event['type'])) return event;
  } catch {
    // Said below, without the text.
  }
  throw unreadable('holds a watch event that is none');
}

function errorEvent(message: string): Uint8Array {
  const object = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, code: 502 };
  return Buffer.from(`${JSON.stringify({ type: 'ERROR', object })}\n`);
}
