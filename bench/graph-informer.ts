/** client-node's informer over all pods, as its users run it: a process of its own. `node bench/graph-informer.ts TASK.json`. */
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export interface Informed {
  pods: number;
  cpuSeconds: number;
  seconds: number;
  /** MB. */
  retained: number;
  rss: number;
  peakRss: number;
  /** ms. */
  longestStall: number;
}

interface ClientNode {
  KubeConfig: new () => {
    loadFromFile(file: string): void;
    makeApiClient(api: unknown): { listPodForAllNamespaces(): unknown };
  };
  CoreV1Api: unknown;
  makeInformer(
    config: unknown,
    path: string,
    list: () => unknown,
  ): {
    start(): Promise<void>;
    stop(): Promise<void>;
    list(): unknown[];
    on(event: string, told: (error: unknown) => void): void;
  };
}

const { task }: { task: { kubeconfig: string; library: string } } = JSON.parse(
  readFileSync(process.argv[2] ?? '', 'utf8'),
);
setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');
const { KubeConfig, CoreV1Api, makeInformer }: ClientNode = await import(task.library);
const config = new KubeConfig();
config.loadFromFile(task.kubeconfig);
const api = config.makeApiClient(CoreV1Api);
const delay = monitorEventLoopDelay({ resolution: 1 });
const held = () => {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};
const before = held();
delay.enable();
const started = performance.now();
const cpu = process.cpuUsage();
const informer = makeInformer(config, '/api/v1/pods', () => api.listPodForAllNamespaces());
informer.on('error', (error) => {
  throw error instanceof Error ? error : new Error(String(error));
});
await informer.start();
const { user, system } = process.cpuUsage(cpu);
const seconds = (performance.now() - started) / 1000;
// So that the last stall is seen.
await new Promise((resolve) => setTimeout(resolve, 50));
const longestStall = delay.max / 1e6;
const rss = process.memoryUsage.rss() / 1e6;
// In KiB.
const peakRss = (process.resourceUsage().maxRSS * 1024) / 1e6;
const pods = informer.list().length;
const retained = (held() - before) / 1e6;
const informed: Informed = { pods, cpuSeconds: (user + system) / 1e6, seconds, retained, rss, peakRss, longestStall };
process.stdout.write(JSON.stringify(informed));
await informer.stop();
process.exit(0);
