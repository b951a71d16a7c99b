/** Commands to the sandbox that runs: sent to its own address with the credentials of its kubeconfig. */
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { parse } from 'yaml';
import { AppError } from '../../src/kernel/errors.ts';
import { runningSandbox, type SandboxState } from '../server/state-file.ts';
import { PROGRAM } from './program.ts';

export interface Remote {
  state: SandboxState;
  /** JSON of the answer. Throws an `AppError` that says what the sandbox said. */
  ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown>;
}

/** Moving the clock on by a month takes a large world minutes. */
const ANSWER_WITHIN_MS = 3_600_000;

/** The sandbox of this folder. Throws `no_cluster` when none runs. */
export function connect(folder: string): Remote {
  const state = runningSandbox(folder);
  if (state === undefined || state.url === '') {
    throw new AppError('no_cluster', `No sandbox runs (looked in ${folder}).`, {
      remedy: `Start one with ${PROGRAM} run, or name its --folder.`,
    });
  }
  const trust = credentials(state.kubeconfig);
  return {
    state,
    async ask(method, path, body) {
      const { status, text } = await send(new URL(`/sandbox/${path}`, state.url), method, trust, body);
      const answer: unknown = text === '' ? {} : JSON.parse(text);
      if (status < 300) return answer;
      const message = (answer as { message?: unknown }).message;
      throw new AppError('cluster_refused', typeof message === 'string' ? message : `The sandbox answered ${status}.`);
    },
  };
}

interface Trust {
  ca: Buffer;
  cert: Buffer;
  key: Buffer;
}

/** Of the first user, its administrator. The file is the sandbox's own work. */
function credentials(kubeconfig: string): Trust {
  const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8')) as {
    clusters: { cluster: Record<string, string> }[];
    users: { user: Record<string, string> }[];
  };
  const bytes = (text: string | undefined) => Buffer.from(text ?? '', 'base64');
  const user = users[0]?.user;
  return {
    ca: bytes(clusters[0]?.cluster['certificate-authority-data']),
    cert: bytes(user?.['client-certificate-data']),
    key: bytes(user?.['client-key-data']),
  };
}

function send(url: URL, method: string, trust: Trust, body: unknown): Promise<{ status: number; text: string }> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers = text === undefined ? {} : { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const call = request(url, { method, ...trust, headers, timeout: ANSWER_WITHIN_MS }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    call.once('timeout', () =>
      call.destroy(new Error(`the sandbox did not answer within ${ANSWER_WITHIN_MS / 1000} s`)),
    );
    call.once('error', (error) =>
      reject(new AppError('cluster_unreachable', `The sandbox at ${url.origin} cannot be reached: ${error.message}.`)),
    );
    call.end(text);
  });
}
