/** A generated world in motion: so many writes a second, each of a story that makes sense. */
import type { Clock } from '../../../src/kernel/clock.ts';
import { seededRandom } from '../../bootstrap/seeded-random.ts';
import type { LiveWorld } from '../live-world.ts';
import { heartbeats, leases } from './heartbeats.ts';
import { jobRun } from './job-run.ts';
import { restart } from './restart.ts';
import { rollout } from './rollout.ts';
import type { Story, Teller } from './story.ts';

export interface ChurnParts {
  world: LiveWorld;
  clock: Clock;
  perSecond: number;
}

const TICK_MS = 20;
/** What could not be written in time is not made up for beyond this. */
const MOST_BEHIND_SECONDS = 0.25;
/** A world of nothing to write does not turn for ever. */
const MOST_IDLE_STEPS = 200;

/** Which share of the steps a kind of story gets, and how many of it are told at a time, of each write a second. */
interface Kind {
  share: number;
  atOnce: number;
  most: number;
  begin: (teller: Teller) => Story | undefined;
}

const KINDS: readonly Kind[] = [
  { share: 0.7, atOnce: 0.25, most: 400, begin: rollout },
  { share: 0.12, atOnce: 0.1, most: 200, begin: restart },
  { share: 0.04, atOnce: 0.02, most: 50, begin: jobRun },
  { share: 0.1, atOnce: 0, most: 1, begin: leases },
  { share: 0.04, atOnce: 0, most: 1, begin: heartbeats },
];

/** Returns how to stop. */
export function startChurn({ world, clock, perSecond }: ChurnParts): () => void {
  if (perSecond <= 0) return () => undefined;
  const teller: Teller = {
    world,
    random: seededRandom(world.seed ^ 0xc4012),
    now: () => Math.floor(clock.now() / 1000),
    busy: new Set(),
    mostEvents: Math.max(1_000, world.events.size),
  };
  const told = KINDS.map((kind) => new Telling(kind, perSecond));
  let last = clock.now();
  let due = 0;
  let cancel = () => {};
  const tick = () => {
    const now = clock.now();
    due = Math.min(due + ((now - last) / 1000) * perSecond, Math.max(1, perSecond * MOST_BEHIND_SECONDS));
    last = now;
    for (let idle = 0; due >= 1 && idle < MOST_IDLE_STEPS; ) {
      const before = world.made;
      chosen(told, teller.random()).step(teller);
      idle = world.made === before ? idle + 1 : 0;
      due -= world.made - before;
    }
    cancel = clock.after(TICK_MS, tick);
  };
  cancel = clock.after(TICK_MS, tick);
  return () => cancel();
}

function chosen(told: readonly Telling[], chance: number): Telling {
  let rest = chance;
  for (const telling of told) {
    rest -= telling.share;
    if (rest < 0) return telling;
  }
  return told[0] ?? never();
}

function never(): never {
  throw new Error('there are stories');
}

/** The stories of one kind that are told, each a step at a time, in turn. */
class Telling {
  readonly share: number;
  readonly #kind: Kind;
  readonly #atOnce: number;
  readonly #stories: Story[] = [];
  #next = 0;

  constructor(kind: Kind, perSecond: number) {
    this.#kind = kind;
    this.share = kind.share;
    this.#atOnce = Math.min(kind.most, Math.max(1, Math.round(kind.atOnce * perSecond)));
  }

  step(teller: Teller): void {
    if (this.#stories.length < this.#atOnce) {
      const story = this.#kind.begin(teller);
      if (story !== undefined) this.#stories.push(story);
    }
    if (this.#stories.length === 0) return;
    this.#next = (this.#next + 1) % this.#stories.length;
    if (this.#stories[this.#next]?.next().done === true) this.#stories.splice(this.#next, 1);
  }
}
