/** What the kernel says of a process: its children, its descriptors, its sockets, its memory. Linux only, as the tests of processes are. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Processes whose parent it is, and theirs. */
export function descendants(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const [child, parent] of parents()) children.set(parent, [...(children.get(parent) ?? []), child]);
  const below = (of: number): number[] => (children.get(of) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid);
}

/** Processes that have this text in their environment: those of a run's folder. */
export function processesWith(text: string): number[] {
  return processes().filter((pid) => pid !== process.pid && (read(`/proc/${pid}/environ`) ?? '').includes(text));
}

/** Whether it is a worker of filters, by the name that it has in lists of processes. */
export function isFilterWorker(pid: number): boolean {
  return (read(`/proc/${pid}/cmdline`) ?? '').startsWith('k8s-mcp-filters\0');
}

/** The name of the program that it runs by now: one that was just started is still what started it. */
export function programOf(pid: number): string | undefined {
  return read(`/proc/${pid}/comm`)?.trim();
}

export function isAlive(pid: number): boolean {
  const state = stat(pid)?.[0];
  return state !== undefined && state !== 'Z';
}

/** What each open descriptor leads to, without those numbers that differ from one opening to the next, sorted. */
export function descriptors(pid: number): string[] {
  const tcp = new Map(sockets(pid).map(({ inode, ...socket }) => [inode, nameOf(socket)]));
  return links(pid)
    .map((link) =>
      link.replace(/^(socket|pipe):\[(\d+)\]$/, (_, kind: string, inode: string) => tcp.get(inode) ?? kind),
    )
    .sort();
}

function nameOf({ state, localPort, remotePort }: Omit<Socket, 'inode'>): string {
  return state === LISTEN ? `listener at ${localPort}` : `connection to ${remotePort} or at ${localPort}`;
}

/** Ports of 127.0.0.1 and of all addresses that it listens on. */
export function listeningPorts(pid: number): number[] {
  return sockets(pid)
    .filter(({ state }) => state === LISTEN)
    .map(({ localPort }) => localPort);
}

/** Open connections whose own end is one of these ports. */
export function connectionsAt(pid: number, ports: readonly number[]): number {
  return sockets(pid).filter(({ state, localPort }) => state !== LISTEN && ports.includes(localPort)).length;
}

/** Resident memory, in MiB: now, and at the most. */
export function memory(pid: number): { rss: number; peak: number } {
  const status = read(`/proc/${pid}/status`) ?? '';
  const field = (name: string) =>
    Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024);
  return { rss: field('VmRSS'), peak: field('VmHWM') };
}

/** Waits until `look` gives what is wanted, and gives what it gave last. */
export async function settled<T>(
  look: () => T | Promise<T>,
  wanted: (seen: T) => boolean,
  limitMs = 45_000,
): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (wanted(seen) || Date.now() > end) return seen;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** As /proc/net/tcp has it. */
const LISTEN = '0A';

interface Socket {
  inode: string;
  state: string;
  localPort: number;
  remotePort: number;
}

function sockets(pid: number): Socket[] {
  const own = new Set(links(pid).flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
  return ['tcp', 'tcp6'].flatMap((kind) => {
    const lines = (read(`/proc/${pid}/net/${kind}`) ?? '').trim().split('\n').slice(1);
    return lines.flatMap((line) => {
      const [, local = '', remote = '', state = '', , , , , , inode = ''] = line.trim().split(/\s+/);
      return own.has(inode) ? [{ inode, state, localPort: portOf(local), remotePort: portOf(remote) }] : [];
    });
  });
}

/** `0100007F:1F90`. */
function portOf(address: string): number {
  return Number.parseInt(address.split(':')[1] ?? '', 16);
}

function links(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return names(folder).flatMap((name) => {
    try {
      return [readlinkSync(`${folder}/${name}`)];
    } catch {
      // Closed in the meantime: the one that lists them, for instance.
      return [];
    }
  });
}

function parents(): [pid: number, parent: number][] {
  return processes().flatMap((pid) => {
    const parent = Number(stat(pid)?.[1]);
    return Number.isNaN(parent) ? [] : [[pid, parent]];
  });
}

/** The fields after the name, which may hold anything: state, parent, ... */
function stat(pid: number): string[] | undefined {
  const text = read(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

function processes(): number[] {
  return names('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
