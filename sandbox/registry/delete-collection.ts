/** DELETE of a collection: one after the other, as listed. */
import { ApiFailure } from '../api/failure.ts';
import type { KubeObject } from '../types.ts';
import type { DeleteOptions, Registry, Target, WriteContext } from './types.ts';

/** `items`: what a list of the collection gave. What is gone meanwhile is no failure; the first other failure ends it. */
export function deleteCollection(
  registry: Registry,
  target: Omit<Target, 'name'>,
  items: Iterable<KubeObject>,
  options: DeleteOptions,
  context: WriteContext,
): void {
  for (const { metadata } of items) {
    try {
      registry.delete({ ...target, namespace: metadata.namespace ?? '', name: metadata.name }, options, context);
    } catch (error) {
      if (!(error instanceof ApiFailure) || error.status.code !== 404) throw error;
    }
  }
}
