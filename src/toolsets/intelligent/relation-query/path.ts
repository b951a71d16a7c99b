import { shortestPath } from '../../../graph/queries/path.ts';
import { pathLines } from '../../../graph/queries/render.ts';
import { nodeName } from '../../../graph/queries/state-text.ts';
import type { Asked, Found } from './answer.ts';
import { hitItem } from './item.ts';

/** The shortest way from the first target to the second. */
export function pathBetween({ graph: { view }, targets, bounds }: Asked): Found {
  const [from = 0, to = 0] = targets;
  const { steps, complete } = shortestPath(view, from, to, bounds);
  if (steps === undefined) {
    const limit = complete ? `within ${bounds.depth} steps` : `within ${bounds.edges} edges; there may be one`;
    const line = `No path from ${nodeName(view.node(from))} to ${nodeName(view.node(to))} ${limit}.`;
    return { results: [], count: 0, complete, summary: { found: false }, lines: [line] };
  }
  return {
    results: steps.map((step) => hitItem(view, step)),
    count: steps.length,
    complete: true,
    summary: { found: true, length: steps.length - 1 },
    lines: [`path of ${steps.length - 1} steps:`, ...pathLines(view, steps)],
  };
}
