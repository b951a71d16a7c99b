/** Single reads of a live reading, within its bounds, and what is known of each kind by them. */
import type { Clock } from '../../kernel/clock.ts';
import { type AppError, toAppError } from '../../kernel/errors.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { ClusterReader } from '../../kube/cluster-reader.ts';
import { createIntern } from '../intern.ts';
import { createProjector, type Projector } from '../project/projector.ts';
import { dict, texts } from '../project/read.ts';
import { RELATIONS } from '../relations/index.ts';
import type { Change, Graph, KindKey, KindState } from '../types.ts';
import { CRD } from './discovery-watch.ts';
import { isVisibleNamespace, itemMaker } from './item.ts';
import { namespacesOf } from './namespaces.ts';
import type { PlannedKind } from './plan.ts';
import type { RequestBudget } from './request-budget.ts';
import { createSchemas, mayBeCustom } from './schemas.ts';
import type { SyncScope } from './types.ts';

export interface LivePorts {
  reader: ClusterReader;
  clock: Clock;
  scope: SyncScope;
  /** About how many objects the cluster has: where all of them fit into a live reading, it reads them all. */
  size?: (signal: AbortSignal) => Promise<number>;
}

export interface Named {
  kind: KindKey;
  namespace: string;
  name: string;
}

export interface LiveLists {
  /** What is known of the kinds that were asked for. */
  readonly states: ReadonlyMap<KindKey, KindState>;
  /** Says of which kind there is more than was read. */
  readonly notes: readonly string[];
  /** False where there is none by that name. */
  get(object: Named): Promise<boolean>;
  /** All of a kind, as far as the bounds go, or `pages` of it. `namespace` undefined: everywhere. */
  list(planned: PlannedKind, namespace: string | undefined, pages?: number): Promise<void>;
  /** Who runs on a node is asked of the server: pods are everywhere. */
  podsOf(node: string): Promise<void>;
  /** Those that a Service selects. */
  podsOfService(namespace: string, selector: Readonly<Record<string, string>>): Promise<void>;
  /** The kind was read whole there. */
  isWhole(kind: KindKey, namespace: string): boolean;
  wasAsked(object: Named): boolean;
  /** It was to be listed everywhere, and that was refused. */
  wasRefused(kind: KindKey): boolean;
  /** Throws where nothing at all could be read. */
  check(): void;
}

interface ListsOptions extends LivePorts {
  graph: Graph;
  budget: RequestBudget;
  signal: AbortSignal;
  byKind(kind: KindKey): PlannedKind | undefined;
  /** From discovery: whether a kind lives in namespaces. */
  namespaced(kind: KindKey): boolean | undefined;
}

const PAGE = 200;
const FORBIDDEN: ReadonlySet<string> = new Set(['cluster_forbidden', 'namespace_denied', 'kind_denied', 'gate_closed']);

