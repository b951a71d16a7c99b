/** Each plan of the fault table against a whole Reflector: what is held at the end, what was told, and what was asked. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Sandbox } from '../../sandbox/create-sandbox.ts';
import type { Plan, Rule } from '../faults/plan.ts';
import type { FaultRow } from '../faults/row.ts';
import { createGround, type Ground, type Run, type RunOptions, startRun } from './fault-run.ts';

export interface Case {
  /** What happens in the cluster meanwhile; several changes of every kind unless given. */
  life?: (run: Run) => Promise<void>;
  /** Besides the plan's own. */
  rules?: readonly Rule[];
  /** How often each rule of the plan has to happen before it ends; once unless given. */
  fired?: readonly number[];
  /** So long it may take them, ms; 30 s unless given. */
  patience?: number;
  /** Nothing changes meanwhile. */
  quiet?: boolean;
  /** While the plan still holds. */
  during?: (run: Run) => Promise<void> | void;
  /** What is to be held in the end; the sandbox's own unless given. */
  truthOf?: (ground: Ground) => Sandbox;
  /** So long after the plan's end; two minutes unless given. */
  recovery?: number;
  after?: (run: Run) => void;
  /** At most; none unless given. */
  relists?: number;
  /** Requests at most: pages, watches and what the transport repeats. 12 unless given. */
  requests?: number;
  /** Not every rule has to happen. */
  atRandom?: true;
  /** Not told twice, but for those that lose everything and get it anew. */
  toldAgain?: true;
  options?: Omit<Partial<RunOptions>, 'plan' | 'namespace'>;
}

/** Why a plan is not run here. */
export type Elsewhere = { elsewhere: string };

interface Suite {
  rows: readonly FaultRow[];
  /** By `F01 refused`. */
  cases: Readonly<Record<string, Case | Elsewhere>>;
  /** No plans but these. */
  onlyCases?: boolean;
  /** ms of virtual time for each turn of the event loop. */
  step: number;
  /** Runs that are under way together. */
  together: number;
  encoding?: 'auto' | 'json';
}

/** One test for each plan; they run together, as each has a namespace, a proxy and a client of its own. */
export function testPlans({ rows, cases, step, together, onlyCases = false, encoding = 'json' }: Suite): void {
  const plans = rows.flatMap((row) =>
    Object.entries(row.plans).map(([name, plan]) => [`${row.id} ${name}`, plan] as const),
  );
  const here = plans.filter(([name]) => !isElsewhere(cases[name]) && (!onlyCases || name in cases));
  let ground: Ground;
  const done = new Map<string, Promise<void>>();

  beforeAll(async () => {
    ground = await createGround(step);
    const gate = createGate(together);
    for (const [index, [name, plan]] of here.entries()) {
      const given = cases[name];
      const how: Case = given === undefined || isElsewhere(given) ? {} : given;
      const namespace = `run-${index}`;
      const running = gate(() => judge(ground, { plan, namespace, encoding }, how));
      running.catch(() => undefined);
      done.set(name, running);
    }
  });
  afterAll(async () => {
    await Promise.allSettled(done.values());
    await ground.close();
  });

  test('each case is one of the table', () => {
    expect(Object.keys(cases).filter((name) => !plans.some(([plan]) => plan === name))).toEqual([]);
  });

  test.each(here)('%s', async (name) => {
    await done.get(name);
  });
}

function isElsewhere(given: Case | Elsewhere | undefined): given is Elsewhere {
  return given !== undefined && 'elsewhere' in given;
}

export async function judge(
  ground: Ground,
  given: { plan: Plan; namespace: string; encoding: 'auto' | 'json' },
  how: Case,
) {
  const { encoding, namespace } = given;
  const plan = { rules: [...given.plan.rules, ...(how.rules ?? [])] };
  const run = await startRun(ground, { plan, namespace, encoding, ...how.options });
  const { proxy, reflector, sink } = run;
  try {
    await (how.life ?? everyday)(run);
    const missing = () =>
      plan.rules.flatMap((rule, index) => {
        const name = rule.name ?? `rule-${index}`;
        return (proxy.stats.fired.get(name) ?? 0) < (how.fired?.[index] ?? 1) ? [name] : [];
      });
    await provoke(run, () => missing().length === 0, how);
    if (how.atRandom === undefined) expect(missing(), 'rules that never happened').toEqual([]);
    await how.during?.(run);
    await proxy.setPlan({ rules: [] });
    run.put('last');
    const truth = () => run.truth(how.truthOf?.(ground));
    await ground.until(() => same(sink.held(), truth()), how.recovery ?? 120_000);
    expect(sink.held()).toEqual(truth());
    how.after?.(run);
    if (how.toldAgain === undefined) expect(twice(sink.changes)).toEqual([]);
    expect(reflector.counts.relists, 'relists').toBeLessThanOrEqual(how.relists ?? 0);
    expect(proxy.stats.log.map(({ facts }) => facts.verb).length, 'requests').toBeLessThanOrEqual(how.requests ?? 12);
    // What is no JSON cannot be edited.
    if (encoding === 'json') expect([...proxy.stats.skipped]).toEqual([]);
  } finally {
    reflector.stop();
    const left = await ground.until(() => proxy.stats.openRequests === 0, 60_000);
    await run.close();
    // A proxy whose connection is silent does not see that its client is gone.
    const deaf = plan.rules.some((rule) => rule.do.kind === 'silence' && rule.do.of === 'connection');
    expect(left || deaf, 'nothing is asked any more').toBe(true);
  }
}

/** Some faults come with events, others with the lack of them. */
async function provoke(run: Run, happened: () => boolean, { quiet = false, patience = 30_000 }: Case): Promise<void> {
  const end = run.ground.clock.now() + patience;
  for (let beat = 0; !happened() && run.ground.clock.now() < end; beat++) {
    if (!quiet) run.put(`beat-${beat % 3}`);
    await run.ground.until(happened, 1500);
  }
}

/** Additions, changes and deletions, in small and in larger steps. */
export async function everyday(run: Run): Promise<void> {
  for (let round = 0; round < 6; round++) {
    await run.ground.pass(300);
    run.put(`c${round}`);
    run.put(`new-${round}`);
    if (round % 2 === 1) run.remove(`c${round - 1}`);
  }
}

export async function relistHalfway(run: Run): Promise<void> {
  await everyday(run);
  await run.ground.until(() => run.reflector.state.state === 'watching', 30_000);
  run.reflector.relist('drift');
  await run.ground.pass(1000);
}

export function same(a: Record<string, string>, b: Record<string, string>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

export function twice(changes: readonly string[]): string[] {
  return changes.filter((change, index) => changes.indexOf(change) !== index);
}

/** So many at once. */
export function createGate(size: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = size;
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}
