import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How a process ended. Both null: it could not be started. */
export interface NodeChildEnd {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
}

/** What a child answered, or how it ended in place of that. */
export type Told = { answer: unknown } | { end: NodeChildEnd };

/**
 * A Node process of ours that answers messages, one at a time. What happens to it happens to it alone: that it runs out of
 * memory ends V8, which ends the process.
 *
 * Its program must end when its channel closes (`disconnect`), which it does also when we are killed. It has no standard
 * streams, no environment and no arguments of ours.
 */
export interface NodeChild {
  /**
   * Sends messages, each when the one before is written, and waits for the next one of the child, or for its end. Only this keeps
   * our event loop alive.
   */
  ask(messages: Iterable<object | string>): Promise<Told>;
  /** Settles when the process is gone. */
  readonly ended: Promise<NodeChildEnd>;
  /** SIGKILL; settles when the process, and with it its memory, is gone. */
  kill(): Promise<void>;
}

/** Starts `program`; `name` is what lists of processes show in place of `node`. */
export function startNodeChild(program: URL, name: string): NodeChild {
  let child: ChildProcess;
  try {
    child = spawn(process.execPath, [fileURLToPath(program)], {
      argv0: name,
      cwd: '/',
      env: {},
      shell: false,
      windowsHide: true,
      // V8's last words go nowhere.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
    });
  } catch {
    return neverStarted();
  }
  const ended = new Promise<NodeChildEnd>((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }));
    child.on('error', () => {
      if (child.pid === undefined) resolve(NOT_STARTED);
    });
  });
  const idle = () => {
    child.unref();
    child.channel?.unref();
  };
  const busy = () => {
    child.ref();
    child.channel?.ref();
  };
  idle();
  return {
    ended,
    async ask(messages) {
      busy();
      const answered = new Promise<Told>((resolve) => {
        const onMessage = (answer: unknown) => resolve({ answer });
        child.once('message', onMessage);
        void ended.then((end) => {
          child.off('message', onMessage);
          resolve({ end });
        });
      });
      for (const message of messages) {
        // It could not be started, or has just ended.
        if (!child.connected) break;
        const sent = new Promise((resolve) => child.send(message, resolve));
        await Promise.race([sent, ended]);
      }
      const told = await answered;
      idle();
      return told;
    },
    async kill() {
      child.ref();
      child.kill('SIGKILL');
      await ended;
    },
  };
}

const NOT_STARTED: NodeChildEnd = { exitCode: null, signal: null };

function neverStarted(): NodeChild {
  return {
    ended: Promise.resolve(NOT_STARTED),
    ask: async () => ({ end: NOT_STARTED }),
    kill: async () => undefined,
  };
}
