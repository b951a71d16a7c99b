/** Fault rows F17 to F39 against a whole live graph: sign-in, rights, throttling, and versions that expire, of all kinds at once. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { FaultProxy } from '../../faults/create-fault-proxy.ts';
import type { Match, Plan, Rule } from '../../faults/plan.ts';
import { plan } from '../../faults/row.ts';
import { EXPIRED, failing, TOO_MANY, UNAUTHORIZED } from '../../faults/rows-answers.ts';
import { asked, coverage, toldTwice, type Whole, type WholeOptions, wholeBed } from '../whole-bed.ts';

const beds: Whole[] = [];
afterEach(async () => {
  await Promise.all(beds.splice(0).map((bed) => bed.close()));
});

async function bedOf(options: WholeOptions = {}): Promise<Whole> {
  const bed = await wholeBed(options);
  beds.push(bed);
  return bed;
}

const READS: Match = { verb: ['list', 'watch'] };
const FORBIDDEN = { code: 403, reason: 'Forbidden', message: 'forbidden by the fault proxy' };
/** All watches end, as the server ends them; each is asked for again at once. */
const watchesEnd: Rule = {
  match: { verb: 'watch' },
  counts: { per: 'path', nth: 1 },
  at: { at: 'time', ms: 30_000 },
  do: { kind: 'cut', how: 'end' },
};

/** The graph is what the cluster is, and everything is well. */
async function recovers(bed: Whole, relists = 0): Promise<void> {
  bed.hands.life();
  expect(await bed.settled(300_000)).toEqual([]);
  expect(await bed.synced(300_000)).toBe(true);
  expect(await bed.until(() => bed.sync.status().health === 'healthy', 120_000)).toBe(true);
  expect(toldTwice(bed)).toEqual([]);
  expect(bed.sync.status().counts.relists).toBeLessThanOrEqual(relists);
  expect(coverage(bed)).toMatchObject({ syncing: [], forbidden: [], stale: [], notes: [] });
}

/** A kubeconfig whose user is another one. */
function signedInBy(proxy: FaultProxy, user: object): string {
  const config = parse(proxy.kubeconfig('unused'));
  config.users[0].user = user;
  return stringify(config);
}

/** A credential plugin: notes each run, and prints what `token` holds. */
function plugin(folder: string): { user: object; runs(): number; token(next: string): void } {
  const [program, log, token] = ['plugin', 'runs', 'token'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(
    program,
    `#!/bin/sh
echo run >> ${log}
sleep 0.3
printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}' "$(cat ${token})"
`,
  );
  chmodSync(program, 0o700);
  writeFileSync(token, 'first');
  return {
    user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: program, interactiveMode: 'Never' } },
    runs: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').length : 0),
    token: (next) => writeFileSync(token, next),
  };
}

