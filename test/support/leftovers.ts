/** What commands may leave behind with the process that ran them: children, folders, descriptors, connections to the guard. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { connectionsAt, descendants, descriptors, isFilterWorker, listeningPorts } from './process-watch.ts';

export interface Leftovers {
  children: number[];
  /** Of calls, and records of children. */
  folders: string[];
  /** More of a kind than there were. */
  descriptors: string[];
  guardConnections: number;
}

export const NOTHING: Leftovers = { children: [], folders: [], descriptors: [], guardConnections: 0 };

/** As many as src/exec/filters/pool.ts keeps. */
const KEPT_WORKERS = 2;

/** Where servers of our user have their folders. */
const RUNS = join('/dev/shm', `k8s-mcp-${process.getuid?.() ?? 0}`);

/** The folders of a server's run. */
export function runFolders(pid: number): string[] {
  return names(RUNS)
    .filter((name) => name.startsWith(`${pid}-`))
    .map((name) => join(RUNS, name));
}

/**
 * Looks at a process as it is now; the result tells what there is more of when it is asked. Connections at `httpPort` are its
 * clients' to close.
 */
export function watchLeftovers(pid: number, httpPort?: number): () => Leftovers {
  const children = new Set(programs(pid));
  const open = descriptors(pid);
  const ports = listeningPorts(pid).filter((port) => port !== httpPort);
  return () => ({
    children: programs(pid).filter((child) => !children.has(child)),
    folders: runFolders(pid).flatMap((run) =>
      ['calls', 'children'].flatMap((kind) => names(join(run, kind)).map((name) => `${kind}/${name}`)),
    ),
    descriptors: more(descriptors(pid), open).filter((name) => !name.endsWith(` at ${httpPort}`)),
    guardConnections: connectionsAt(pid, ports),
  });
}

/** Its descendants without the workers of filters, of which two stay for half a minute. */
function programs(pid: number): number[] {
  const all = descendants(pid);
  const workers = all.filter(isFilterWorker).slice(0, KEPT_WORKERS);
  return all.filter((child) => !workers.includes(child));
}

/** Those of `now` that are not among `before`, each as often as it is there more. */
function more(now: readonly string[], before: readonly string[]): string[] {
  const left = [...before];
  return now.filter((one) => {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
