/** The ground on which each row's plan is seen by a raw client: a sandbox with some ConfigMaps and their history. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClock, type SandboxClock } from '../../sandbox/clock.ts';
import { createSandbox, type Sandbox } from '../../sandbox/create-sandbox.ts';
import { BARE } from '../../sandbox/worlds/bare.ts';
import { createFaultProxy, type FaultProxy } from './create-fault-proxy.ts';
import { createRawClient, type RawAnswer, type RawClient } from './raw-client.ts';
import type { FaultRow, Target } from './row.ts';

export const CONFIG_MAPS: Target = { group: '', resource: 'configmaps' };
export const LIST = '/api/v1/namespaces/team-a/configmaps';
/** What any check may ask that no plan touches. */
const ELSEWHERE = '/api/v1/nodes';

export interface Ground {
  readonly proxy: FaultProxy;
  readonly clock: SandboxClock;
  readonly sandbox: Sandbox;
  /** A new connection; gone after the check. */
  client(alpn?: readonly string[]): Promise<RawClient>;
  /** A watch from before the history, which is: ADDED a, b, c, d; MODIFIED b; DELETED d. */
  readonly watch: string;
  /** Once something waits for it. */
  advance(ms: number): Promise<void>;
  /** A whole exchange on a connection of its own: what was on its way before is there after it. */
  roundTrip(): Promise<void>;
}

export type Check = (ground: Ground) => Promise<void>;

/** One test for each plan of `rows`; `checks` are by `F01 refused`. */
export function testRows(rows: readonly FaultRow[], checks: Readonly<Record<string, Check>>): void {
  const plans = new Map(
    rows.flatMap((row) => Object.entries(row.plans).map(([name, plan]) => [`${row.id} ${name}`, plan] as const)),
  );
  const clock = createClock('still');
  const sandboxes: Sandbox[] = [];
  const clients: RawClient[] = [];
  let ground: Ground;

  beforeAll(async () => {
    const start = async (seed: number) => {
      const sandbox = createSandbox({ world: BARE, time: 'still', seed });
      sandboxes.push(sandbox);
      const { url } = await sandbox.listen(0);
      return { sandbox, target: { kubeconfig: sandbox.kubeconfig(url) } };
    };
    const { sandbox, target } = await start(1);
    const others = { backup: (await start(1)).target, other: (await start(2)).target };
    const proxy = await createFaultProxy({ upstream: target, others, clock });
    const since = writeHistory(sandbox);
    const client = async (alpn?: readonly string[]) => {
      const made = await createRawClient({ url: proxy.url, ca: proxy.ca, ...(alpn === undefined ? {} : { alpn }) });
      clients.push(made);
      return made;
    };
    ground = {
      proxy,
      clock,
      sandbox,
      client,
      watch: `${LIST}?watch=1&resourceVersion=${since}`,
      async advance(ms) {
        await expect.poll(() => clock.pending(), { interval: 5 }).toBeGreaterThan(0);
        clock.advance(ms);
      },
      async roundTrip() {
        expect((await (await client()).ask(ELSEWHERE)).status).toBe(200);
      },
    };
  });
  afterAll(async () => {
    await ground.proxy.close();
    for (const sandbox of sandboxes) await sandbox.stop();
  });

  test('each plan has a check', () => {
    expect(Object.keys(checks).sort()).toEqual([...plans.keys()].sort());
  });

  test.each([...plans])('%s', async (name, plan) => {
    try {
      // What earlier checks left to wait for.
      clock.advance(1e9);
      await ground.proxy.setPlan(JSON.parse(JSON.stringify(plan)));
      await checks[name]?.(ground);
      expect([...ground.proxy.stats.skipped]).toEqual([]);
    } finally {
      await Promise.all(clients.splice(0).map((client) => client.close()));
    }
  });
}

function writeHistory({ operator, store }: Sandbox): number {
  const since = store.revision;
  for (const name of ['a', 'b', 'c', 'd']) {
    operator.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'team-a' },
      data: { greeting: 'grüß Gott \u{1F44B} "quoted"\n' },
    });
  }
  operator.modify('configmaps', 'team-a', 'b', (draft) => {
    draft['data'] = { greeting: 'hello' };
  });
  operator.delete('configmaps', 'team-a', 'd');
  return since;
}

/** `ADDED a`; the text itself where it is no event. */
export function told(line: string | undefined): string | undefined {
  if (line === undefined) return undefined;
  try {
    const event = JSON.parse(line);
    return `${event.type} ${event.object.metadata?.name ?? event.object.code ?? ''}`.trim();
  } catch {
    return line;
  }
}

/** The next `count` lines as they are told, fewer when the answer ends. */
export async function next(answer: RawAnswer, count: number): Promise<(string | undefined)[]> {
  const lines: (string | undefined)[] = [];
  for (let at = 0; at < count; at++) {
    const line = await answer.line();
    if (line === undefined) break;
    lines.push(told(line));
  }
  return lines;
}

/** All lines until the end. */
export async function rest(answer: RawAnswer): Promise<(string | undefined)[]> {
  return next(answer, Number.POSITIVE_INFINITY);
}

/** The code with which connecting fails. */
export async function refusal(connecting: Promise<unknown>): Promise<string | undefined> {
  return connecting.then(
    () => 'connected',
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );
}
