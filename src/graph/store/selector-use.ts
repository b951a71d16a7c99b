import type { Selector } from '../types.ts';
import { selects } from './selector-match.ts';

/** One way of being selected: of several references with one why, any may hold. */
export interface SelectorScope {
  /** undefined: all, or those that `namespaces` selects. */
  readonly namespace: string | undefined;
  readonly namespaces: Selector | undefined;
  readonly selector: Selector;
}

/** What one object selects for one reason among the nodes of one kind. */
export interface SelectorUse {
  readonly owner: number;
  readonly why: number;
  readonly inverse: boolean;
  readonly kind: string;
  readonly scopes: readonly SelectorScope[];
  /** Not linked to groups: evaluated when somebody asks. */
  virtual: boolean;
  /** Groups linked. */
  links: number;
  /** What it selected when last counted, and at which version of the kind's groups. */
  pairs: number;
  countedAt: number;
  /** The last search that met it, so that no search takes it twice. */
  seen: number;
}

/** Selects all there is in its scope. */
export function selectsAll(use: SelectorUse): boolean {
  return use.scopes.length === 1 && use.scopes[0]?.selector.length === 0 && !readsNamespaces(use);
}

/** The namespace that all its scopes lie in; undefined where they do not. */
export function onlyNamespace(use: SelectorUse): string | undefined {
  const first = use.scopes[0]?.namespace;
  return use.scopes.every((scope) => scope.namespace === first) ? first : undefined;
}

export function readsNamespaces(use: SelectorUse): boolean {
  return use.scopes.some((scope) => scope.namespaces !== undefined && scope.namespaces.length > 0);
}

type Labels = Readonly<Record<string, string>>;

/** Whether it selects nodes with these labels in this namespace. */
export function usesSelect(
  use: SelectorUse,
  namespace: string,
  labels: Labels,
  labelsOf: (namespace: string) => Labels,
): boolean {
  for (const scope of use.scopes) {
    if (scope.namespace !== undefined && scope.namespace !== namespace) continue;
    if (!selects(scope.selector, labels)) continue;
    if (scope.namespaces === undefined || scope.namespaces.length === 0) return true;
    if (namespace !== '' && selects(scope.namespaces, labelsOf(namespace))) return true;
  }
  return false;
}
