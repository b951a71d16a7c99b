/** Runs sequences on both servers, so many at once. */
import { randomBytes } from 'node:crypto';
import { differences } from './compare.ts';
import { isKnown } from './known-differences.ts';
import { normalise } from './normalise.ts';
import { removeNamespace, runSequence, type Server } from './run-sequence.ts';
import type { Sequence } from './sequence.ts';

export interface Outcome {
  /** Lines that say how they differ. */
  readonly lines: readonly string[];
}

const AT_ONCE = 8;

/**
 * What differs is asked again, in a place of its own: the real server's quotas, caches and controllers come to rest in their own
 * time, and each time it is given more of it. What differs every time is a difference.
 */
const MOST_TRIES = 3;

export interface Running {
  readonly outcomes: ReadonlyMap<string, Promise<Outcome>>;
  /** Deletes the namespaces: at the end, since each keeps a server of two cores busy for a while. */
  cleanUp(): Promise<void>;
}

/** Starts those that go first, and when they have ended the others; each ends in its own time. */
export function runTopics(
  real: Server,
  sandbox: Server,
  first: readonly Sequence[],
  others: readonly Sequence[],
): Running {
  const sequences = [...first, ...others];
  const run = randomBytes(3).toString('hex');
  const started = new Map<string, PromiseWithResolvers<Outcome>>();
  for (const { name } of sequences) {
    if (started.has(name)) throw new Error(`two sequences are called ${name}`);
    const outcome = Promise.withResolvers<Outcome>();
    outcome.promise.catch(() => {});
    started.set(name, outcome);
  }
  const places: string[] = [];
  async function compare(sequence: Sequence, id: string): Promise<Outcome> {
    for (let tries = 1; ; tries++) {
      const place = tries === 1 ? id : `${id}-again-${tries}`;
      if (!sequence.noNamespace) places.push(place);
      const outcome = await compareOnce([real, sandbox], sequence, { id: place, patience: tries });
      if (tries === MOST_TRIES || outcome.lines.every((line) => isKnown(sequence.name, line))) return outcome;
    }
  }

  async function runAll(from: number, to: number): Promise<void> {
    let next = from;
    const worker = async () => {
      for (let at = next++; at < to; at = next++) {
        const sequence = sequences[at] as Sequence;
        const outcome = started.get(sequence.name);
        await compare(sequence, `diff-${run}-${at}`).then(outcome?.resolve, outcome?.reject);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }
  void runAll(0, first.length).then(() => runAll(first.length, sequences.length));
  return {
    outcomes: new Map([...started].map(([name, { promise }]) => [name, promise])),
    async cleanUp() {
      for (const place of places) await removeNamespace(real, place);
    },
  };
}

async function compareOnce(
  servers: readonly [Server, Server],
  sequence: Sequence,
  how: { id: string; patience: number },
): Promise<Outcome> {
  const [theirs, ours] = await Promise.all(servers.map((server) => runSequence(server, sequence, how)));
  return { lines: differences(normalise(theirs ?? []), normalise(ours ?? [])) };
}
