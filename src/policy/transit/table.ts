import { fieldShown } from '../../kernel/table-cells.ts';
import { isFields } from './fields.ts';

/** What each column of a Table shows, for redaction: its field where the server says it, else its name. */
export function columnNames(definitions: unknown): string[] {
  if (!Array.isArray(definitions)) return [];
  return definitions.map((definition) => {
    if (!isFields(definition)) return '';
    const { name, description } = definition;
    const field = typeof description === 'string' ? fieldShown(description) : undefined;
    return field ?? (typeof name === 'string' ? name : '');
  });
}

/** A list's metadata where some of it was left out: without the count of the rest, and without naming where the next page begins. */
export function filteredMetadata(metadata: unknown, continueToken: (token: string) => string): unknown {
  if (!isFields(metadata)) return metadata;
  const { remainingItemCount, continue: token } = metadata;
  if (remainingItemCount === undefined && (token === undefined || token === '')) return metadata;
  const { remainingItemCount: _, ...rest } = metadata;
  return typeof token === 'string' && token !== '' ? { ...rest, continue: continueToken(token) } : rest;
}
