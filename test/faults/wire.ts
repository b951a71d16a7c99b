/**
 * A client's connection below TLS: bytes go to and fro between it and our own TLS end, so that they can be held, cut after so many,
 * or ended in each way that TCP knows, whatever the layers above are doing.
 */
import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { createMoment, type Moment } from './moment.ts';

export interface Wire {
  /** Connects to our TLS end; resolves with the port that tells that end who is there. */
  attach(port: number): Promise<number | undefined>;
  /** Resolves when the client has what was written so far. */
  settled(): Promise<void>;
  /** Nothing is read from either side any more. */
  freeze(): void;
  thaw(): void;
  /** After what was written so far, or after so many bytes more. */
  cut(how: 'fin' | 'rst', afterBytes?: number): Promise<void>;
  destroy(): void;
  /** The client's end is closed. */
  readonly gone: Moment;
}

/** A reset overtakes what the receiver did not read yet: so it gets this long to. */
const READ_MS = 15;

export function createWire(client: Socket): Wire {
  const gone = createMoment();
  let inner: Socket | undefined;
  let frozen = false;
  let ended = false;
  /** Bytes that still get through to the client. */
  let left = Number.POSITIVE_INFINITY;
  let lastWay: 'fin' | 'rst' = 'rst';

  client.setNoDelay(true);
  client.pause();
  client.on('error', () => undefined);
  client.on('close', () => {
    inner?.destroy();
    gone.happen();
  });

  function end(how: 'fin' | 'rst'): void {
    if (ended) return;
    ended = true;
    inner?.removeAllListeners('data');
    inner?.destroy();
    if (how === 'rst') {
      client.resetAndDestroy();
      return;
    }
    // What still comes has to be read: closing with bytes unread would be a reset.
    client.removeAllListeners('data');
    client.on('data', () => undefined);
    client.resume();
    client.end();
  }

  function carry(from: Socket, to: Socket, passing: (chunk: Buffer) => Buffer | undefined): void {
    from.on('data', (chunk: Buffer) => {
      const passed = passing(chunk);
      if (passed === undefined || to.write(passed)) return;
      from.pause();
      to.once('drain', () => {
        if (!frozen) from.resume();
      });
    });
    from.on('end', () => to.end());
  }

  function toClient(chunk: Buffer): Buffer | undefined {
    if (chunk.length < left) {
      left -= chunk.length;
      return chunk;
    }
    const part = chunk.subarray(0, left);
    inner?.removeAllListeners('data');
    inner?.pause();
    client.write(part, () => setTimeout(() => end(lastWay), READ_MS));
    return undefined;
  }

  return {
    gone,
    attach: (port) =>
      new Promise((resolve) => {
        const socket = connect({ port, host: '127.0.0.1', noDelay: true });
        inner = socket;
        socket.on('error', () => undefined);
        socket.on('close', () => {
          if (!ended) client.end();
          resolve(undefined);
        });
        socket.on('connect', () => {
          resolve(socket.localPort);
          carry(client, socket, (chunk) => chunk);
          carry(socket, client, toClient);
          if (frozen) socket.pause();
          else client.resume();
        });
      }),
    settled: () => settle(client),
    freeze() {
      frozen = true;
      client.pause();
      inner?.pause();
    },
    thaw() {
      frozen = false;
      if (inner === undefined || ended) return;
      client.resume();
      inner.resume();
    },
    async cut(how, afterBytes) {
      if (afterBytes !== undefined) {
        left = afterBytes;
        lastWay = how;
        return;
      }
      await settle(client);
      end(how);
    },
    destroy() {
      ended = true;
      client.destroy();
      inner?.destroy();
    },
  };
}

/** What our TLS end wrote reaches the client within a few turns of the event loop. */
async function settle(client: Socket): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await nextTurn();
  await sleep(READ_MS);
  for (let turns = 0; client.writableLength > 0 && !client.destroyed && turns < 100; turns++) await sleep(READ_MS);
}
