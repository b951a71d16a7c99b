/**
 * Reflectors of one server tell each other that it is there again. Each comes back by its own pauses, up to half a minute;
 * the first that gets through wakes those that wait because the connection failed, and nothing else.
 */
import type { Clock } from '../../kernel/clock.ts';
import { WAKE_AGAIN } from './limits.ts';

export interface Revival {
  /** `wake` is called when another one got through. */
  join(wake: () => void): Member;
}

export interface Member {
  /** Its connection had failed, and now the server answered. */
  gotThrough(): void;
  leave(): void;
}

/** Where connections come and go all the time, nobody is woken more than once in `WAKE_AGAIN`: the pauses keep their sense. */
export function createRevival(clock: Clock): Revival {
  const others = new Set<{ wake(): void; wokenAt: number | undefined }>();
  return {
    join(wake) {
      const self: { wake(): void; wokenAt: number | undefined } = { wake, wokenAt: undefined };
      others.add(self);
      return {
        gotThrough() {
          const now = clock.monotonic();
          for (const other of others) {
            if (other === self || (other.wokenAt !== undefined && now - other.wokenAt < WAKE_AGAIN)) continue;
            other.wokenAt = now;
            other.wake();
          }
        },
        leave: () => void others.delete(self),
      };
    },
  };
}
