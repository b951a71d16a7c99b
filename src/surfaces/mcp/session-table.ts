/** Live connections of the eras that keep state: bound to their principal, capped, ended when idle. */
import type { McpServer } from '@modelcontextprotocol/server';
import type { Clock } from '../../kernel/clock.ts';
import type { Principal } from '../../kernel/vocabulary.ts';

/** A session that was used within this time is never ended to make room. */
const EVICTABLE_AFTER_MS = 60_000;

export interface SessionLimits {
  max: number;
  /** A session that nobody listens to ends after this time without a request. */
  idleMs: number;
}

export interface Session<T> {
  readonly id: string;
  readonly server: McpServer;
  readonly transport: T;
}

interface Entry<T> extends Session<T> {
  /** Id of the principal that opened it: nobody else may use it. */
  owner: string;
  usedAt: number;
  /** Requests whose answer is being sent. */
  active: number;
  /** Open streams for what the server sends on its own. */
  listening: number;
}

export interface SessionTable<T> {
  /** Keeps room for a session until the returned function is called; undefined when there is none and none can be made. */
  reserve(): (() => void) | undefined;
  add(session: Session<T>, owner: Principal): void;
  /** The session, if it is this principal's. Counts as use. */
  find(id: string, principal: Principal): Session<T> | undefined;
  /** Marks a request or a listener as under way; the returned function ends it. */
  hold(id: string, use: 'active' | 'listening'): () => void;
  forget(id: string): void;
  all(): Session<T>[];
  close(): Promise<void>;
}

export function createSessionTable<T>({ max, idleMs }: SessionLimits, clock: Clock): SessionTable<T> {
  const entries = new Map<string, Entry<T>>();
  let reserved = 0;
  let stopSweep: (() => void) | undefined;

  const end = (entry: Entry<T>) => {
    entries.delete(entry.id);
    return entry.server.close().catch(() => {});
  };
  const idleFor = (entry: Entry<T>) => clock.monotonic() - entry.usedAt;
  const makeRoom = () => {
    const idle = [...entries.values()].filter((entry) => entry.active === 0 && idleFor(entry) >= EVICTABLE_AFTER_MS);
    // Those that nobody listens to first, then the longest idle.
    idle.sort((a, b) => Math.sign(a.listening) - Math.sign(b.listening) || a.usedAt - b.usedAt);
    if (idle[0] !== undefined) void end(idle[0]);
  };

  const sweep = () => {
    stopSweep = undefined;
    for (const entry of entries.values()) {
      // Requests under way do not count: none takes this long, and a cancelled one on the 2025 wire never ends.
      if (entry.listening === 0 && idleFor(entry) >= idleMs) void end(entry);
    }
    if (entries.size > 0) scheduleSweep();
  };
  const scheduleSweep = () => {
    stopSweep ??= clock.after(Math.min(idleMs, 60_000), sweep);
  };

  return {
    reserve() {
      if (entries.size + reserved >= max) makeRoom();
      if (entries.size + reserved >= max) return undefined;
      reserved++;
      return () => void reserved--;
    },
    add(session, owner) {
      entries.set(session.id, { ...session, owner: owner.id, usedAt: clock.monotonic(), active: 0, listening: 0 });
      scheduleSweep();
    },
    find(id, principal) {
      const entry = entries.get(id);
      if (entry === undefined || entry.owner !== principal.id) return undefined;
      entry.usedAt = clock.monotonic();
      return entry;
    },
    hold(id, use) {
      const entry = entries.get(id);
      if (entry === undefined) return () => {};
      entry[use]++;
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        entry[use]--;
        entry.usedAt = clock.monotonic();
      };
    },
    forget: (id) => void entries.delete(id),
    all: () => [...entries.values()],
    async close() {
      stopSweep?.();
      await Promise.all([...entries.values()].map(end));
    },
  };
}
