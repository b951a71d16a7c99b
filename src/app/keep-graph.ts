import type { Settings } from '../config/table.ts';
import { toAppError } from '../kernel/errors.ts';
import type { Product } from './product.ts';

/** ENABLE_KNOWLEDGE_GRAPH=true: the default cluster's graph from the start. What stands in its way is logged; the server serves all the same. */
export function keepGraph(product: Product, settings: Settings): void {
  if (settings.knowledgeGraph !== 'true') return;
  void (async () => {
    const cluster = await product.clusters.get(settings.context);
    await product.graphs.keep(cluster, settings.namespace);
  })().catch((thrown: unknown) => {
    const { code, message } = toAppError(thrown);
    product.log.warn({ code }, `the graph could not be started; a question to it tries again: ${message}`);
  });
}