export function createLiveLists(options: ListsOptions): LiveLists {
  const { reader, scope, graph, budget, signal, byKind } = options;
  const intern = createIntern();
  const projecting = { namespaced: options.namespaced };
  const common = createProjector(intern, RELATIONS, projecting);
  const schemas = createSchemas(reader, () => byKind(CRD)?.resource);
  const ofSchema = new Map<KindKey, Projector>();
  const states = new Map<KindKey, KindState>();
  /** Kind and namespace ('' for all) that were read whole. */
  const whole = new Set<string>();
  /** Not to be listed everywhere. */
  const refused = new Set<KindKey>();
  const asked = new Set<string>();
  const notes: string[] = [];
  let answered = 0;
  let firstFailure: AppError | undefined;

  const isWhole = (kind: KindKey, namespace: string) => whole.has(`${kind} ${namespace}`) || whole.has(`${kind} `);

  async function get({ kind, namespace, name }: Named): Promise<boolean> {
    const planned = byKind(kind);
    if (planned === undefined || name === '' || !isVisibleNamespace(scope, kind === 'Namespace' ? name : namespace))
      return true;
    if (planned.resource.namespaced && namespace === '') return true;
    asked.add(`${kind} ${namespace}/${name}`);
    let found: KubeObject | undefined;
    const outcome = await guarded(planned, async () => {
      found = await reader.get(targetOf(planned, namespace), name, signal);
      if (!states.has(kind)) states.set(kind, { state: 'off', reason: 'read by name only' });
    });
    if (found === undefined) return outcome !== 'done';
    await take(planned, [found]);
    // A Service of another namespace leads on to its pods, which only a list by its selector finds.
    if (kind === 'Service') await podsOfService(namespace, texts(dict(found['spec'])['selector']));
    return true;
  }

  async function podsOfService(namespace: string, selector: Readonly<Record<string, string>>): Promise<void> {
    const labelSelector = Object.entries(selector)
      .map((pair) => pair.join('='))
      .join(',');
    if (labelSelector !== '' && !isWhole('Pod', namespace)) await podsWhere(namespace, { labelSelector });
  }

  async function podsOf(node: string): Promise<void> {
    for (const namespace of namespacesOf(scope) ?? [undefined])
      await podsWhere(namespace, { fieldSelector: `spec.nodeName=${node}` });
  }

  async function podsWhere(
    namespace: string | undefined,
    query: { labelSelector?: string; fieldSelector?: string },
  ): Promise<void> {
    const planned = byKind('Pod');
    if (planned === undefined) return;
    await guarded(planned, async () => {
      const page = await reader.list(targetOf(planned, namespace), { limit: PAGE, ...query }, signal);
      if (!states.has('Pod')) states.set('Pod', { state: 'off', reason: 'read in part only' });
      await take(planned, page.items);
    });
  }

  async function list(planned: PlannedKind, namespace: string | undefined, pages = Number.POSITIVE_INFINITY) {
    const { kind, resource } = planned;
    if (isWhole(kind, namespace ?? '') || (!resource.namespaced && namespace !== undefined)) return;
    let token: string | undefined;
    let [done, turn] = [0, 0];
    let total: number | undefined;
    do {
      const from = token;
      const outcome = await guarded(planned, async () => {
        const query = { limit: PAGE, ...(from === undefined ? {} : { continue: from }) };
        const page = await reader.list(targetOf(planned, namespace), query, signal);
        await take(planned, page.items);
        done += page.items.length;
        total ??= page.total;
        token = page.continue;
      });
      if (outcome === 'refused') return void (namespace === undefined && refused.add(kind));
      if (outcome === 'bounds') return inPart(kind, done, total);
    } while (token !== undefined && ++turn < pages && budget.objectsLeft() > 0);
    if (token === undefined) inWhole(kind, namespace);
    else inPart(kind, done, total);
  }

  function inWhole(kind: KindKey, namespace: string | undefined): void {
    whole.add(`${kind} ${namespace ?? ''}`);
    const known = states.get(kind);
    if (namespace === undefined) return void states.set(kind, { state: 'synced' });
    const others = known?.state === 'synced' ? (known.namespaces ?? []) : [];
    states.set(kind, { state: 'synced', namespaces: [...others, namespace] });
  }

  function inPart(kind: KindKey, done: number, total: number | undefined): void {
    if (states.get(kind)?.state !== 'synced') {
      const reason = done === 0 ? 'beyond the bounds of a live reading' : `only ${done} were read`;
      states.set(kind, { state: 'off', reason });
    }
    if (done > 0) notes.push(`${kind}: at least ${done}${total === undefined ? '' : ` of ${total}`} were read.`);
  }

  /** Within the budget; what a kind refuses is noted, and does not end the reading. */
  async function guarded(planned: PlannedKind, work: () => Promise<void>): Promise<'done' | 'refused' | 'bounds'> {
    try {
      const ran = await budget.spend(signal, async () => {
        await work();
        return true;
      });
      if (ran === undefined) return 'bounds';
      answered += 1;
      return 'done';
    } catch (thrown) {
      if (signal.aborted) throw thrown;
      const error = toAppError(thrown);
      firstFailure ??= error;
      const forbidden = FORBIDDEN.has(error.code);
      if (forbidden) answered += 1;
      if (states.get(planned.kind)?.state !== 'synced') {
        states.set(planned.kind, { state: forbidden ? 'forbidden' : 'off', reason: error.message });
      }
      return 'refused';
    }
  }

  function targetOf({ resource }: PlannedKind, namespace = '') {
    return { resource, ...common.targetOf(resource), ...(namespace === '' ? {} : { namespace }) };
  }

  /** What a custom object refers to is said by the schema of its kind, which is asked for with its first object. */
  async function projectorOf({ kind, resource }: PlannedKind): Promise<Projector> {
    const known = ofSchema.get(kind);
    if (known !== undefined || !mayBeCustom(resource)) return known ?? common;
    const schema = await schemas.of(resource, signal);
    const own = schema?.relation;
    const projector = own === undefined ? common : createProjector(intern, [...RELATIONS, own], projecting);
    ofSchema.set(kind, projector);
    return projector;
  }

  async function take(planned: PlannedKind, objects: readonly KubeObject[]): Promise<void> {
    if (objects.length === 0) return;
    const make = itemMaker(await projectorOf(planned), scope, planned.resource);
    const changes = objects.map(make).flatMap((item): Change[] => {
      if (item.type === 'object') return [{ type: 'upsert', object: item.object }];
      return item.type === 'event' ? [{ type: 'event', event: item.event }] : [];
    });
    budget.took(objects.length);
    if (changes.length > 0) graph.apply(changes);
  }

  return {
    states,
    notes,
    get,
    list,
    podsOf,
    podsOfService,
    isWhole,
    wasAsked: ({ kind, namespace, name }) => asked.has(`${kind} ${namespace}/${name}`),
    wasRefused: (kind) => refused.has(kind),
    check() {
      if (answered === 0 && firstFailure !== undefined) throw firstFailure;
    },
  };
}
