/** Reads each list of a sandbox whole and discards it: what the server and the connection alone take. `node bench/graph-lists.ts TASK.json`. */
import { readFileSync } from 'node:fs';
import type { ClientHttp2Session } from 'node:http2';
import { chunksOf, continueOf, sessionTo } from './sandbox-lists.ts';
import type { Access } from './sandbox-server.ts';

export interface ListsRead {
  seconds: number;
  cpuSeconds: number;
  bytes: number;
  pages: number;
}

interface Resources {
  groupVersion: string;
  resources: { name: string; verbs: string[] }[];
}

const JSON_TYPE = 'application/json';
const PROTOBUF = 'application/vnd.kubernetes.protobuf,application/json';
const PAGE = 500;
/** As the product does with big ones. */
const AT_ONCE = 4;

const { access }: { access: Access } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const session = sessionTo(access);
const paths = await listPaths(session);
const started = performance.now();
const before = process.cpuUsage();
let bytes = 0;
let pages = 0;
const workers = Array.from({ length: AT_ONCE }, async () => {
  for (let path = paths.shift(); path !== undefined; path = paths.shift()) await readAll(path);
});
await Promise.all(workers);
const { user, system } = process.cpuUsage(before);
session.close();
const read: ListsRead = {
  seconds: (performance.now() - started) / 1000,
  cpuSeconds: (user + system) / 1e6,
  bytes,
  pages,
};
process.stdout.write(JSON.stringify(read));

async function readAll(path: string): Promise<void> {
  for (let next: string | undefined = `${path}?limit=${PAGE}`; next !== undefined; ) {
    const chunks = await chunksOf(session, next, PROTOBUF);
    for (const { length } of chunks) bytes += length;
    pages++;
    const token = continueOf(chunks);
    next = token && `${path}?limit=${PAGE}&continue=${token}`;
  }
}

async function listPaths(from: ClientHttp2Session): Promise<string[]> {
  const json = async (path: string): Promise<unknown> =>
    JSON.parse(Buffer.concat(await chunksOf(from, path, JSON_TYPE)).toString());
  const { groups } = (await json('/apis')) as { groups: { preferredVersion: { groupVersion: string } }[] };
  const roots = ['/api/v1', ...groups.map((group) => `/apis/${group.preferredVersion.groupVersion}`)];
  const found: string[] = [];
  for (const root of roots) {
    const { resources } = (await json(root)) as Resources;
    // The same Events are served twice.
    for (const { name, verbs } of resources)
      if (verbs.includes('watch') && !name.includes('/') && !root.includes('events.k8s.io'))
        found.push(`${root}/${name}`);
  }
  return found.sort((a, b) => Number(b.endsWith('/pods')) - Number(a.endsWith('/pods')));
}
