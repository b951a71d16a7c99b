import { request as httpRequest } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Certificate } from './pki.ts';

/** The few requests the test bed itself sends to its API server. */
export interface Api {
  get(path: string): Promise<ApiAnswer>;
  /** Creates an object; one that is there already is fine. */
  create(path: string, body: unknown): Promise<void>;
  close(): void;
}

interface ApiAnswer {
  readonly status: number;
  readonly body: string;
}

const REQUEST_LIMIT_MS = 10_000;
const POLL_MS = 50;

/** Speaks to `https://127.0.0.1:port` as the holder of a client certificate. */
export function apiFor(port: number, ca: string, client: Certificate): Api {
  const agent = new Agent({ keepAlive: true, ca, cert: client.cert, key: client.key });
  const send = (method: string, path: string, body?: string) =>
    new Promise<ApiAnswer>((resolve, reject) => {
      const options = { host: '127.0.0.1', port, path, method, agent, timeout: REQUEST_LIMIT_MS };
      const request = httpsRequest({ ...options, headers: { 'content-type': 'application/json' } }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.once('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
        response.once('error', reject);
      });
      request.once('timeout', () => request.destroy(new Error(`${method} ${path}: no answer`)));
      request.once('error', reject);
      request.end(body);
    });
  return {
    get: (path) => send('GET', path),
    create: async (path, body) => {
      const answer = await send('POST', path, JSON.stringify(body));
      if (answer.status >= 300 && answer.status !== 409) {
        throw new Error(`POST ${path} was answered ${answer.status}: ${answer.body.slice(0, 500)}`);
      }
    },
    close: () => agent.destroy(),
  };
}

/** The status of a plain HTTP GET on loopback, or undefined when nobody answers. */
export function httpStatus(port: number, path: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const request = httpRequest({ host: '127.0.0.1', port, path, timeout: REQUEST_LIMIT_MS }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(undefined));
    request.end();
  });
}

/** Asks again and again until `check` says true; a check that throws counts as "not yet". */
export async function until(what: string, check: () => Promise<boolean>, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  let last: unknown;
  for (;;) {
    try {
      if (await check()) return;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`${what}: not within ${withinMs / 1000} s`, { cause: last });
    await sleep(POLL_MS);
  }
}