describe('sign-in', () => {
  test('F17, F19: a token that is refused to all watches at once is fetched anew by one process', async () => {
    let program: ReturnType<typeof plugin> | undefined;
    const bed = await bedOf({
      step: 50,
      plan: plan(watchesEnd),
      kubeconfig(proxy, folder) {
        program = plugin(folder);
        return signedInBy(proxy, program.user);
      },
    });
    expect(await bed.synced()).toBe(true);
    expect(program?.runs()).toBe(1);
    program?.token('second');
    await bed.proxy.setPlan(plan(failing({ bearer: 'first' }, UNAUTHORIZED)));
    await bed.pass(40_000);
    await recovers(bed);
    expect(program?.runs()).toBe(2);
    expect(bed.proxy.stats.log.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(
      bed.sync.kinds().length + 2,
    );
  });

  test('F19: a plugin that fails is run once for all kinds, and again after a while; the message says what to do', async () => {
    let runs = () => 0;
    let repair = () => {};
    const bed = await bedOf({
      kubeconfig(proxy, folder) {
        const program = plugin(folder);
        const path = join(folder, 'plugin');
        const working = readFileSync(path, 'utf8');
        writeFileSync(path, `${working}\necho 'token expired' >&2\nexit 3\n`);
        runs = program.runs;
        repair = () => writeFileSync(path, working);
        return signedInBy(proxy, program.user);
      },
    });
    expect(await bed.until(() => bed.sync.problems().length > 0, 120_000)).toBe(true);
    expect(bed.sync.problems()[0]?.code).toBe('credentials_failed');
    expect(bed.sync.problems()[0]?.detail.remedy).toMatch(/./);
    expect(runs()).toBeLessThan(4);
    repair();
    await recovers(bed);
  });

  test('F18: refused for ever: one sign-in after another, slowly; what is known stays, and is said to be old', async () => {
    const bed = await bedOf({ step: 50, plan: plan(watchesEnd) });
    expect(await bed.synced()).toBe(true);
    bed.hands.life();
    expect(await bed.settled()).toEqual([]);
    const before = bed.sync.status().nodes;
    await bed.proxy.setPlan(plan(failing({}, UNAUTHORIZED)));
    const kinds = bed.sync.kinds().length;
    expect(await bed.until(() => bed.states()['stale'] === kinds, 120_000)).toBe(true);
    const requests = bed.proxy.stats.requests;
    await bed.pass(60_000);
    expect(bed.sync.status()).toMatchObject({ nodes: before, health: 'stale', counts: { relists: 0 } });
    const { stale, synced } = coverage(bed);
    expect(synced).toEqual([]);
    expect(stale).toHaveLength(kinds);
    // Each kind asks about every half minute.
    expect(bed.proxy.stats.requests - requests).toBeLessThan(3.5 * kinds);
    await bed.proxy.setPlan({ rules: [] });
    await recovers(bed);
  });

  test('F23: a token file that is replaced is picked up without a list', async () => {
    let file = '';
    const bed = await bedOf({
      step: 50,
      plan: plan(watchesEnd),
      kubeconfig(proxy, folder) {
        file = join(folder, 'token');
        writeFileSync(file, 'old-token');
        return signedInBy(proxy, { tokenFile: file });
      },
    });
    expect(await bed.synced()).toBe(true);
    writeFileSync(file, 'new-token');
    await bed.proxy.setPlan(plan(failing({ bearer: 'old-token' }, UNAUTHORIZED)));
    await bed.pass(60_000);
    await recovers(bed);
    expect(bed.proxy.stats.log.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(
      bed.sync.kinds().length,
    );
  });
});

describe('rights', () => {
  test('F20: a kind that is forbidden from the start is named, the rest syncs, and it comes when it is allowed', async () => {
    const bed = await bedOf({ step: 100, plan: plan(failing({ ...READS, resource: 'secrets' }, FORBIDDEN)) });
    expect(await bed.until(() => bed.states()['synced'] === bed.sync.kinds().length - 1, 60_000)).toBe(true);
    expect(coverage(bed).forbidden.map(({ kind }) => kind)).toEqual(['Secret']);
    expect(bed.sync.status().health).toBe('healthy');
    await bed.pass(120_000);
    // Asked of all, then of the namespaces one by one, and not again for minutes.
    expect(bed.proxy.stats.count({ verb: 'list', resource: 'secrets', namespace: '' })).toBe(1);
    expect(bed.proxy.stats.count({ ...READS, resource: 'secrets' })).toBeLessThan(10);
    await bed.proxy.setPlan({ rules: [] });
    await bed.until(() => bed.states()['forbidden'] === undefined, 620_000);
    await recovers(bed);
  });

  test('F21: a kind that becomes forbidden leaves the answers', async () => {
    const bed = await bedOf({ step: 50, plan: plan(watchesEnd) });
    bed.hands.life();
    expect(await bed.synced()).toBe(true);
    expect(await bed.settled()).toEqual([]);
    expect(bed.sync.graph.view().count('ServiceAccount').total).toBeGreaterThan(0);
    await bed.proxy.setPlan(plan(failing({ ...READS, resource: 'serviceaccounts' }, FORBIDDEN)));
    expect(
      await bed.until(() => bed.sync.graph.view().kindState('ServiceAccount').state === 'forbidden', 200_000),
    ).toBe(true);
    expect(bed.sync.graph.view().count('ServiceAccount').total).toBe(0);
    expect(coverage(bed).forbidden.map(({ kind }) => kind)).toEqual(['ServiceAccount']);
    expect(bed.differences().every((line) => line.startsWith('- ServiceAccount'))).toBe(true);
  });

  test('F22: allowed in namespaces only: the same graph of what lies in them', async () => {
    const rest = { ...READS, namespace: '' };
    const forbidden = ['configmaps', 'secrets', 'serviceaccounts', 'services', 'pods'].map((resource) =>
      failing({ ...rest, resource }, FORBIDDEN),
    );
    const bed = await bedOf({ step: 50, plan: { rules: forbidden } });
    bed.hands.put('c0');
    expect(await bed.synced()).toBe(true);
    bed.hands.put('c1');
    bed.hands.serve('web');
    expect(await bed.settled()).toEqual([]);
    expect(bed.sync.graph.view().kindState('ConfigMap')).toMatchObject({ state: 'synced' });
    expect(coverage(bed).namespaces).toContain('team-a');
  });
});

describe('throttling', () => {
  test('F24: 429 to everything: no list anew, no storm', async () => {
    const bed = await bedOf({ step: 50, plan: plan(watchesEnd) });
    expect(await bed.synced()).toBe(true);
    const kinds = bed.sync.kinds().length;
    const busy = { ...TOO_MANY, retryAfterSeconds: 5 };
    await bed.proxy.setPlan(plan(failing({}, busy, {}, { 'retry-after': '5' })));
    await bed.pass(30_000);
    const requests = bed.proxy.stats.requests;
    await bed.pass(60_000);
    expect(bed.proxy.stats.requests - requests).toBeLessThan(13 * kinds);
    expect(asked(bed).lists).toBe(kinds);
    await bed.proxy.setPlan({ rules: [] });
    await recovers(bed);
  });

  test('F24: 429 in every stream', async () => {
    const busy: Plan = plan(
      {
        match: { verb: 'watch' },
        counts: { per: 'path', nth: 1 },
        at: { at: 'time', ms: 30_000 },
        do: { kind: 'cut', how: 'end' },
      },
      failing({ verb: 'watch' }, TOO_MANY, { per: 'path', from: 2, to: 3 }, { 'retry-after': '1' }),
    );
    const bed = await bedOf({ step: 50, plan: busy });
    expect(await bed.synced()).toBe(true);
    await bed.pass(60_000);
    await recovers(bed);
  });
});

test('F35: versions of all kinds expire at once: lists are spread, and no answer is empty meanwhile', async () => {
  const bed = await bedOf({
    step: 20,
    plan: plan(watchesEnd, failing({ verb: 'watch' }, EXPIRED, { per: 'path', nth: 2 })),
  });
  expect(await bed.synced()).toBe(true);
  bed.hands.life();
  expect(await bed.settled()).toEqual([]);
  const before = bed.sync.status().nodes;
  const kinds = bed.sync.kinds().length;
  let fewest = before;
  bed.sync.graph.onChange(() => {
    fewest = Math.min(fewest, bed.sync.graph.view().totals.nodes);
  });
  const states = new Set<string>();
  expect(
    await bed.until(() => {
      for (const state of Object.keys(bed.states())) states.add(state);
      return bed.sync.status().counts.relists >= kinds;
    }, 60_000),
  ).toBe(true);
  await recovers(bed, kinds);
  expect(fewest).toBe(before);
  expect([...states]).toEqual(['synced']);
  expect(asked(bed).lists).toBe(2 * kinds);
});

test('F39: hours without a change, then the server restarts: bookmarks carried every version on', async () => {
  const bed = await bedOf({ step: 400, watchTimeout: 600 });
  expect(await bed.synced()).toBe(true);
  // Only one kind changes; its writes carry the versions of the others on.
  for (let minute = 0; minute < 40; minute++) {
    bed.hands.put('c0');
    await bed.pass(60_000);
  }
  await bed.proxy.cutAll('rst');
  await bed.pass(10_000);
  await recovers(bed);
  expect(asked(bed).lists).toBe(bed.sync.kinds().length);
});
