/**
 * An API server for a large cluster that costs next to nothing beside what is measured: everything that it says was encoded before it
 * said that it is up. Knows what the product asks: discovery, lists and watches in protobuf. `node bench/graph-replay-server.ts FOLDER`.
 */
import { createSecureServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { join } from 'node:path';
import { kubeconfigText, writePrivately } from '../sandbox/server/kubeconfig.ts';
import { createTrust, issueClientCertificate } from '../sandbox/server/trust.ts';
import type { KubeObject } from '../src/kernel/vocabulary.ts';
import { LARGE } from './graph-cluster.ts';
import {
  addedFrame,
  apiVersionOf,
  bookmarkFrame,
  LIST_VERSION,
  pageOf,
  podTape,
  type ReplayedKind,
  replayedKinds,
} from './graph-replay-bytes.ts';

const PROTOBUF = 'application/vnd.kubernetes.protobuf';
/** Of the 150,000 pods 10,000 are restless: at 5,000 events/s each has its five events within 1 s, every 10 s. */
const GROUPS = 10;
const PODS_PER_GROUP = 1_000;
const TICK_MS = 10;
/** As often as the real server. */
const BOOKMARK_MS = 60_000;
/** Bytes that a watcher may be behind before events wait for it; the real server would end its watch. */
const MOST_BEHIND = 4 * 1024 * 1024;

interface Kind extends ReplayedKind {
  watchers: Set<ServerHttp2Stream>;
}

const [folder = '.'] = process.argv.slice(2);
const tape = podTape(LARGE, GROUPS, PODS_PER_GROUP);
const kinds = new Map<string, Kind>();
for (const kind of replayedKinds(LARGE))
  kinds.set(`${rootOf(kind)}/${kind.resource.resource}`, { ...kind, watchers: new Set() });
const pods = kindOfPods();
const documents = discovery();
let version = LIST_VERSION;
let nextFrame = 0;
let perSecond = 0;
let told = performance.now();
/** Events that were due while the watcher was too far behind. */
let leftOut = 0;

const now = Date.now();
const trust = createTrust(now);
const { cert, key } = trust.server;
const server = createSecureServer({ cert, key, maxSessionMemory: 1024 });
server.on('stream', (stream, headers) => {
  // Whoever goes away goes away.
  stream.on('error', () => undefined);
  void answer(stream, headers);
});
server.on('sessionError', () => undefined);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const certificate = issueClientCertificate(trust, { commonName: 'admin', organizations: ['system:masters'] }, now);
  const users = [{ context: 'admin', credentials: { kind: 'certificate' as const, certificate } }];
  const url = `https://127.0.0.1:${port}`;
  writePrivately(join(folder, 'kubeconfig'), kubeconfigText({ url, authority: trust.authority.cert, users }));
  process.stdout.write(`the replaying server is up at ${url}\n`);
});
setInterval(play, TICK_MS);
setInterval(bookmark, BOOKMARK_MS);
process.once('SIGTERM', () => process.exit(0));

async function answer(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
  const { pathname, searchParams } = new URL(headers[':path'] ?? '/', 'https://replay.test');
  const method = headers[':method'];
  const kind = kinds.get(pathname);
  const document = documents.get(pathname);
  if (method === 'POST' && pathname === '/bench/rate') return setRate(stream);
  if (method === 'POST' && pathname === '/api/v1/namespaces/default/pods') return add(stream);
  if (method === 'GET' && document !== undefined) return json(stream, 200, document);
  if (method !== 'GET' || kind === undefined) return refuse(stream, 404, `${method} ${pathname}`);
  const accept = headers.accept ?? '';
  if (!accept.startsWith(PROTOBUF) || accept.includes('as=')) return refuse(stream, 406, `${pathname} as ${accept}`);
  if (searchParams.has('watch')) return watch(stream, kind, Number(searchParams.get('resourceVersion')));
  const page = kind.pages[pageOf(searchParams.get('continue'))];
  stream.respond({ ':status': 200, 'content-type': PROTOBUF });
  stream.end(page);
}

function watch(stream: ServerHttp2Stream, kind: Kind, from: number): void {
  // What was played is not kept.
  if (kind === pods && from !== version) {
    refuse(stream, 410, `a watch of pods from ${from}, at ${version}`);
    return;
  }
  stream.respond({ ':status': 200, 'content-type': `${PROTOBUF};stream=watch` });
  kind.watchers.add(stream);
  stream.once('close', () => kind.watchers.delete(stream));
}

