/** The replaying API server as a process of its own. */
import { join } from 'node:path';
import { post, sessionTo } from './sandbox-lists.ts';
import { type RunningServer, startServer } from './sandbox-server.ts';

export interface RunningReplay extends RunningServer {
  /** So many events of pods from now on. */
  play(perSecond: number): Promise<void>;
}

export async function startReplay(): Promise<RunningReplay> {
  const running = await startServer((folder) => [join(import.meta.dirname, 'graph-replay-server.ts'), folder]);
  return {
    ...running,
    async play(perSecond) {
      const session = sessionTo(running.access);
      await post(session, '/bench/rate', perSecond);
      session.close();
    },
  };
}
