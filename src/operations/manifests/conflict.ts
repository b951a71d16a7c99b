import { AppError } from '../../kernel/errors.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { items, text } from '../query/read.ts';

/** Who wrote the object last, from its managedFields: `kubectl-edit (Update, 2026-01-02T03:04:05Z)`. */
export function lastWriter(object: KubeObject): string | undefined {
  let latest: unknown;
  for (const entry of items(object, 'metadata', 'managedFields')) {
    if (text(entry, 'subresource') === 'status') continue;
    if (latest === undefined || text(entry, 'time') >= text(latest, 'time')) latest = entry;
  }
  const manager = text(latest, 'manager');
  if (manager === '') return undefined;
  return `${manager} (${[text(latest, 'operation'), text(latest, 'time')].filter((part) => part !== '').join(', ')})`;
}

/** A conflict of an update with who wrote in between; any other error as it is. */
export async function explainConflict(
  error: unknown,
  label: string,
  readLive: () => Promise<KubeObject>,
): Promise<unknown> {
  if (!(error instanceof AppError) || error.code !== 'conflict') return error;
  const writer = await readLive().then(lastWriter, () => undefined);
  const by = writer === undefined ? '' : ` Last written by ${writer}.`;
  return new AppError('conflict', `${label} was changed by someone else in the meantime.${by}`, {
    remedy:
      'Read it again with get_resource, repeat your change on what it is now, and leave resourceVersion out or take the new one.',
    cause: error,
  });
}
