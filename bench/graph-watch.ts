/** What the product makes of a stream of events, beside a server that costs next to nothing. */
import { setTimeout as pause } from 'node:timers/promises';
import { latencyOfEvents } from './graph-events.ts';
import type { ListsRead } from './graph-lists.ts';
import { startReplay } from './graph-replay.ts';
import { type Add, collect, say } from './graph-samples.ts';
import { type ServedGraph, serveGraph } from './graph-served.ts';
import { runClient } from './sandbox-server.ts';
import type { Sample, Target } from './table.ts';

/** DESIGN.md §9; "over server time" is here what the lists take when nothing is made of them. */
export const GRAPH_WATCH_TARGETS: readonly Target[] = [
  { measure: 'graph-watch: first sync of 150,000 pods beyond reading the lists', limit: 15 },
  { measure: 'graph-watch: 5,000 events/s', limit: 50 },
  { measure: 'graph-watch: event to answer at 1,000 events/s, p99', limit: 100 },
];

const RATES = [1_000, 5_000];
const WATCH_SECONDS = 20;

export async function measureGraphWatch(root: string): Promise<readonly Sample[]> {
  const { samples, add } = collect('graph-watch');
  say('encoding 150,000 pods and their events ...');
  const server = await startReplay();
  try {
    const read = await runClient<ListsRead>(server.access, {}, 'graph-lists.ts');
    // What was played is not in the lists again: a drift check would find all of it.
    const graph = await serveGraph(root, server.kubeconfig, ['--sync-interval', '0']);
    try {
      const { seconds, cpuSeconds, objects } = await graph.synced();
      add('first sync of 150,000 pods beyond reading the lists', 's', seconds - read.seconds);
      add('first sync of 150,000 pods, CPU', 's', cpuSeconds);
      say(`${objects} objects; the lists alone took ${read.seconds.toFixed(1)} s`);
      await graph.atRest();
      for (const rate of RATES) {
        await server.play(rate);
        await pause(5_000);
        const serverBefore = server.cpuMs();
        await measureRate(graph, rate, add);
        say(`the server: ${((server.cpuMs() - serverBefore) / WATCH_SECONDS / 10).toFixed(1)} % of a core`);
        const { p50, p99 } = await latencyOfEvents(server.access, graph);
        add(`event to answer at ${named(rate)}, p50`, 'ms', p50);
        add(`event to answer at ${named(rate)}, p99`, 'ms', p99);
      }
      await server.play(0);
    } finally {
      graph.stop();
    }
  } finally {
    await server.stop();
  }
  return samples;
}

async function measureRate(graph: ServedGraph, rate: number, add: Add): Promise<void> {
  const before = await graph.events();
  const started = performance.now();
  const share = await graph.share(WATCH_SECONDS);
  const heard = ((await graph.events()) - before) / ((performance.now() - started) / 1000);
  add(named(rate), '% of a core', share);
  add(`${named(rate)}, heard`, 'events/s', heard);
  add(`${named(rate)}, CPU per event`, 'us', (share / 100 / heard) * 1e6);
}

const named = (rate: number) => `${rate.toLocaleString('en-US')} events/s`;
