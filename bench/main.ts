/** `npm run bench [part ...]`: every number as a ratio against the rivals and the target, on one cluster, in one run. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { resolveClis } from '../test/control-plane/binaries.ts';
import { benchCluster } from './cluster.ts';
import { measureCommands } from './commands.ts';
import { measureParse } from './commands-parse.ts';
import { GRAPH_TARGETS, measureGraph } from './graph.ts';
import { GRAPH_REAL_TARGETS, measureGraphReal } from './graph-real.ts';
import { say } from './graph-samples.ts';
import { GRAPH_STORE_TARGETS, measureGraphStore } from './graph-store.ts';
import { GRAPH_WATCH_TARGETS, measureGraphWatch } from './graph-watch.ts';
import { measureHttpMemory } from './http-memory.ts';
import { measurePipeline } from './pipeline.ts';
import { measurePods } from './pods.ts';
import { contenders } from './rivals.ts';
import { measureSandbox, SANDBOX_TARGETS } from './sandbox.ts';
import { measureStart } from './start.ts';
import { renderSamples, type Sample, type Target } from './table.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const wanted = process.argv.slice(2);
const runs = (part: string) => wanted.length === 0 || wanted.includes(part);

/** Issues 3 and 4 and DESIGN.md §9; the memory limit is §10's, which wins. */
const TARGETS: readonly Target[] = [
  { measure: 'start to tools/list, stdio', limit: 85 },
  { measure: 'schema tokens, read-only default', limit: 2600 },
  { measure: 'schema tokens, all tools', limit: 3600 },
  { measure: 'pods of one namespace, tokens', limit: 1500 },
  { measure: 'all pods, p50', limit: 100 },
  { measure: 'all pods, tokens', limit: 8000 },
  { measure: 'pipeline overhead per call, 60 tools', limit: 0.3 },
  { measure: 'RSS serving HTTP after 1,000 calls', limit: 130 },
  { measure: 'kubectl get pods, 50 pods, more than plain', limit: 15 },
  { measure: 'parse and policy of an everyday command, p50', limit: 0.2 },
  { measure: 'parse and policy of an everyday command, p99', limit: 0.2 },
  { measure: '50 calls at once, 8 running: peak RSS', limit: 200 },
  ...SANDBOX_TARGETS,
  ...GRAPH_STORE_TARGETS,
  ...GRAPH_TARGETS,
  ...GRAPH_WATCH_TARGETS,
  ...GRAPH_REAL_TARGETS,
];

const samples: Sample[] = [];
if (runs('sandbox')) samples.push(...(await measureSandbox(root)));
if (runs('graph-store')) samples.push(...measureGraphStore());
if (runs('graph')) samples.push(...(await measureGraph(root)));
if (runs('graph-watch')) samples.push(...(await measureGraphWatch(root)));
if (runs('graph-real')) samples.push(...(await measureGraphReal(root)));
const WITHOUT_CLUSTER = ['sandbox', 'graph', 'graph-store', 'graph-watch', 'graph-real'];
if (wanted.length === 0 || wanted.some((part) => !WITHOUT_CLUSTER.includes(part))) await measureOnCluster();
process.stdout.write(`${renderSamples(samples, TARGETS, 'k8s-mcp')}\n`);

async function measureOnCluster(): Promise<void> {
  const { kubeconfig, kubectlFolder, stop } = await benchCluster();
  try {
    const all = contenders(root, kubeconfig);
    const env = { ...process.env, KUBECONFIG: kubeconfig, PATH: `${kubectlFolder}:${process.env['PATH'] ?? ''}` };
    if (runs('start')) samples.push(...(await measureStart(all, env)));
    if (runs('pods')) samples.push(...(await measurePods(all, env)));
    if (runs('http')) samples.push(...(await measureHttpMemory(root, kubeconfig)));
    if (runs('commands')) {
      const found = await resolveClis(say);
      if (found.kind === 'unavailable') throw new Error(found.reason);
      const { kubectl, helm } = found.binaries;
      samples.push(...(await measureCommands({ root, kubeconfig, kubectl, helm })), ...measureParse());
    }
    if (runs('pipeline')) samples.push(...(await measurePipeline()));
  } finally {
    await stop();
  }
}
