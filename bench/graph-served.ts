/** The product with a graph that it keeps from the start. */

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Ask, Probed } from './graph-probe.ts';
import { cpuOf } from './sandbox-server.ts';
import { type Served, serve } from './served.ts';

export interface Synced {
  seconds: number;
  /** From its start on. */
  cpuSeconds: number;
  objects: number;
  nodes: number;
  edges: number;
  /** What the graph says that it holds. */
  memoryMb: number;
}

export interface ServedGraph extends Pick<Served, 'call' | 'ask' | 'memory' | 'stop'> {
  /** MB retained by the product without a graph. */
  baseline(): Promise<number>;
  synced(): Promise<Synced>;
  /** Since the last one. */
  probe(): Promise<Probed>;
  cpuMs(): number;
  /** Until it has no more to do: after a first sync its detectors look at everything once. */
  atRest(): Promise<void>;
  /** Percent of a core over so many seconds, in which stalls are not watched. */
  share(seconds: number): Promise<number>;
  /** Events of watches so far. */
  events(): Promise<number>;
}

interface Status {
  knowledge_graph_available: boolean;
  sync_status: {
    stats: { resources_synced: number; watch_events: number; last_sync_duration: number | null };
    graph_stats: { nodes_total: number; edges_total: number; memory_estimate_mb: number };
  } | null;
}

const SYNC_LIMIT_MS = 600_000;
/** At rest is what takes less than this over a look. */
const REST_PERCENT = 3;
const LOOK_SECONDS = 3;
const MOST_LOOKS = 100;

/** `args`: more of the product's. */
export async function serveGraph(root: string, kubeconfig: string, args: readonly string[] = []): Promise<ServedGraph> {
  const folder = mkdtempSync(join(tmpdir(), 'k8s-mcp-bench-graph-'));
  const start = (knowledgeGraph: string, name: string) =>
    serve({
      root,
      kubeconfig,
      args: ['--no-audit', '--knowledge-graph', knowledgeGraph, '--graph-memory-limit', '4096', ...args],
      node: ['--expose-gc', '--import', join(import.meta.dirname, 'graph-probe.ts')],
      env: { K8S_MCP_BENCH_PROBE: join(folder, name) },
    });
  const server = await start('true', 'probe');
  const probe = (ask: Ask) => probed(server.pid, join(folder, 'probe'), ask);
  const share = async (seconds: number) => {
    await probe({ watch: false, collect: false });
    const before = cpuOf(server.pid);
    const started = performance.now();
    await pause(seconds * 1000);
    const percent = ((cpuOf(server.pid) - before) / (performance.now() - started)) * 100;
    await probe({ watch: true, collect: false });
    return percent;
  };
  const status = async () => (await server.page('/intelligent/status')) as Status;
  return {
    call: server.call,
    ask: server.ask,
    memory: server.memory,
    async baseline() {
      const plain = await start('false', 'baseline');
      const { retained } = await probed(plain.pid, join(folder, 'baseline'), { watch: false, collect: true });
      plain.stop();
      return retained;
    },
    async synced() {
      const until = performance.now() + SYNC_LIMIT_MS;
      for (;;) {
        const { knowledge_graph_available: done, sync_status: sync } = await status();
        const seconds = sync?.stats.last_sync_duration;
        if (done && sync !== null && typeof seconds === 'number') {
          const { nodes_total: nodes, edges_total: edges, memory_estimate_mb: memoryMb } = sync.graph_stats;
          const cpuSeconds = cpuOf(server.pid) / 1000;
          return { seconds, cpuSeconds, objects: sync.stats.resources_synced, nodes, edges, memoryMb };
        }
        if (performance.now() > until) throw new Error('the graph was not synced within ten minutes');
        await pause(250);
      }
    },
    probe: () => probe({ watch: true, collect: true }),
    cpuMs: () => cpuOf(server.pid),
    share,
    async atRest() {
      for (let at = 0; at < MOST_LOOKS; at++) if ((await share(LOOK_SECONDS)) < REST_PERCENT) return;
      throw new Error('the product does not come to rest');
    },
    events: async () => (await status()).sync_status?.stats.watch_events ?? 0,
    stop() {
      server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function probed(pid: number, file: string, ask: Ask): Promise<Probed> {
  const told = `${file}.told`;
  rmSync(told, { force: true });
  writeFileSync(file, JSON.stringify(ask));
  process.kill(pid, 'SIGUSR2');
  while (!existsSync(told)) await pause(50);
  // It is written at once, and may not be whole yet.
  await pause(50);
  return JSON.parse(readFileSync(told, 'utf8')) as Probed;
}
