/** What of a kind differs from the cluster: all its names and versions in pages, then what looked different one by one. */
import type { Clock } from '../../kernel/clock.ts';
import type { ClusterReader, ObjectVersion } from '../../kube/cluster-reader.ts';
import type { WatchTarget } from '../../kube/watch/types.ts';
import type { Graph, KindKey, NodeId } from '../types.ts';
import { isVisibleNamespace } from './item.ts';
import { pause } from './pause.ts';
import type { SyncScope } from './types.ts';

export interface CompareOptions {
  graph: Graph;
  reader: Pick<ClusterReader, 'versions' | 'get'>;
  clock: Clock;
  scope: SyncScope;
  signal: AbortSignal;
}

export interface Compared {
  differences: number;
  /** About so much of a core was used, ms. */
  costMs: number;
}

export type Compare = (kind: KindKey, target: WatchTarget) => Promise<Compared>;

const PAGE = 500;
/** Pages of a list are spread over about so long, ms: a token to continue is good for five minutes. */
const SPREAD_MS = 20_000;
const LONGEST_PAUSE_MS = 2_000;
const SHORTEST_PAUSE_MS = 50;
/** How long an event may take from the server to the graph, ms, before a difference counts. */
const SETTLE_MS = 3_000;
/** Of what looks different so many are asked for. What came and went during the list is among them: were all of these well, so are the others. */
const MOST_SUSPECTS = 1_000;
/** ms of CPU: an object in a list of metadata with its comparison (22 to 37 us measured, 18,000 pods), and a request for one (estimated). */
const OBJECT_COST_MS = 0.03;
const REQUEST_COST_MS = 1;

/** '' for uid and version where the object is not there. */
type Suspects = Map<string, ObjectVersion>;

export function createCompare({ graph, reader, clock, scope, signal }: CompareOptions): Compare {
  const inGraph = (kind: KindKey, { namespace, name }: { namespace: string; name: string }): ObjectVersion => {
    const known = graph.resourceVersionOf(kind, namespace, name);
    return { namespace, name, uid: known?.uid ?? '', resourceVersion: known?.resourceVersion ?? '' };
  };

  /** How what differs stands in the graph. What the graph hears of while the list goes on is newer than the list, and no difference. */
  const listed = async (kind: KindKey, target: WatchTarget, heard: ReadonlySet<NodeId>) => {
    const suspects: Suspects = new Map();
    const seen = new Set<NodeId>();
    const expected = graph.view().count(kind, target.namespace).total;
    const pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, (SPREAD_MS * PAGE) / Math.max(1, expected)));
    let objects = 0;
    let view = graph.view();
    const compare = (there: ObjectVersion): void => {
      objects += 1;
      if (!isVisibleNamespace(scope, kind === 'Namespace' ? there.name : there.namespace)) return;
      const here = inGraph(kind, there);
      const id = here.uid === '' ? undefined : view.find(kind, there.namespace, there.name);
      if (id !== undefined) seen.add(id);
      if (!same(here, there) && (id === undefined || !heard.has(id))) suspects.set(keyOf(there), here);
    };
    let token: string | undefined;
    do {
      view = graph.view();
      const query = { limit: PAGE, ...(token === undefined ? {} : { continue: token }) };
      token = (await reader.versions(target, query, compare, signal)).continue;
      if (token !== undefined) await pause(clock, pauseMs, signal);
    } while (token !== undefined && !signal.aborted);
    view = graph.view();
    // As many as were listed: none of them is gone. Whoever came or went meanwhile makes it look at all.
    if (seen.size !== view.count(kind, target.namespace).total)
      view.eachOfKind(kind, target.namespace, (id) => {
        if (seen.has(id) || heard.has(id)) return undefined;
        const { namespace, name } = view.node(id);
        suspects.set(keyOf({ namespace, name }), inGraph(kind, { namespace, name }));
        return undefined;
      });
    return { suspects, costMs: objects * OBJECT_COST_MS };
  };

  /** Leaves those that the graph has not heard of meanwhile: what it heard of is on its way to the truth. */
  const settled = async (kind: KindKey, suspects: Suspects): Promise<Suspects> => {
    if (suspects.size === 0) return suspects;
    await pause(clock, SETTLE_MS, signal);
    return new Map([...suspects].filter(([, was]) => same(inGraph(kind, was), was)));
  };

  return async (kind, target) => {
    const heard = new Set<NodeId>();
    const stopHearing = graph.onChange(({ nodes, unchanged }) => {
      for (const id of nodes) heard.add(id);
      for (const id of unchanged) heard.add(id);
    });
    const { suspects, costMs } = await listed(kind, target, heard).finally(stopHearing);
    const different: Suspects = new Map();
    let requests = 0;
    for (const [key, was] of await settled(kind, suspects)) {
      if (signal.aborted || requests >= MOST_SUSPECTS) break;
      requests += 1;
      const there = await reader.get(
        { ...placeOf(target, was.namespace), depth: 'metadata', fields: [] },
        was.name,
        signal,
      );
      const { uid = '', resourceVersion = '' } = there?.metadata ?? {};
      if (!same({ uid, resourceVersion }, was)) different.set(key, was);
    }
    // It may have changed a moment ago.
    const differences = (await settled(kind, different)).size;
    return { differences, costMs: costMs + requests * REQUEST_COST_MS };
  };
}

function placeOf({ resource }: WatchTarget, namespace: string): Pick<WatchTarget, 'resource' | 'namespace'> {
  return namespace === '' ? { resource } : { resource, namespace };
}

const keyOf = ({ namespace, name }: { namespace: string; name: string }) => `${namespace}\n${name}`;
const same = (a: Pick<ObjectVersion, 'uid' | 'resourceVersion'>, b: Pick<ObjectVersion, 'uid' | 'resourceVersion'>) =>
  a.uid === b.uid && a.resourceVersion === b.resourceVersion;
