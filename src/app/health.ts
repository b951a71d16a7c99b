import type { JsonObject } from '../kernel/vocabulary.ts';
import { clusterVersion } from './cluster-version.ts';
import type { Product } from './product.ts';
import { buildInfo } from './version.ts';

/** A probe may not wait for a hanging cluster, and a busy prober may not load a healthy one. Milliseconds. */
const PROBE_TIMEOUT_MS = 1_500;
const PROBE_EVERY_MS = 15_000;

/** The body of GET /health: the union of what the seeds' servers answered (surface.md C4), as far as it exists yet. */
export function createHealth(product: Product): () => Promise<JsonObject> {
  const started = Date.now();
  const { version } = buildInfo();
  const cluster = cachedProbe(product);
  return async () => {
    const client = await cluster();
    return {
      status: 'healthy',
      version,
      timestamp: new Date().toISOString(),
      uptime_seconds: Math.round((Date.now() - started) / 1000),
      server_status: 'running',
      tools_count: product.gateway.tools().length,
      k8s_connected: client['healthy'] === true,
      k8s_client: client,
    };
  };
}

function cachedProbe(product: Product): () => Promise<JsonObject> {
  let at = Number.NEGATIVE_INFINITY;
  let answer: Promise<JsonObject> | undefined;
  return () => {
    if (answer !== undefined && Date.now() - at < PROBE_EVERY_MS) return answer;
    at = Date.now();
    answer = probe(product);
    return answer;
  };
}

async function probe(product: Product): Promise<JsonObject> {
  const state = await product.store.state();
  if (state.kind !== 'loaded') return { healthy: false, reason: 'no usable kubeconfig' };
  try {
    const { version, platform } = await clusterVersion(product, undefined, AbortSignal.timeout(PROBE_TIMEOUT_MS));
    return { healthy: true, cluster_info: { version, platform } };
  } catch {
    return { healthy: false, reason: 'the cluster did not answer; `k8s-mcp doctor` says why' };
  }
}

/** Ready to serve calls: no kubeconfig, or one that loads. Whether its cluster answers is `doctor`'s question, not the probe's. */
export async function readyOf(product: Product): Promise<{ ready: boolean; reason?: string }> {
  const state = await product.store.state();
  if (state.kind === 'invalid') return { ready: false, reason: 'the kubeconfig does not load' };
  return { ready: true };
}
