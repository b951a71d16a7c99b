/** The tests of a file of sequences: one per sequence, and one for the differences that should be there. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../sandbox/create-sandbox.ts';
import { BARE } from '../../sandbox/worlds/bare.ts';
import { controlPlane, hasTestUsers } from '../support/control-plane.ts';
import { type Client, clientsOf } from './client.ts';
import { isKnown, KNOWN_DIFFERENCES } from './known-differences.ts';
import { type Outcome, type Running, runTopics } from './run-topics.ts';
import type { Sequence } from './sequence.ts';

/** Declares the suite; the sequences begin together when the first test does, but for those that must come first. */
export function differentialSuite(title: string, others: readonly Sequence[], first: readonly Sequence[] = []): void {
  const sequences = [...first, ...others];
  describe.skipIf(!hasTestUsers())(title, () => {
    let sandbox: Sandbox;
    let running: Running;
    const clients: ReadonlyMap<string, Client>[] = [];

    beforeAll(async () => {
      sandbox = createSandbox({ world: BARE });
      const { url } = await sandbox.listen(0);
      const [real, ours] = [readFileSync(controlPlane().kubeconfig, 'utf8'), sandbox.kubeconfig(url)].map(clientsOf);
      if (real === undefined || ours === undefined) throw new Error('there are two servers');
      clients.push(real, ours);
      running = runTopics(
        { name: 'the real server', clients: real },
        { name: 'the sandbox', clients: ours },
        first,
        others,
      );
    });

    afterAll(async () => {
      await Promise.allSettled(running.outcomes.values());
      // A control plane of the run's own goes with all that is in it.
      if (controlPlane().kubectlCache === undefined) await running.cleanUp();
      for (const users of clients) for (const client of users.values()) client.close();
      await sandbox.stop();
    });

    test.each(sequences.map(({ name }) => name))('%s', async (name) => {
      const { lines } = (await running.outcomes.get(name)) as Outcome;
      expect(lines.filter((line) => !isKnown(name, line))).toEqual([]);
    });

    const declared = KNOWN_DIFFERENCES.filter(({ sequence }) => sequences.some(({ name }) => sequence.test(name)));
    test.skipIf(declared.length === 0)('every known difference is still there', async () => {
      const lines = await Promise.all(
        [...running.outcomes].map(async ([name, outcome]) => ({ name, lines: (await outcome).lines })),
      );
      const gone = declared.filter(
        (known) =>
          !lines.some((one) => known.sequence.test(one.name) && one.lines.some((line) => known.line.test(line))),
      );
      expect(gone.map(({ reason }) => reason)).toEqual([]);
    });
  });
}
