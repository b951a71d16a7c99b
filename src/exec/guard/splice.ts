/** Two connections made one. */
import type { Duplex } from 'node:stream';
import type { Clock } from '../../kernel/clock.ts';

/** ms that the last bytes may take after the other side has gone. */
const LINGER_MS = 2_000;

/** Passes bytes both ways, no faster than each side reads, until one side ends or `signal` aborts. */
export function splice(one: Duplex, other: Duplex, signal: AbortSignal, clock: Clock): void {
  const end = () => {
    one.destroy();
    other.destroy();
  };
  const finished = () => signal.removeEventListener('abort', end);
  signal.addEventListener('abort', end, { once: true });
  follow(one, other, clock);
  follow(other, one, clock);
  one.once('close', finished);
  one.pipe(other);
  other.pipe(one);
  if (signal.aborted) end();
}

function follow(leader: Duplex, follower: Duplex, clock: Clock): void {
  leader.on('error', () => follower.destroy());
  leader.once('close', () => {
    if (follower.destroyed) return;
    const cancel = clock.after(LINGER_MS, () => follower.destroy());
    follower.once('close', cancel);
    follower.end(() => follower.destroy());
  });
}
