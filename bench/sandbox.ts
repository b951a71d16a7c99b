import { setTimeout as pause } from 'node:timers/promises';
import { say } from './graph-samples.ts';
import type { Listed, Watched } from './sandbox-client.ts';
import { startPlain } from './sandbox-plain.ts';
import { type RunningServer, runClient, startSandbox } from './sandbox-server.ts';
import { median, type Sample, type Target } from './table.ts';

/** Issue 5, "Numbers"; rates as the time that one thing takes, since a target is an upper limit. */
export const SANDBOX_TARGETS: readonly Target[] = [
  { measure: 'sandbox: default world up', limit: 1000 },
  { measure: 'sandbox: idle default world, CPU over 20 s', limit: 3 },
  { measure: 'sandbox: 150,000 pods up', limit: 20 },
  { measure: 'sandbox: 150,000 pods, peak RSS after whole lists', limit: 1500 },
  { measure: 'sandbox: paged list of pods, JSON', limit: 10 },
  { measure: 'sandbox: paged list of pods, protobuf', limit: 10 },
  { measure: 'sandbox: watch events to 50 watchers of ten kinds', limit: 200 },
  { measure: 'sandbox: watch events to one client of ten kinds', limit: 200 },
];

const OURS = 'k8s-mcp';
const STARTS = 5;
const IDLE_SECONDS = 20;
const PLAIN_PAGES = 20;
/** All 150,000 pods. */
const ALL_PAGES = 300;
const WATCH_SECONDS = 15;
const WRITES_PER_SECOND = 5_000;
const FORMS = { JSON: 'application/json', protobuf: 'application/vnd.kubernetes.protobuf' } as const;

/** Those that the churn of a generated world changes. */
const RESOURCES = [
  'api/v1/pods',
  'api/v1/nodes',
  'api/v1/events',
  'apis/apps/v1/deployments',
  'apis/apps/v1/replicasets',
  'apis/apps/v1/statefulsets',
  'apis/batch/v1/jobs',
  'apis/batch/v1/cronjobs',
  'apis/discovery.k8s.io/v1/endpointslices',
  'apis/coordination.k8s.io/v1/leases',
];

/** The sandbox alone: how fast it is there, what it costs, what it serves. */
export async function measureSandbox(root: string): Promise<Sample[]> {
  const samples: Sample[] = [];
  const add = (measure: string, unit: string, value: number, contender = OURS) =>
    samples.push({ measure: `sandbox: ${measure}`, unit, contender, value });
  await measureDefault(root, add);
  await measureScale(root, add);
  await measureChurn(root, add);
  return samples;
}

type Add = (measure: string, unit: string, value: number, contender?: string) => void;

async function measureDefault(root: string, add: Add): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round <= STARTS; round++) {
    const sandbox = await startSandbox(root, []);
    // The first round fills file and compile caches.
    if (round > 0) times.push(sandbox.startMs);
    if (round === STARTS) {
      await pause(3_000);
      const before = sandbox.cpuMs();
      await pause(IDLE_SECONDS * 1000);
      add('idle default world, CPU over 20 s', '% of a core', (sandbox.cpuMs() - before) / (IDLE_SECONDS * 10));
    }
    await sandbox.stop();
  }
  add('default world up', 'ms', median(times));
}

async function measureScale(root: string, add: Add): Promise<void> {
  say('making a world of 150,000 pods ...');
  const sandbox = await startSandbox(root, ['--world', 'scale', '--churn', '0']);
  try {
    add('150,000 pods up', 's', sandbox.startMs / 1000);
    add('150,000 pods, RSS when up', 'MB', sandbox.memory().now);
    for (const [form, accept] of Object.entries(FORMS)) await measureList(sandbox, form, accept, add);
    add('150,000 pods, peak RSS after whole lists', 'MB', sandbox.memory().peak);
  } finally {
    await sandbox.stop();
  }
}

/** The second list is what counts: the first makes the templates. */
async function measureList(sandbox: RunningServer, form: string, accept: string, add: Add): Promise<void> {
  const { access } = sandbox;
  const task = { kind: 'list', accept, pages: ALL_PAGES };
  const cold = await runClient<Listed>(access, task);
  const warm = await runClient<Listed>(access, task);
  const plain = await startPlain({ access, accept, pages: PLAIN_PAGES });
  const bare = await runClient<Listed>(plain.access, { ...task, paths: plain.paths });
  plain.stop();
  say(
    `${form}: ${megabytesPerSecond(cold)} MB/s at first, ${megabytesPerSecond(warm)} then, ${megabytesPerSecond(bare)} bare`,
  );
  const measure = `paged list of pods, ${form}`;
  add(measure, 's per GB', secondsPerGigabyte(warm));
  add(measure, 's per GB', secondsPerGigabyte(cold), `${OURS}, first time`);
  add(measure, 's per GB', secondsPerGigabyte(bare), 'node:http2, same bytes');
}

const secondsPerGigabyte = ({ bytes, seconds }: Listed) => (seconds / bytes) * 1e9;
const megabytesPerSecond = ({ bytes, seconds }: Listed) => (bytes / seconds / 1e6).toFixed(0);

async function measureChurn(root: string, add: Add): Promise<void> {
  say(`making it again, with ${WRITES_PER_SECOND} writes a second ...`);
  const sandbox = await startSandbox(root, ['--world', 'scale', '--churn', String(WRITES_PER_SECOND)]);
  const common = { kind: 'watch', resources: RESOURCES, seconds: WATCH_SECONDS };
  try {
    for (const [who, task] of [
      ['one client of ten kinds', { ...common, copies: 1, sessions: 1 }],
      ['50 watchers of ten kinds', { ...common, copies: 5, sessions: 10 }],
    ] as const) {
      const before = sandbox.cpuMs();
      const watched = await runClient<Watched>(sandbox.access, task);
      const perSecond = (count: number) => (count / watched.seconds).toFixed(0);
      say(
        `${who}: ${perSecond(watched.deliveries)} deliveries/s of ${perSecond(watched.writes)} writes/s, ` +
          `${((sandbox.cpuMs() - before) / watched.seconds / 10).toFixed(0)} % of a core, ${sandbox.memory().now.toFixed(0)} MB`,
      );
      add(`watch events to ${who}`, 'µs per delivery', (watched.seconds / watched.deliveries) * 1e6);
    }
    add('150,000 pods with churn, RSS', 'MB', sandbox.memory().now);
  } finally {
    await sandbox.stop();
  }
}
