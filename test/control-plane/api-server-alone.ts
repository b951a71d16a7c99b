/** etcd and an API server, nothing else: for suites that stop, freeze and restart the server they talk to. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { issueCertificate } from '../../src/kernel/certificates/x509.ts';
import type { Binaries } from './binaries.ts';
import { apiServer, etcd, type Site } from './components.ts';
import { createCredentials } from './credentials.ts';
import { type DaemonPlan, startDaemon } from './daemon.ts';
import { type InstanceState, instanceFolder, stopInstance, writeState } from './instance.ts';
import type { Certificate } from './pki.ts';
import { issueClient } from './pki.ts';
import { identify, isRunning, type ProcessIdentity, signal, terminate } from './processes.ts';

export interface Answer {
  status: number;
  body: string;
}

export interface ApiServerAlone {
  readonly folder: string;
  /** A request as system:masters, past the relay. */
  send(method: string, path: string, body?: unknown): Promise<Answer>;
  /** The same, which must succeed. */
  must(method: string, path: string, body?: unknown): Promise<string>;
  /** With `flags` besides the usual ones, behind the same relay. */
  restart(flags?: readonly string[]): Promise<void>;
  freeze(): void;
  thaw(): void;
  /** etcd forgets all versions but the newest. */
  compact(): Promise<void>;
  /** Connections that come by the relay end; until `join` there are no new ones. */
  part(): void;
  join(): void;
  /** Valid for so long, ms; for years unless given. */
  certificate(user: string, validMs?: number): Certificate;
  /** A context and a user of this name in a file of its own; the server is the relay. Gives its path. */
  kubeconfig(name: string, user: Readonly<Record<string, string>>): string;
  stop(): Promise<void>;
}

export async function startApiServerAlone(name: string, binaries: Binaries): Promise<ApiServerAlone> {
  const folder = instanceFolder(name);
  await stopInstance(folder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const credentials = createCredentials(join(folder, 'pki'));
  const site: Site = { folder, binaries, credentials };
  const { authority, admin } = credentials;
  const owner = identify(process.pid);
  let state: InstanceState = {
    name,
    kubeconfig: '',
    kubectl: binaries.kubectl,
    ...(owner === undefined ? {} : { owner }),
    processes: [],
    ready: false,
  };
  const start = (plan: DaemonPlan) =>
    startDaemon(plan, (started: ProcessIdentity) => {
      state = { ...state, processes: [...state.processes.filter(isRunning), { component: plan.name, ...started }] };
      writeState(folder, state);
    });

  let agent: Agent | undefined;
  /** Of the server, another one after each start; the relay's stays. */
  let port = 0;
  const send = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    agent ??= new Agent({
      connect: { ca: authority.cert, cert: admin.cert, key: admin.key },
      headersTimeout: 20_000,
      bodyTimeout: 20_000,
    });
    const patch = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const answer = await request(`https://127.0.0.1:${port}${path}`, {
      method: method as 'GET',
      dispatcher: agent,
      headers: { 'content-type': patch },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, body: await answer.body.text() };
  };
  const must = async (method: string, path: string, body?: unknown) => {
    const answer = await send(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body.slice(0, 500)}`);
    return answer.body;
  };

  const [etcdPort = 0] = (await start(etcd(site))).ports;
  let server: ProcessIdentity | undefined;
  const startServer = async (flags: readonly string[]) => {
    const serves = async (candidate: number) => {
      port = candidate;
      return (await send('GET', '/readyz')).status === 200;
    };
    const plan = apiServer(site, etcdPort, serves);
    server = (await start({ ...plan, args: (ports) => [...plan.args(ports), ...flags] })).process;
  };
  try {
    await startServer([]);
  } catch (error) {
    await stopInstance(folder);
    throw error;
  }

  const relay = createRelay(() => port);
  const relayPort = await relay.open();
  const etcdCall = async (path: string, body: unknown) => {
    const answer = await request(`http://127.0.0.1:${etcdPort}${path}`, { method: 'POST', body: JSON.stringify(body) });
    return (await answer.body.json()) as { header?: { revision?: string } };
  };

  return {
    folder,
    send,
    must,
    async restart(flags = []) {
      if (server !== undefined) await terminate(server);
      await agent?.destroy();
      agent = undefined;
      await startServer(flags);
    },
    freeze: () => void (server && signal(server, 'SIGSTOP')),
    thaw: () => void (server && signal(server, 'SIGCONT')),
    async compact() {
      const { header } = await etcdCall('/v3/kv/range', { key: Buffer.from('/').toString('base64') });
      await etcdCall('/v3/kv/compaction', { revision: header?.revision, physical: true });
    },
    part: relay.part,
    join: relay.join,
    certificate: (user, validMs) =>
      validMs === undefined
        ? issueClient(authority, { commonName: user })
        : issueCertificate(authority, { subject: { commonName: user }, usage: 'client', now: Date.now(), validMs }),
    kubeconfig(context, user) {
      const path = join(folder, `${context}.kubeconfig`);
      const ca = Buffer.from(authority.cert).toString('base64');
      const config = {
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [
          { name: 'alone', cluster: { server: `https://127.0.0.1:${relayPort}`, 'certificate-authority-data': ca } },
        ],
        users: [{ name: context, user }],
        contexts: [{ name: context, context: { cluster: 'alone', user: context } }],
        'current-context': context,
      };
      writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
      return path;
    },
    async stop() {
      if (server !== undefined) signal(server, 'SIGCONT');
      await relay.close();
      await agent?.destroy();
      await stopInstance(folder);
    },
  };
}

/** Bytes there and back, until it is parted. */
function createRelay(port: () => number) {
  const sockets = new Set<Socket>();
  let parted = false;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  };
  const server: Server = createServer((near) => {
    keep(near);
    if (parted) return void near.destroy();
    const far = connect(port(), '127.0.0.1');
    keep(far);
    near.pipe(far).pipe(near);
    near.once('close', () => far.destroy());
    far.once('close', () => near.destroy());
  });
  return {
    open: () =>
      new Promise<number>((resolve) => {
        server.listen(0, '127.0.0.1', () => {
          const address = server.address();
          resolve(typeof address === 'object' && address !== null ? address.port : 0);
        });
      }),
    part() {
      parted = true;
      for (const socket of sockets) socket.destroy();
    },
    join() {
      parted = false;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
