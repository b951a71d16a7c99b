/** How deep the objects of a custom kind are read. */
import type { KubeObject } from '../../../kernel/vocabulary.ts';
import type { Relation } from '../../types.ts';
import { PLATFORM_RELATIONS } from '../platform/index.ts';
import { schemaFactsOf } from './reference-rules.ts';

/** Above this an object is a document (a policy report, a vulnerability list): its metadata must do. */
export const MAX_OBJECT_BYTES = 64 * 1024;

/**
 * `object` where something beyond metadata is read: references, or a health. Kinds without either, and those whose objects have
 * `meanBytes` above 64 KiB while nothing refers by hand, are read as metadata.
 */
export function depthOf(
  crd: KubeObject,
  meanBytes = 0,
  written: readonly Relation[] = PLATFORM_RELATIONS,
): 'object' | 'metadata' {
  const facts = schemaFactsOf(crd);
  if (facts === undefined) return 'metadata';
  const byHand = written.some(
    ({ sources, fields }) => sources !== 'any' && fields.length > 0 && sources.includes(facts.kind),
  );
  if (byHand) return 'object';
  if (meanBytes > MAX_OBJECT_BYTES) return 'metadata';
  return facts.rules.length > 0 || facts.status ? 'object' : 'metadata';
}
