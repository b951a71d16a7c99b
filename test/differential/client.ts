/** A raw HTTPS client of one API server: what it answers is kept as it is. */
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface WatchReply extends Reply {
  /** `server`: it ended the answer; `reader`: it had all it waited for; `time`: nothing more came in time. */
  readonly endedBy: 'server' | 'reader' | 'time';
}

/** When a reader has seen enough of a watch. */
export interface WatchUntil {
  readonly events: number;
  readonly withinMs: number;
  /** Called once the answer has begun. */
  readonly begun: () => void;
  /** When all is done that it should tell of: only then does the time count. */
  readonly done: Promise<unknown>;
}

/** One user of one API server. */
export interface Client {
  call(call: Call): Promise<Reply>;
  watch(call: Call, until: WatchUntil): Promise<WatchReply>;
  close(): void;
}

interface NamedUser {
  name: string;
  user: { token?: string; 'client-certificate-data'?: string; 'client-key-data'?: string };
}

interface Kubeconfig {
  clusters: { name: string; cluster: { server: string; 'certificate-authority-data'?: string } }[];
  contexts: { name: string; context: { cluster: string; user: string } }[];
  users: NamedUser[];
}

/**
 * For a moment after a definition has changed, the real server asks to come again: it makes the cache of the kind anew. Every
 * client does as it is told.
 */
const isStarting = ({ status, body }: Reply) => status === 429 && body.includes('storage is (re)initializing');
const RETRY_MS = 250;
const MOST_TRIES = 60;

const USER_AGENT = 'differential/1.0';
const LIMIT_MS = 60_000;

/** A client for each context of a kubeconfig that holds its credentials in itself. */
export function clientsOf(kubeconfigText: string): ReadonlyMap<string, Client> {
  const config = parse(kubeconfigText) as Kubeconfig;
  const byName = <T extends { name: string }>(items: T[], name: string): T => {
    const found = items.find((item) => item.name === name);
    if (found === undefined) throw new Error(`the kubeconfig has nothing named ${name}`);
    return found;
  };
  return new Map(
    config.contexts.map(({ name, context }) => [
      name,
      clientOf(byName(config.clusters, context.cluster).cluster, byName(config.users, context.user).user),
    ]),
  );
}

const decoded = (base64: string | undefined) => (base64 === undefined ? undefined : Buffer.from(base64, 'base64'));

function clientOf(cluster: Kubeconfig['clusters'][number]['cluster'], user: NamedUser['user']): Client {
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 32,
    ca: decoded(cluster['certificate-authority-data']),
    cert: decoded(user['client-certificate-data']),
    key: decoded(user['client-key-data']),
  });
  const always = {
    'user-agent': USER_AGENT,
    accept: 'application/json',
    ...(user.token === undefined ? {} : { authorization: `Bearer ${user.token}` }),
  };
  const { hostname, port } = new URL(cluster.server);
  const begin = ({ method, path, headers, body }: Call, again = true): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      // The path is not given as a URL, which would put strange ones in order.
      const asked = request({
        host: hostname,
        port,
        path,
        agent,
        method,
        headers: {
          ...always,
          ...headers,
          ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
        },
        timeout: LIMIT_MS,
      });
      asked.on('response', resolve);
      asked.on('timeout', () => asked.destroy(new Error(`${method} ${path}: no answer within ${LIMIT_MS} ms`)));
      // A kept connection may be closed by the server while the request is on its way: it never read it.
      asked.on('error', (error: NodeJS.ErrnoException) => {
        if (again && asked.reusedSocket && error.code === 'ECONNRESET')
          begin({ method, path, ...(headers && { headers }), ...(body !== undefined && { body }) }, false).then(
            resolve,
            reject,
          );
        else reject(error);
      });
      asked.end(body);
    });
  return {
    async call(call) {
      for (let tries = 1; ; tries++) {
        const answer = await begin(call);
        const reply = { ...headOf(answer), body: Buffer.concat(await answer.toArray()) };
        if (tries === MOST_TRIES || !isStarting(reply)) return reply;
        await sleep(RETRY_MS);
      }
    },
    async watch(call, until) {
      const answer = await begin(call);
      until.begun();
      const { body, endedBy } = await readEvents(answer, until);
      return { ...headOf(answer), body, endedBy };
    },
    close: () => agent.destroy(),
  };
}

function headOf({ statusCode = 0, headers }: IncomingMessage): Pick<Reply, 'status' | 'headers'> {
  return { status: statusCode, headers };
}

function readEvents(
  answer: IncomingMessage,
  { events, withinMs, done }: WatchUntil,
): Promise<Pick<WatchReply, 'body' | 'endedBy'>> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let rest = '';
    let seen = 0;
    const end = (endedBy: WatchReply['endedBy']) => {
      isOver = true;
      clearTimeout(timer);
      answer.destroy();
      resolve({ body: Buffer.concat(chunks), endedBy });
    };
    let timer: NodeJS.Timeout | undefined;
    let isOver = false;
    void done.finally(() => {
      if (!isOver) timer = setTimeout(() => end('time'), withinMs);
    });
    answer.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      const lines = (rest + chunk.toString('latin1')).split('\n');
      rest = lines.pop() ?? '';
      seen += lines.filter((line) => !isPlainBookmark(line)).length;
      if (seen >= events && answer.statusCode === 200) end('reader');
    });
    answer.on('end', () => end('server'));
    answer.on('error', () => end('server'));
  });
}

/** Servers send these when they like. */
export function isPlainBookmark(line: string): boolean {
  return line.startsWith('{"type":"BOOKMARK"') && !line.includes('k8s.io/initial-events-end');
}
