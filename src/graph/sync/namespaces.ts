/** Which namespaces are read where not all may be. */
import type { Clock } from '../../kernel/clock.ts';
import type { ClusterReader } from '../../kube/cluster-reader.ts';
import type { WatchTarget } from '../../kube/watch/types.ts';
import type { Graph } from '../types.ts';
import { isVisibleNamespace } from './item.ts';
import type { SyncScope } from './types.ts';

/** Namespaces with Reflectors of their own; each kind needs one per namespace. */
export const MOST_NAMESPACES = 20;
/** A namespace that refused so many kinds and granted none is asked no more for a while. */
const CLOSED_AFTER = 4;
/** Rights are given later, too: so long after its last refusal it may be asked again, ms. */
const CLOSED_MS = 60_000;
/** Requests of all kinds at once. */
const AT_ONCE = 4;

export interface NamespaceFinder {
  /** Where `target` may be listed, asked one by one. */
  readable(target: WatchTarget, signal: AbortSignal): Promise<readonly string[]>;
  /** Whether `target` may be listed in one namespace; those that policy hides are not asked. */
  grants(target: WatchTarget, namespace: string, signal: AbortSignal): Promise<boolean>;
  /** What it refused so far is forgotten. */
  forgive(namespace: string): void;
  /** How many namespaces were left out, as there are too many. */
  leftOut(): number;
}

/** From the start, by what the operator allows: undefined where all at once is better. */
export function namespacesOf(scope: SyncScope): readonly string[] | undefined {
  const allowed = scope.allowedNamespaces?.filter((namespace) => !scope.forbiddenNamespaces.has(namespace));
  // Beyond that a list of everything, of which only the allowed part is kept, asks less of the server.
  return allowed !== undefined && allowed.length <= MOST_NAMESPACES ? allowed : undefined;
}

export function createNamespaceFinder(
  graph: Graph,
  reader: ClusterReader,
  scope: SyncScope,
  clock: Clock,
): NamespaceFinder {
  const answers = new Map<string, { granted: number; refused: number; refusedAt: number }>();
  let left = 0;
  let running = 0;
  const queue: (() => void)[] = [];

  const candidates = (): string[] => {
    const home = scope.homeNamespace;
    const names = new Set<string>();
    if (home !== undefined && isVisibleNamespace(scope, home)) names.add(home);
    for (const namespace of scope.allowedNamespaces ?? namespaceObjects(graph)) {
      if (isVisibleNamespace(scope, namespace)) names.add(namespace);
    }
    left = Math.max(0, names.size - MOST_NAMESPACES);
    return [...names].slice(0, MOST_NAMESPACES);
  };

  const ask = async (target: WatchTarget, namespace: string, signal: AbortSignal): Promise<boolean> => {
    const answer = answers.get(namespace) ?? { granted: 0, refused: 0, refusedAt: 0 };
    answers.set(namespace, answer);
    if (clock.monotonic() - answer.refusedAt > CLOSED_MS) answer.refused = 0;
    if (answer.granted === 0 && answer.refused >= CLOSED_AFTER) return false;
    try {
      await reader.list({ ...target, namespace, depth: 'metadata', fields: [] }, { limit: 1 }, signal);
      answer.granted += 1;
      return true;
    } catch {
      answer.refused += 1;
      answer.refusedAt = clock.monotonic();
      return false;
    }
  };

  const turn = async () => {
    if (running >= AT_ONCE) await new Promise<void>((resolve) => queue.push(resolve));
    running += 1;
  };
  const done = () => {
    running -= 1;
    queue.shift()?.();
  };

  return {
    async readable(target, signal) {
      await turn();
      try {
        const found: string[] = [];
        for (const namespace of candidates()) {
          if (signal.aborted) break;
          if (await ask(target, namespace, signal)) found.push(namespace);
        }
        return found;
      } finally {
        done();
      }
    },
    async grants(target, namespace, signal) {
      if (!isVisibleNamespace(scope, namespace)) return false;
      await turn();
      try {
        return await ask(target, namespace, signal);
      } finally {
        done();
      }
    },
    forgive: (namespace) => void answers.delete(namespace),
    leftOut: () => left,
  };
}

function namespaceObjects(graph: Graph): string[] {
  const view = graph.view();
  const names: string[] = [];
  view.eachOfKind('Namespace', undefined, (id) => {
    names.push(view.node(id).name);
    return undefined;
  });
  return names.sort();
}