/** What is due of the tape, in one write. */
function play(): void {
  const at = performance.now();
  const due = Math.floor(((at - told) / 1000) * perSecond);
  if (due === 0) return;
  told += (due / perSecond) * 1000;
  const { watchers } = pods;
  if ([...watchers].some(({ writableLength }) => writableLength > MOST_BEHIND)) {
    leftOut += due;
    return;
  }
  const until = Math.min(nextFrame + due, tape.frames.length);
  const start = tape.frames[nextFrame]?.start ?? 0;
  const end = tape.frames[until - 1]?.end ?? start;
  for (let index = nextFrame; index < until; index++) {
    version++;
    tape.bytes.write(String(version), tape.frames[index]?.versionAt ?? 0, 'latin1');
  }
  nextFrame = until === tape.frames.length ? 0 : until;
  for (const watcher of watchers) watcher.write(tape.bytes.subarray(start, end));
}

function bookmark(): void {
  for (const { resource, watchers } of kinds.values())
    for (const watcher of watchers) watcher.write(bookmarkFrame(resource, version));
}

async function setRate(stream: ServerHttp2Stream): Promise<void> {
  process.stderr.write(`replay: played ${version - LIST_VERSION} events, left out ${leftOut}\n`);
  perSecond = Number(await textOf(stream));
  told = performance.now();
  json(stream, 201, { perSecond });
}

/** A pod that is made: its event follows those that were played. */
async function add(stream: ServerHttp2Stream): Promise<void> {
  // Sent by graph-events.ts.
  const sent = JSON.parse(await textOf(stream)) as KubeObject;
  version++;
  const own = { namespace: 'default', uid: `made-${version}`, resourceVersion: String(version) };
  const object = { ...sent, metadata: { ...sent.metadata, ...own, creationTimestamp: new Date().toISOString() } };
  const { resource, watchers } = pods;
  const frame = addedFrame({ object, resource });
  for (const watcher of watchers) watcher.write(frame);
  json(stream, 201, object);
}

async function textOf(stream: ServerHttp2Stream): Promise<string> {
  const chunks: Buffer[] = [];
  // A stream without an encoding gives Buffers.
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function json(stream: ServerHttp2Stream, status: number, body: object): void {
  stream.respond({ ':status': status, 'content-type': 'application/json' });
  stream.end(JSON.stringify(body));
}

/** Told too: what the product asks and does not get may be why a number is what it is. */
function refuse(stream: ServerHttp2Stream, code: number, what: string): void {
  process.stderr.write(`replay: ${code} for ${what}\n`);
  const reasons: Record<number, string> = { 404: 'NotFound', 406: 'NotAcceptable', 410: 'Expired' };
  json(stream, code, {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    code,
    reason: reasons[code],
    message: what,
  });
}

function kindOfPods(): Kind {
  const found = kinds.get('/api/v1/pods');
  if (found === undefined) throw new Error('no pods were made');
  return found;
}

function rootOf({ resource }: ReplayedKind): string {
  return resource.group === '' ? '/api/v1' : `/apis/${apiVersionOf(resource)}`;
}

/** The documents of old, one for each group. */
function discovery(): Map<string, object> {
  const resources = new Map<string, object[]>();
  const groups = new Map<string, object>();
  for (const kind of kinds.values()) {
    const { group, version, kind: name, resource, singular: singularName, namespaced, verbs } = kind.resource;
    const root = rootOf(kind);
    resources.set(root, [
      ...(resources.get(root) ?? []),
      { name: resource, singularName, namespaced, kind: name, verbs },
    ]);
    const served = { groupVersion: apiVersionOf(kind.resource), version };
    if (group !== '') groups.set(group, { name: group, versions: [served], preferredVersion: served });
  }
  const lists = [...resources].map(
    ([root, served]) =>
      [root, { kind: 'APIResourceList', groupVersion: root.replace(/^\/apis?\//, ''), resources: served }] as const,
  );
  return new Map<string, object>([
    // By which the product knows a cluster again.
    ['/api/v1/namespaces/kube-system', { metadata: { name: 'kube-system', uid: 'replay' } }],
    ['/version', { major: '1', minor: '36', gitVersion: 'v1.36.3' }],
    ['/api', { kind: 'APIVersions', versions: ['v1'] }],
    ['/apis', { kind: 'APIGroupList', apiVersion: 'v1', groups: [...groups.values()] }],
    ...lists,
  ]);
}
