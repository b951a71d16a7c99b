/** An answer on its way to the client, the same over HTTP/2 and HTTP/1.1: one chunk at a time, each written before the next. */
import type { ServerResponse } from 'node:http';
import { createMoment, type Moment } from './moment.ts';
import type { Reply } from './terminator.ts';
import type { Wire } from './wire.ts';

export type Headers = Record<string, string | string[]>;

export interface Outgoing {
  readonly wire: Wire;
  readonly headSent: boolean;
  /** Ended, by us or by the client, or about to be. */
  readonly over: boolean;
  readonly gone: Moment;
  head(status: number, headers: Headers): void;
  /** Resolves when the chunk was taken, or never will be. */
  write(chunk: Buffer): Promise<void>;
  /** A clean end. */
  end(): void;
  /** Nothing is written any more. */
  mute(): void;
  /** RST_STREAM; over HTTP/1.1 the connection is reset. */
  reset(code: number): Promise<void>;
  /** False over HTTP/1.1, which has none. */
  goaway(code: number): boolean;
}

/** Of an earlier hop, and what does not exist in HTTP/2 (RFC 9113 §8.2.2). */
const HOP_HEADERS = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'te']);

export function withoutHopHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Headers {
  return Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, string | string[]] =>
        entry[1] !== undefined && !entry[0].startsWith(':') && !HOP_HEADERS.has(entry[0]),
    ),
  );
}

export function createOutgoing(reply: Reply, wire: Wire): Outgoing {
  let over = false;
  let muted = false;
  const gone = createMoment();
  reply.on('close', () => {
    over = true;
    gone.happen();
  });
  reply.on('error', () => undefined);
  const session = 'stream' in reply ? reply.stream.session : undefined;

  return {
    wire,
    gone,
    get headSent() {
      return reply.headersSent;
    },
    get over() {
      return over;
    },
    head(status, headers) {
      if (over || muted || reply.headersSent) return;
      reply.sendDate = false;
      // The overloads of the two kinds of replies do not unite; both take these.
      (reply as ServerResponse).writeHead(status, headers);
      (reply as ServerResponse).flushHeaders();
    },
    write(chunk) {
      if (over && !muted) return Promise.resolve();
      return new Promise((resolve) => {
        const leave = gone.on(resolve);
        if (muted) return;
        (reply as ServerResponse).write(chunk, () => {
          leave();
          resolve();
        });
      });
    },
    end() {
      if (over || muted) return;
      over = true;
      reply.end();
    },
    mute() {
      muted = true;
    },
    async reset(code) {
      if (over) return;
      over = true;
      if ('stream' in reply) reply.stream.close(code);
      else await wire.cut('rst');
    },
    goaway(code) {
      if (session === undefined) return false;
      if (session.destroyed) return true;
      if (code === 0) session.close();
      else session.destroy(code as unknown as Error);
      return true;
    },
  };
}
