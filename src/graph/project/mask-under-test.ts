/** Test support: an object as a wire with field masks may bring it. */
import type { KubeObject } from '../../kernel/vocabulary.ts';

type Tree = Map<string, Tree>;

/** Only apiVersion, kind, metadata without managedFields, and what `fields` name. A field that holds nothing of it goes, too, but members of lists stay. */
export function masked(object: KubeObject, fields: readonly string[]): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata ?? {};
  const { metadata: __, ...rest } = object;
  const kept = keep(rest, treeOf([...fields, 'apiVersion', 'kind']));
  return { ...(kept as KubeObject), metadata };
}

function treeOf(fields: readonly string[]): Tree {
  const root: Tree = new Map();
  for (const field of fields) {
    let tree = root;
    for (const step of field.split('.')) {
      const next = tree.get(step) ?? new Map();
      tree.set(step, next);
      tree = next;
    }
  }
  return root;
}

function keep(value: unknown, tree: Tree): unknown {
  if (tree.size === 0 || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((member) => keep(member, tree) ?? {});
  const kept = Object.entries(value)
    .filter(([key]) => tree.has(key))
    .map(([key, part]) => [key, keep(part, tree.get(key) ?? new Map())] as const)
    .filter(([, part]) => part !== undefined);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
