import { type AppError, toAppError, withTexts } from '../../kernel/errors.ts';
import { redactedCells } from '../../kernel/table-cells.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { CallScope, Transport } from '../transport/types.ts';
import type { KubeClient, KubeList, KubeTable } from '../types.ts';
import { createRawClient } from './raw-client.ts';

/** The part of a call's redactor that the client needs. */
export interface ObjectRedactor {
  object<T>(object: T): T;
  /** For logs. */
  clusterChunks(): { push(chunk: string): string; end(): string };
  /** For errors. */
  text(text: string): string;
}

/** The client of one call: raw JSON from the server with every object, cell, log line and error message redacted. */
export function createKubeClient(transport: Transport, scope: CallScope, redactor: ObjectRedactor): KubeClient {
  return redactingClient(createRawClient(transport, scope), redactor);
}

/** `raw` with redaction around it. */
export function redactingClient(raw: KubeClient, redactor: ObjectRedactor): KubeClient {
  const object = <T>(answer: Promise<T>): Promise<T> =>
    answer.then(
      (value) => redactor.object(value),
      (thrown) => Promise.reject(redactedError(thrown, redactor)),
    );
  const list = (answer: Promise<KubeList>): Promise<KubeList> =>
    answer.then(
      (value) => ({ ...value, items: value.items.map((item) => redactor.object(withoutManagedFields(item))) }),
      (thrown) => Promise.reject(redactedError(thrown, redactor)),
    );

  return {
    get: (...call) => object(raw.get(...call)),
    list: (...call) => list(raw.list(...call)),
    listMetadata: (...call) => list(raw.listMetadata(...call)),
    table: (...call) =>
      raw.table(...call).then(
        (table) => redactedTable(table, redactor),
        (thrown) => Promise.reject(redactedError(thrown, redactor)),
      ),
    create: (...call) => object(raw.create(...call)),
    update: (...call) => object(raw.update(...call)),
    patch: (...call) => object(raw.patch(...call)),
    delete: (...call) => object(raw.delete(...call)),
    logs: (...call) => redactedLogs(raw.logs(...call), redactor),
    getPath: (...call) => object(raw.getPath(...call)),
  };
}

/** A quarter of an object's bytes that no list shows: dropped before they cost the redactor time. */
function withoutManagedFields(item: KubeObject): KubeObject {
  if (item.metadata?.managedFields === undefined) return item;
  const { managedFields: _, ...metadata } = item.metadata;
  return { ...item, metadata };
}

function redactedTable(table: KubeTable, redactor: ObjectRedactor): KubeTable {
  const names = table.columns.map(({ name, field }) => field ?? name);
  const rows = table.rows.map((row) => ({
    ...row,
    cells: [...redactedCells(row.cells, names, (fields) => redactor.object(fields))],
  }));
  return { ...table, rows };
}

async function* redactedLogs(chunks: AsyncIterable<string>, redactor: ObjectRedactor): AsyncGenerator<string> {
  try {
    const redacted = redactor.clusterChunks();
    for await (const chunk of chunks) {
      const ready = redacted.push(chunk);
      if (ready !== '') yield ready;
    }
    const rest = redacted.end();
    if (rest !== '') yield rest;
  } catch (thrown) {
    throw redactedError(thrown, redactor);
  }
}

/** A server repeats what it was sent in its complaints, so that every text of an error is redacted too. */
function redactedError(thrown: unknown, redactor: ObjectRedactor): AppError {
  return withTexts(toAppError(thrown), (text) => redactor.text(text));
}
