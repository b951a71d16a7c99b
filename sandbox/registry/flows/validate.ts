/** All checks of an object before it is stored; everything wrong is told at once. */
import { type FieldError, invalid } from '../../api/failure.ts';
import type { KubeObject, ResourceId, ResourceInfo } from '../../types.ts';
import { schemaErrors } from '../body/fields.ts';
import {
  type MetadataRules,
  validateAnyMetadata,
  validateMetadata,
  validateMetadataUpdate,
} from '../metadata/validate.ts';
import { type Parts, strategyOf } from '../parts.ts';
import { hasOwnRules, subresourceErrors } from '../subresources/checks.ts';
import { scaleErrors } from '../subresources/scale-paths.ts';
import type { WriteContext } from '../types.ts';
import { onlyStatusDiffers } from './inside.ts';

/** Groups of the extension server and the aggregator, which check metadata by the common rules only. */
const SERVED_ELSEWHERE: ReadonlySet<string> = new Set(['apiextensions.k8s.io', 'apiregistration.k8s.io']);

function rulesOf(parts: Parts, resource: ResourceInfo): MetadataRules {
  return {
    namespaced: resource.namespaced,
    nameRule: strategyOf(parts, resource).nameRule ?? 'subdomain',
    standardFinalizers: resource.origin === 'builtin' && !SERVED_ELSEWHERE.has(resource.group),
  };
}

export function validateNew(parts: Parts, resource: ResourceInfo, object: KubeObject, context: WriteContext): void {
  const strategy = strategyOf(parts, resource);
  const errors: FieldError[] = [
    ...validateMetadata(object.metadata, rulesOf(parts, resource)),
    ...schemaErrors(resource, object),
    ...scaleErrors(parts, resource, object),
    ...(strategy.validate?.(object) ?? []),
  ];
  if (errors.length > 0) throw invalid(resource, object.metadata.name ?? '', errors);
  for (const text of strategy.warnings?.(object) ?? []) context.warn(text);
}

/** Kinds that check an update like a new object, metadata and all. */
const LOOKS_TWICE: ReadonlySet<ResourceId> = new Set([
  'configmaps',
  'endpoints',
  'persistentvolumes',
  'pods',
  'secrets',
  'services',
]);

/** Metadata is looked at by the server and again by the kind, as in the real one: the causes show both. */
export function validateChanged(
  parts: Parts,
  resource: ResourceInfo,
  object: KubeObject,
  old: KubeObject,
  subresource: string,
  context: WriteContext,
): void {
  const { metadata } = object;
  if (context.inside === true && subresource === 'status' && onlyStatusDiffers(object, old)) {
    const errors = subresourceErrors(subresource, object, old);
    if (errors.length > 0) throw invalid(resource, metadata.name, errors);
    return;
  }
  const strategy = strategyOf(parts, resource);
  const rules = rulesOf(parts, resource);
  const errors: FieldError[] = [
    ...validateAnyMetadata(metadata, rules),
    ...validateMetadataUpdate(metadata, old.metadata, { standardFinalizers: false }),
    ...validateMetadataUpdate(metadata, old.metadata, rules),
    ...(LOOKS_TWICE.has(resource.id) ? validateMetadata(metadata, rules) : []),
    ...schemaErrors(resource, object),
    ...scaleErrors(parts, resource, object),
    ...(strategy.validate?.(object) ?? []),
    ...subresourceErrors(subresource, object, old),
    ...(hasOwnRules(subresource) ? [] : (strategy.validateUpdate?.(object, old) ?? [])),
  ];
  if (errors.length > 0) throw invalid(resource, metadata.name, errors);
  for (const text of strategy.warnings?.(object) ?? []) context.warn(text);
}
