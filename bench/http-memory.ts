import { BENCH_NAMESPACE } from './cluster.ts';
import { serve } from './served.ts';
import type { Sample } from './table.ts';

const CALLS = 1000;
const AT_ONCE = 4;

/** Resident memory of `k8s-mcp serve` after 1,000 REST calls that list pods. */
export async function measureHttpMemory(root: string, kubeconfig: string): Promise<Sample[]> {
  const server = await serve({ root, kubeconfig, args: ['--no-audit'] });
  try {
    let sent = 0;
    const worker = async () => {
      while (sent++ < CALLS) await server.call('k8s-get-pods', { namespace: BENCH_NAMESPACE });
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    const value = server.memory().now;
    return [{ measure: 'RSS serving HTTP after 1,000 calls', unit: 'MB', contender: 'k8s-mcp', value }];
  } finally {
    server.stop();
  }
}
