/** One Reflector's lists and events -> the graph. */
import type { ReflectorSink } from '../../kube/reflector/types.ts';
import type { Change, Graph, KindKey, Projected } from '../types.ts';
import type { Applier } from './applier.ts';
import type { Item } from './item.ts';

export interface SinkOptions {
  kind: KindKey;
  /** Of a Reflector of one namespace. */
  namespace: string | undefined;
  graph: Graph;
  applier: Applier;
  /** Policy hides part of what is listed: how much the server has left would tell of it. */
  hides: boolean;
  /** False once this Reflector is not to write any more. */
  alive(): boolean;
  listing(done: number, total: number | undefined): void;
  listed(): void;
  /** So many changes of a watch came in: those of hidden namespaces are not among them. */
  heard(changes: number): void;
  /** Told around the slices of a big relist. */
  catchingUp(on: boolean): void;
  lost: ReflectorSink<Item>['lost'];
  state: ReflectorSink<Item>['state'];
}

/** More differences than this are applied in slices, and answers say that a relist is being caught up with. */
const AT_ONCE = 2_000;

export function createSink(options: SinkOptions): ReflectorSink<Item> {
  const { kind, namespace, graph, applier } = options;
  let list: ListInProgress | undefined;

  const keyOf = (object: { namespace: string; name: string }) => `${object.namespace}\n${object.name}`;

  const upserts = (items: readonly Item[]): Change[] =>
    items.flatMap((item): Change[] => {
      if (item.type === 'object') return [{ type: 'upsert', object: item.object }];
      return item.type === 'event' ? [{ type: 'event', event: item.event }] : [];
    });

  /** Keeps what differs for the end of the list. */
  const holdAside = (to: ListInProgress, object: Projected): void => {
    to.seen.add(keyOf(object));
    const known = graph.resourceVersionOf(kind, object.namespace, object.name);
    if (known?.resourceVersion === object.resourceVersion && known.uid === object.uid && known.uid !== '') return;
    to.aside.push({ type: 'upsert', object });
  };

  const vanished = (seen: ReadonlySet<string>): Change[] => {
    const gone: Change[] = [];
    const view = graph.view();
    view.eachOfKind(kind, namespace, (id) => {
      const node = view.node(id);
      if (!seen.has(keyOf(node)))
        gone.push({ type: 'delete', kind, namespace: node.namespace, name: node.name, uid: node.uid });
      return undefined;
    });
    return gone;
  };

  return {
    listBegins() {
      applier.flush();
      const empty = graph.view().count(kind, namespace).total === 0;
      list = { direct: empty, seen: new Set(), aside: [], done: 0 };
      options.listing(0, undefined);
    },

    listPage(items, remaining) {
      const into = list;
      if (into === undefined || !options.alive()) return;
      into.done += items.reduce((count, { type }) => (type === 'nothing' ? count : count + 1), 0);
      options.listing(into.done, remaining === undefined || options.hides ? undefined : into.done + remaining);
      // Nothing is known of the kind yet and answers say so: it may fill up in front of all eyes.
      if (into.direct) return applier.inSlices(upserts(items), () => options.alive() && list === into);
      for (const item of items) {
        if (item.type === 'object') holdAside(into, item.object);
        else if (item.type === 'event') into.aside.push({ type: 'event', event: item.event });
      }
    },

    async listEnds() {
      const ended = list;
      list = undefined;
      if (ended === undefined || !options.alive()) return;
      if (!ended.direct) await applyDifferences([...vanished(ended.seen), ...ended.aside]);
      if (options.alive()) options.listed();
    },

    events(batch) {
      if (!options.alive()) return;
      const changes = batch.flatMap(({ type, item }): Change[] => {
        if (item.type === 'event') return type === 'upsert' ? [{ type: 'event', event: item.event }] : [];
        if (item.type === 'nothing') return [];
        if (type === 'upsert') return [{ type: 'upsert', object: item.object }];
        const { namespace: from, name } = item.object;
        // By name: it may go, come anew and go again before the graph hears of it.
        return [{ type: 'delete', kind, namespace: from, name, uid: '' }];
      });
      options.heard(changes.length);
      return applier.add(changes);
    },

    lost(why) {
      list = undefined;
      if (options.alive()) options.lost(why);
    },
    state(state) {
      if (options.alive()) options.state(state);
    },
  };

  async function applyDifferences(changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    if (changes.length <= AT_ONCE) return applier.now(changes);
    options.catchingUp(true);
    try {
      await applier.inSlices(changes, options.alive);
    } finally {
      options.catchingUp(false);
    }
  }
}

interface ListInProgress {
  /** Nothing was known when it began. */
  direct: boolean;
  seen: Set<string>;
  aside: Change[];
  done: number;
}
