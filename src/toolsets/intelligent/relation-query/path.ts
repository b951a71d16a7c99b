import { shortestPath } from '../../../graph/queries/path.ts';
import { hubLines, pathLines } from '../../../graph/queries/render.ts';
import { nodeName } from '../../../graph/queries/state-text.ts';
import { plural } from '../../../operations/shape/rest.ts';
import type { Asked, Found } from './answer.ts';
import { hitItem } from './item.ts';

/** The shortest way from the first target to the second. */
export function pathBetween({ graph: { view }, targets, bounds }: Asked): Found {
  const [from = 0, to = 0] = targets;
  const { steps, complete, hubs } = shortestPath(view, from, to, bounds);
  if (steps === undefined) {
    const reason = complete ? '' : hubs.length > 0 ? ' without what is named below' : ` among ${bounds.edges} edges`;
    const line = `No path from ${nodeName(view.node(from))} to ${nodeName(view.node(to))} within ${bounds.depth} steps${reason}${complete ? '' : '; there may be one'}.`;
    const typed = () => ({ results: [], summary: { found: false } });
    const isOfNamespace = [from, to].some((id) => view.node(id).kind === 'Namespace');
    const hint = isOfNamespace ? ['A Namespace is joined only with what is in it: name an object of it.'] : [];
    return { count: 0, complete, lines: [line, ...hint, ...hubLines(view, hubs)], typed };
  }
  return {
    count: steps.length,
    complete: true,
    lines: [`path of ${plural(steps.length - 1, 'step')}:`, ...pathLines(view, steps)],
    typed: () => ({
      results: steps.map((step) => hitItem(view, step)),
      summary: { found: true, length: steps.length - 1 },
    }),
  };
}
