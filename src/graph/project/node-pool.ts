/** Last part of the labels by which providers and people name pools: `karpenter.sh/nodepool`, `example.com/pool`. */
const POOL_WORDS = new Set(['pool', 'nodepool', 'node-pool', 'gke-nodepool', 'agentpool', 'nodegroup', 'node-group']);

/** The pool that a node belongs to; undefined where no label names one. */
export function poolOf(labels: Readonly<Record<string, string>>): string | undefined {
  for (const [key, value] of Object.entries(labels)) {
    if (POOL_WORDS.has(key.slice(key.lastIndexOf('/') + 1))) return value;
  }
  return undefined;
}
