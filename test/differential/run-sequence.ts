/** Runs a sequence on one server and keeps what it answers. */
import { gunzipSync } from 'node:zlib';
import { parse } from 'yaml';
import { type Client, isPlainBookmark, type Reply } from './client.ts';
import type { Answer, Request, RequestOptions, Sequence, Side, Step, Watch } from './sequence.ts';
import type { Entry, Transcript } from './transcript.ts';

/** One of the two servers. */
export interface Server {
  readonly name: string;
  readonly clients: ReadonlyMap<string, Client>;
}

const EVENTS_WITHIN_MS = 10_000;
/** A namespace that had something in it is looked at again after some seconds only. */
const SETTLES_WITHIN_MS = 60_000;
const POLL_MS = 40;

/** The headers that callers go by. */
const HEADERS = [
  'content-type',
  'cache-control',
  'warning',
  'retry-after',
  'allow',
  'location',
  'www-authenticate',
  'x-content-type-options',
  'content-encoding',
];

/**
 * Runs it in a namespace called `id`, which is left to the caller; what it created outside of that is deleted. Where nothing more is
 * to come, no more than time can tell so: `patience` times as much of it as the sequence says.
 */
export async function runSequence(
  server: Server,
  sequence: Sequence,
  { id, patience }: { id: string; patience: number },
): Promise<Transcript> {
  const entries: Entry[] = [];
  const created = new Set<string>();
  const on = sideOf(server, { id, patience }, entries, created);
  if (!sequence.noNamespace) await makeNamespace(on);
  try {
    for (const step of sequence.steps) await takeStep(on, step);
  } finally {
    const admin = clientAs(server, undefined);
    for (const path of created) await admin.call({ method: 'DELETE', path });
  }
  return entries;
}

/** Deletes the namespace of a sequence, without waiting until it is gone. */
export async function removeNamespace(server: Server, id: string): Promise<void> {
  await clientAs(server, undefined).call({ method: 'DELETE', path: `/api/v1/namespaces/${id}` });
}

async function makeNamespace(on: Side): Promise<void> {
  const body = { metadata: { name: '{ns}' } };
  await on.send({ method: 'POST', path: '/api/v1/namespaces', body, unrecorded: true });
  for (const path of ['serviceaccounts/default', 'configmaps/kube-root-ca.crt'])
    await on.until(
      { method: 'GET', path: `/api/v1/namespaces/{ns}/${path}`, unrecorded: true },
      ({ status }) => status === 200,
    );
}

async function takeStep(on: Side, step: Step): Promise<void> {
  if (typeof step === 'function') await step(on);
  else if ('events' in step) await on.watch(step);
  else await on.send(step);
}

function clientAs({ name, clients }: Server, as = 'admin'): Client {
  const client = clients.get(as);
  if (client === undefined) throw new Error(`${name} has no user ${as}`);
  return client;
}

