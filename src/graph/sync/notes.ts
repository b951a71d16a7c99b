/** What a reader is to know of where a graph looks, besides its kinds. */
import type { KindSync } from './kind-sync.ts';
import type { SyncScope } from './types.ts';

/** The namespaces that alone are read; undefined: all. */
export function namespacesRead(scope: SyncScope, kinds: readonly KindSync[]): readonly string[] | undefined {
  if (scope.allowedNamespaces !== undefined) {
    return scope.allowedNamespaces.filter((namespace) => !scope.forbiddenNamespaces.has(namespace));
  }
  const found = new Set(kinds.flatMap((kind) => kind.namespaces() ?? []));
  return found.size === 0 ? undefined : [...found].sort();
}

export interface Notable {
  scope: SyncScope;
  /** Namespaces that are read one by one, and those that were too many for it. */
  namespacesLeftOut: number;
  /** Kinds dropped for memory. */
  dropped: number;
}

/** That something is hidden, and not what. */
export function hiddenNotes({ allowedNamespaces, forbiddenNamespaces }: SyncScope): readonly string[] {
  return allowedNamespaces === undefined && forbiddenNamespaces.size > 0
    ? ['The namespaces forbidden here are left out.']
    : [];
}

export function notesOf({ scope, namespacesLeftOut, dropped }: Notable): readonly string[] {
  return [
    ...hiddenNotes(scope),
    ...(namespacesLeftOut > 0
      ? [`Only single namespaces may be read, and ${namespacesLeftOut} more than are read here exist.`]
      : []),
    ...(dropped > 0
      ? [`${dropped} kinds were dropped for memory (GRAPH_MEMORY_LIMIT); raise it to have them back.`]
      : []),
  ];
}
