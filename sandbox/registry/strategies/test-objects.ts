/** Short ways to put objects through a strategy in tests. */
import type { KubeObject } from '../../types.ts';
import { STRATEGIES } from './index.ts';

/** What a create makes of `object`: defaults, then the creator's limits. */
export function created(resource: string, object: Record<string, unknown>): KubeObject {
  const copy = structuredClone(object) as KubeObject;
  copy.metadata.uid ??= 'uid-1';
  const strategy = STRATEGIES[resource];
  strategy?.defaults?.(copy);
  strategy?.prepareCreate?.(copy);
  return copy;
}

const lines = (errors: readonly { field: string; message: string }[]) =>
  errors.map(({ field, message }) => `${field}: ${message}`);

/** The findings of a create, one line each. */
export function createFindings(resource: string, object: Record<string, unknown>): string[] {
  return lines(STRATEGIES[resource]?.validate?.(created(resource, object)) ?? []);
}

/** The findings of an update that changes `object` by `change`. */
export function updateFindings(
  resource: string,
  object: Record<string, unknown>,
  change: (now: Record<string, never>) => void,
): string[] {
  const old = created(resource, object);
  const now = structuredClone(old);
  change(now as unknown as Record<string, never>);
  const strategy = STRATEGIES[resource];
  strategy?.defaults?.(now);
  strategy?.prepareUpdate?.(now, old);
  return lines([...(strategy?.validate?.(now) ?? []), ...(strategy?.validateUpdate?.(now, old) ?? [])]);
}