function sideOf(
  server: Server,
  { id, patience }: { id: string; patience: number },
  entries: Entry[],
  created: Set<string>,
): Side {
  const saved = new Map([
    ['ns', id],
    ['id', id],
  ]);
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (whole, key: string) => saved.get(key) ?? whole);
  const fillOwn = (text: string) => text.replace(/\{(ns|id)\}/g, id);
  const callOf = ({ method, path, body, headers = {} }: Request) => {
    const filled = typeof body === 'string' ? fill(body) : Buffer.isBuffer(body) ? body : fill(textOf(body));
    return {
      method,
      path: fill(path),
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: filled }),
    };
  };
  const keep = (
    title: string,
    path: string,
    sent: string,
    reply: Reply & { endedBy?: string },
    one: RequestOptions,
  ) => {
    const body = bodyOf(reply);
    for (const [key, at] of Object.entries(one.save ?? {})) saved.set(key, String(valueAt(body, at)));
    if (one.unrecorded) return { status: reply.status, body };
    entries.push({
      kind: 'answer',
      title,
      path,
      sent,
      status: reply.status,
      headers: headersOf(reply),
      body,
      unordered: one.unordered ?? [],
      ...(reply.endedBy === undefined ? {} : { endedBy: reply.endedBy }),
    });
    return { status: reply.status, body };
  };
  const ask = async (request: Request): Promise<{ answer: Answer; keepIt: () => Answer }> => {
    const call = callOf(request);
    const reply = await clientAs(server, request.as).call(call);
    if (call.method === 'POST' && reply.status === 201) noteCreated(created, call.path, bodyOf(reply));
    const text =
      typeof request.body === 'string' ? request.body : Buffer.isBuffer(request.body) ? '' : textOf(request.body);
    const sent = fillOwn(`${request.path} ${text}`);
    const keepIt = () => keep(titleOf(request.method, request), call.path, sent, reply, request);
    return { answer: { status: reply.status, body: bodyOf(reply) }, keepIt };
  };
  const side: Side = {
    saved,
    send: async (request) => (await ask(request)).keepIt(),
    async until(request, wanted) {
      const deadline = Date.now() + SETTLES_WITHIN_MS;
      for (;;) {
        const { answer, keepIt } = await ask(request);
        if (wanted(answer)) return keepIt();
        if (Date.now() > deadline) {
          entries.push({ kind: 'note', title: `until ${titleOf('GET', request)}`, value: 'never came' });
          return keepIt();
        }
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
    async watch(watch) {
      const path = fill(watch.path);
      const headers = watch.headers === undefined ? {} : { headers: watch.headers };
      const { promise: begun, resolve } = Promise.withResolvers<void>();
      const { promise: done, resolve: doneNow } = Promise.withResolvers<void>();
      const withinMs = (watch.withinMs ?? EVENTS_WITHIN_MS) * patience;
      const until = { events: watch.events, withinMs, begun: resolve, done };
      const reading = clientAs(server, watch.as).watch({ method: 'GET', path, ...headers }, until);
      await Promise.race([begun, reading]);
      try {
        for (const step of watch.while ?? []) await takeStep(side, step);
      } finally {
        doneNow();
      }
      const reply = await reading;
      keep(titleOf('WATCH', watch), path, fillOwn(watch.path), reply, watch);
      if (watch.bookmarks) {
        const lines = reply.body.toString('utf8').split('\n');
        side.note('plain bookmarks', lines.some(isPlainBookmark) ? 'some' : 'none');
      }
    },
    note: (title, value) => {
      entries.push({ kind: 'note', title, value });
    },
    async bytes(request) {
      return (await clientAs(server, request.as).call(callOf(request))).body;
    },
  };
  return side;
}

const textOf = (body: unknown) => (body === undefined ? '' : JSON.stringify(body));
const titleOf = (method: string, { path, as }: Request | Watch) => `${method} ${path}${as ? ` as ${as}` : ''}`;

function headersOf({ headers }: Reply): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of HEADERS) {
    const value = headers[name];
    if (value !== undefined) kept[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return kept;
}

/** JSON where it is JSON, a list of events (but plain bookmarks) where it is a watch, else text. */
function bodyOf({ body, headers, status, endedBy }: Reply & { endedBy?: string }): unknown {
  const type = String(headers['content-type'] ?? '');
  if (type.includes('protobuf')) return `<${type}>`;
  const text = (headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8');
  if (type.includes('yaml')) return parse(text);
  if (!type.includes('json')) return text;
  if (status === 200 && endedBy !== undefined)
    return text
      .split('\n')
      .filter((line) => line !== '' && !isPlainBookmark(line))
      .map((line) => JSON.parse(line));
  return text === '' ? '' : JSON.parse(text);
}

function valueAt(body: unknown, path: string): unknown {
  let value = body;
  for (const key of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[key];
  return value;
}

/** Remembers what is not deleted with the namespace. */
function noteCreated(created: Set<string>, path: string, body: unknown): void {
  const [bare = '', query = ''] = path.split('?');
  const name = valueAt(body, 'metadata.name');
  const outside = valueAt(body, 'metadata.namespace') === undefined && !bare.includes('/namespaces/');
  if (outside && typeof name === 'string' && name !== '' && !query.includes('dryRun')) created.add(`${bare}/${name}`);
}
