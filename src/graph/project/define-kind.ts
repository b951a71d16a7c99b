import type { GraphNode, KindProjection } from '../types.ts';

/** A kind of the graph. Its own facts are read back with `of`. */
export function defineKind<Facts>(definition: Omit<KindProjection<Facts>, 'of'>): KindProjection<Facts> {
  return { ...definition, of: (node) => factsOf<Facts>(node, definition.kind) };
}

/** Only a kind's own projection makes the facts of its nodes (projector.ts), so they are of its type: the graph keeps them as they came. */
function factsOf<Facts>(node: GraphNode, kind: string): Facts | undefined {
  return node.kind === kind && node.state === 'present' ? (node.facts as Facts) : undefined;
}
