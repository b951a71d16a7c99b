import type { NodeId } from '../types.ts';
import type { Hit } from './types.ts';

/** Hits that are told together: reached from one branch, over one relation, of one kind, hurt alike. */
export interface Branch {
  hits: Hit[];
  children: Branch[];
}

/** The tree of an answer. `hits`: each after its parent. Parts that lead to nothing are left out unless `keepParts`. */
export function branchesOf(
  hits: readonly Hit[],
  { kindOf, keepParts }: { kindOf(id: NodeId): string; keepParts: boolean },
): Branch[] {
  const root: Branch = { hits: [], children: [] };
  const branchOf = new Map<Hit, Branch>();
  const byKey = new Map<Branch, Map<string, Branch>>();
  let last: { hit: Hit; above: Branch; kind: string; branch: Branch } | undefined;
  for (const hit of hits) {
    const above = (hit.parent && branchOf.get(hit.parent)) ?? root;
    const kind = kindOf(hit.id);
    // Those told together mostly come together.
    if (last === undefined || last.above !== above || last.kind !== kind || !isToldAlike(last.hit, hit)) {
      const key = [hit.why?.relation.id, hit.direction, kind, hit.effect, hit.part].join(' ');
      const siblings = byKey.get(above) ?? new Map<string, Branch>();
      byKey.set(above, siblings);
      const branch = siblings.get(key) ?? { hits: [], children: [] };
      if (branch.hits.length === 0) {
        siblings.set(key, branch);
        above.children.push(branch);
      }
      last = { hit, above, kind, branch };
    }
    last.branch.hits.push(hit);
    branchOf.set(hit, last.branch);
  }
  return keepParts ? root.children : withoutEmptyParts(root.children);
}

function isToldAlike(a: Hit, b: Hit): boolean {
  return (
    a.why?.relation === b.why?.relation && a.direction === b.direction && a.effect === b.effect && a.part === b.part
  );
}

function withoutEmptyParts(branches: readonly Branch[]): Branch[] {
  return branches.flatMap((branch) => {
    const children = withoutEmptyParts(branch.children);
    const isPart = branch.hits.every(({ part }) => part === true);
    return isPart && children.length === 0 ? [] : [{ ...branch, children }];
  });
}
