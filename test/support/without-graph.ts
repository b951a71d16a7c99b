/** For gateways under test whose tools ask no graph. */
import { AppError } from '../../src/kernel/errors.ts';
import type { CallContext } from '../../src/operations/types.ts';

export const NO_GRAPH: Pick<CallContext, 'graph'> = {
  graph: { ask: () => Promise.reject(new AppError('internal', 'This product has no graph.')) },
};

export const GRAPH_DEFAULTS: Pick<CallContext, 'graphDefaults'> = { graphDefaults: { maxDepth: 3, maxSummaryKb: 10 } };
