/** The port that clients know: open, refused (nobody listens) or a black hole (SYNs get no answer). */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

export type ListenerState = 'open' | 'refused' | 'black-hole';

export interface Listener {
  readonly port: number;
  /** One change after the other; resolves when it is so. */
  become(state: ListenerState): Promise<void>;
}

/** Below the ports that systems give out themselves, so that nobody takes ours while it is closed. */
const FIRST_PORT = 20_000;
const PORTS = 12_000;
const TRIES = 50;
/** A connection over loopback that is not there by now was not answered. */
const ANSWER_MS = 200;
const FILLERS = 6;

type Standing = { state: ListenerState; leave(): Promise<void> };

export async function createListener(onConnection: (socket: Socket) => void): Promise<Listener> {
  const { server, port } = await firstFree(onConnection);
  let standing: Standing = { state: 'open', leave: () => stopListening(server) };
  let turn: Promise<void> = Promise.resolve();

  async function change(state: ListenerState): Promise<void> {
    if (standing.state === state) return;
    await standing.leave();
    standing = { state: 'refused', leave: async () => undefined };
    if (state === 'open') {
      const next = await listen(port, onConnection);
      standing = { state, leave: () => stopListening(next) };
    } else if (state === 'black-hole') standing = { state, leave: await digBlackHole(port) };
  }

  return {
    port,
    become(state) {
      turn = turn.then(() => change(state));
      return turn;
    },
  };
}

async function firstFree(onConnection: (socket: Socket) => void): Promise<{ server: Server; port: number }> {
  for (let tries = 1; ; tries++) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
    try {
      return { server: await listen(port, onConnection), port };
    } catch (error) {
      if (tries === TRIES) throw error;
    }
  }
}

function listen(port: number, onConnection: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ pauseOnConnect: true }, onConnection);
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1' }, () => resolve(server));
  });
}

/** Connections that stand go on; `close` would wait for them. */
async function stopListening(server: Server): Promise<void> {
  server.close();
}

/** Returns how to fill it in again. */
async function digBlackHole(port: number): Promise<() => Promise<void>> {
  const gate = new SharedArrayBuffer(4);
  const worker = new Worker(new URL('./syn-black-hole-worker.ts', import.meta.url), { workerData: { port, gate } });
  const said = await new Promise<unknown>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  if (said !== 'listening') throw new Error(`the black hole could not be made: ${String(said)}`);
  const fillers: Socket[] = [];
  for (let answered = true; answered && fillers.length < FILLERS; ) {
    const filler = connect(port, '127.0.0.1');
    fillers.push(filler);
    answered = await isAnswered(filler);
  }
  return async () => {
    for (const filler of fillers) filler.destroy();
    Atomics.store(new Int32Array(gate), 0, 1);
    const exit = new Promise((resolve) => worker.once('exit', resolve));
    Atomics.notify(new Int32Array(gate), 0);
    await exit;
  };
}

function isAnswered(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ANSWER_MS);
    const done = (answered: boolean) => {
      clearTimeout(timer);
      resolve(answered);
    };
    socket.on('connect', () => done(true));
    socket.on('error', () => done(false));
  });
}
