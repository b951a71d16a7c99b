/** A world: what is in a sandbox when it is up. */
import type { Clock } from '../../src/kernel/clock.ts';
import type { Kinds } from '../kinds/types.ts';
import type { Store } from '../store/types.ts';
import type { KubeObject } from '../types.ts';
import type { SandboxUser } from '../users.ts';
import type { ImageEntry } from '../world/kubelet/images.ts';
import type { Machine } from '../world/types.ts';

export interface World {
  name: string;
  users: readonly SandboxUser[];
  /** Created in this order through the API, as its administrator would. */
  objects: readonly WorldStep[];
  /** How long ago the last of it was made, ms: what its components would have done since is done before it is up. */
  ageMs: number;
  /** Whether controllers, scheduler and kubelets work in it. */
  lives: boolean;
  /** While its objects are made, pods are born running and no events are recorded: those of old things have expired. */
  settled?: boolean;
  /** Images of its own for the kubelet model. */
  images?: readonly ImageEntry[];
  /** What containers have written, by their name, in place of what their images say. */
  logs?(container: string, previous: boolean): readonly { at: number; text: string }[] | undefined;
  incidents?: readonly Incident[];
  /** Generated worlds: the resourceVersion that it begins at. */
  startRevision?: number;
  /** Generated worlds: of their events at least so many of the latest are kept, whatever time would keep. */
  keepEvents?: number;
  /** Generated worlds: fills the store itself, and may go on changing it. Returns how to stop. */
  fill?(parts: FillParts): () => void;
}

/**
 * An object; or time that goes by before the next one is made: first some in which its components work, then some in which
 * nothing happens at all, so that things can be old at no cost.
 */
export type WorldStep = KubeObject | { liveMs: number; skipMs: number };

export interface FillParts {
  store: Store;
  kinds: Kinds;
  clock: Clock;
  /** Seeded: [0, 1). */
  random: () => number;
  /** Told as the world grows. */
  onProgress?: (objects: number, expected: number) => void;
}

/** Something that goes wrong, can be played, and is put right again. */
export interface Incident {
  /** `bad-image`. */
  name: string;
  /** One line: what happens. */
  title: string;
  /** One line: by what it shows, as kubectl shows it. */
  symptom: string;
  /** The object at the root of it: `deployment/checkout` in `shop`. */
  root: { resource: string; namespace: string; name: string };
  /** A command that shows it: arguments of kubectl. */
  look: readonly string[];
  /** Both throw nothing when it is already so. */
  break(machine: Machine): void;
  heal(machine: Machine): void;
  isBroken(machine: Machine): boolean;
}
