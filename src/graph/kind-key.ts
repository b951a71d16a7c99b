/** How the graph names kinds: `Pod`, `Deployment.apps`. */
import type { KindKey } from './types.ts';

export function kindKeyOf(group: string, kind: string): KindKey {
  return group === '' ? kind : `${kind}.${group}`;
}

/** `apps/v1` -> `apps`, `v1` -> ''. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** As objects name others: apiVersion and kind. */
export function kindKeyOfApiVersion(apiVersion: string, kind: string): KindKey {
  return kindKeyOf(groupOf(apiVersion), kind);
}

/** The way back. Kinds hold no dots. */
export function splitKindKey(key: KindKey): { group: string; kind: string } {
  const dot = key.indexOf('.');
  return dot < 0 ? { group: '', kind: key } : { group: key.slice(dot + 1), kind: key.slice(0, dot) };
}

/** `~Image`, `~Host`: nothing that the API serves. */
export function isOutside(key: KindKey): boolean {
  return key.startsWith('~');
}
