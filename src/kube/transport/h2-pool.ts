/** The HTTP/2 sessions of one cluster: as few as its stream limit allows. */
import type { Socket } from 'node:net';
import { abortable } from '../../kernel/async.ts';
import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { type H2Session, type H2Timings, openSession } from './h2-session.ts';

/** Sessions. With the API server's usual 100 streams each: 1,600 watches. Beyond, requests wait for a stream. */
const MAX_SESSIONS = 16;

export interface H2Pool {
  /** A session with a stream reserved on it; undefined when the server turned out to speak HTTP/1.1 (the socket went to `onHttp1`). */
  session(signal: AbortSignal): Promise<H2Session | undefined>;
  /** Lets open streams finish; a request that still waits for a session gets one. */
  retire(): void;
  destroy(): void;
}

export interface H2PoolOptions {
  origin: URL;
  open(): Promise<Socket>;
  /** Takes a connection on which the server chose HTTP/1.1. */
  onHttp1(socket: Socket): void;
  clock: Clock;
  timings: H2Timings;
}

/** Opens sessions when they are needed; all who wait for one share the same dial. */
export function createH2Pool({ origin, open, onHttp1, clock, timings }: H2PoolOptions): H2Pool {
  const sessions = new Set<H2Session>();
  let waiting: (() => void)[] = [];
  let opening: Promise<boolean> | undefined;
  let destroyed = false;
  const onRoom = () => {
    for (const session of sessions) if (!session.isOpen()) sessions.delete(session);
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };
  /** False when the server chose HTTP/1.1. */
  const add = async (): Promise<boolean> => {
    const socket = await open();
    if (!speaksH2(socket)) {
      onHttp1(socket);
      return false;
    }
    const session = await openSession(origin, socket, { clock, timings, onRoom });
    sessions.add(session);
    if (destroyed) session.destroy();
    return true;
  };
  const addOnce = () => {
    opening ??= add().finally(() => {
      opening = undefined;
    });
    return opening;
  };
  const findRoom = () => {
    for (const session of sessions) if (session.reserve()) return session;
    return undefined;
  };
  return {
    async session(signal) {
      while (!destroyed) {
        const found = findRoom();
        if (found !== undefined) return found;
        const room = new Promise<true>((resolve) => waiting.push(() => resolve(true)));
        const next = sessions.size < MAX_SESSIONS ? Promise.race([room, addOnce()]) : room;
        if (!(await abortable(next, signal))) return undefined;
      }
      throw new AppError('cancelled', 'The connection to the cluster was closed.');
    },
    retire() {
      for (const session of sessions) session.retire();
    },
    destroy() {
      destroyed = true;
      for (const session of sessions) session.destroy();
      onRoom();
    },
  };
}

function speaksH2(socket: Socket): boolean {
  return 'alpnProtocol' in socket && socket.alpnProtocol === 'h2';
}
