import type { Principal } from '../kernel/vocabulary.ts';
import type { Product } from './product.ts';

/** The server's own questions (probes, doctor) go through the same policy as everybody's. */
export const SELF: Principal = { id: 'k8s-mcp', transport: 'shell', authenticated: true };

/** GET /version of a context's cluster. */
export async function clusterVersion(
  product: Product,
  context: string | undefined,
  signal: AbortSignal,
): Promise<{ version: string; platform: string }> {
  const { view } = await product.open(context, SELF, signal);
  const answer = await view.client.getPath('/version', signal);
  return { version: String(answer['gitVersion'] ?? 'unknown'), platform: String(answer['platform'] ?? 'unknown') };
}
