import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parentFolders } from '../src/process/run-folder.ts';
import { BENCH_NAMESPACE } from './cluster.ts';
import { measurePair, type Pair } from './command-pair.ts';
import { measureManyCommands } from './commands-many.ts';
import { farCluster } from './far-cluster.ts';
import { type CommandBench, plainTools, toolPaths } from './plain-command.ts';
import { serve } from './served.ts';
import type { Sample } from './table.ts';

const PODS = ['get', 'pods', '-n', BENCH_NAMESPACE];

/** A region away: one way, ms. */
const DELAY_MS = 10;

/** Commands through a running server against the plain tools, one of each in turn: what else the machine does meets both. */
export async function measureCommands(bench: CommandBench): Promise<Sample[]> {
  const far = await farCluster(bench.kubeconfig, DELAY_MS);
  try {
    return [
      ...(await measureOn(bench, pairs(bench))),
      ...(await measureOn({ ...bench, kubeconfig: far.kubeconfig }, farPairs(bench))),
      ...(await measureManyCommands(bench)),
    ];
  } finally {
    far.close();
  }
}

async function measureOn(bench: CommandBench, all: readonly Pair[]): Promise<Sample[]> {
  const tools = plainTools(bench.kubeconfig, [dirname(bench.kubectl), dirname(bench.helm)]);
  const server = await serve({ ...bench, env: toolPaths(bench) });
  const samples: Sample[] = [];
  try {
    for (const pair of all) samples.push(...(await measurePair(pair, server, tools)));
    return samples;
  } finally {
    server.stop();
    tools.remove();
  }
}

function pairs({ kubectl, helm }: CommandBench): Pair[] {
  const piped = `get pods -n ${BENCH_NAMESPACE} | grep Running | head -5`;
  return [
    {
      measure: `kubectl get pods, 50 pods`,
      rounds: 80,
      overhead: true,
      ours: (server) => server.call('kubectl', { command: PODS.join(' ') }),
      plain: (tools) => tools.run(kubectl, PODS),
    },
    cold(kubectl, 'kubectl get pods, empty caches of the tool'),
    {
      measure: 'kubectl get pods -A -o json, 543 pods',
      rounds: 15,
      ours: (server) => server.call('kubectl', { command: 'get pods -A -o json' }),
      plain: (tools) => tools.run(kubectl, ['get', 'pods', '-A', '-o', 'json']),
    },
    {
      measure: 'kubectl get pods | grep | head',
      rounds: 30,
      overhead: true,
      ours: (server) => server.call('kubectl', { command: piped }),
      plain: (tools) => tools.shell(`kubectl ${piped}`),
    },
    {
      measure: 'helm list',
      rounds: 30,
      overhead: true,
      ours: (server) => server.call('helm', { command: 'list' }),
      plain: (tools) => tools.run(helm, ['list']),
    },
  ];
}

function farPairs({ kubectl }: CommandBench): Pair[] {
  const away = `cluster ${2 * DELAY_MS} ms away`;
  return [
    {
      measure: `kubectl get pods, ${away}`,
      rounds: 20,
      ours: (server) => server.call('kubectl', { command: PODS.join(' ') }),
      plain: (tools) => tools.run(kubectl, PODS),
    },
    cold(kubectl, `kubectl get pods, ${away}, empty caches of the tool`),
  ];
}

/** As for a new cluster handle: the tool's own cache is empty, what the guard knows of the cluster is not. */
function cold(kubectl: string, measure: string): Pair {
  return {
    measure,
    rounds: 20,
    ours: (server) => {
      emptyHandleCaches(server.pid);
      return server.call('kubectl', { command: PODS.join(' ') });
    },
    plain: (tools) => tools.runCold(kubectl, PODS),
  };
}

/** As if a caller's cluster were new: what kubectl wrote down is gone. */
function emptyHandleCaches(pid: number): void {
  for (const parent of parentFolders({ runtimeDir: process.env['XDG_RUNTIME_DIR'] })) {
    for (const run of namesIn(parent).filter((name) => name.startsWith(`${pid}-`))) {
      const caches = join(parent, run, 'cache');
      for (const handle of namesIn(caches)) {
        for (const name of namesIn(join(caches, handle))) rmSync(join(caches, handle, name), { recursive: true });
      }
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
