/**
 * A small graph for one question, read now: for clusters that no graph is kept of. It holds what the question is about and what that
 * names and is named by, within bounds that its coverage tells.
 */
import type { Clock } from '../../kernel/clock.ts';
import { type AppError, toAppError } from '../../kernel/errors.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { ClusterReader } from '../../kube/cluster-reader.ts';
import type { Coverage, GraphQuestion } from '../access.ts';
import { createGraph } from '../create-graph.ts';
import { createIntern } from '../intern.ts';
import { kindKeyOf } from '../kind-key.ts';
import { createProjector } from '../project/projector.ts';
import { RELATIONS } from '../relations/index.ts';
import type { Change, Graph, KindKey, KindState, NodeId } from '../types.ts';
import { isVisibleNamespace, itemMaker } from './item.ts';
import { clusterKinds, kindsAround } from './live-kinds.ts';
import { namespacesOf } from './namespaces.ts';
import { hiddenNotes } from './notes.ts';
import { type Plan, type PlannedKind, planKinds } from './plan.ts';
import { createRequestBudget, type RequestBudget } from './request-budget.ts';
import type { SyncScope } from './types.ts';

export interface LivePorts {
  reader: ClusterReader;
  clock: Clock;
  scope: SyncScope;
}

export interface LiveReading {
  graph: Graph;
  coverage: Coverage;
}

const DISCOVERY_AGE_MS = 60_000;
const PAGE = 200;
const DEFAULT_DEPTH = 3;
/** A walk from the focus looks at so many nodes at most to find what is still to be read. */
const MOST_WALKED = 2_000;
const FORBIDDEN: ReadonlySet<string> = new Set(['cluster_forbidden', 'namespace_denied', 'kind_denied', 'gate_closed']);

type Focus = NonNullable<GraphQuestion['focus']>;
type Named = NonNullable<Focus['objects']>[number];

/** Throws where nothing at all could be read. */
export async function readLive(ports: LivePorts, question: GraphQuestion): Promise<LiveReading> {
  const reading = createReading(ports, question);
  await reading.read();
  return { graph: reading.graph, coverage: reading.coverage() };
}

function createReading({ reader, clock, scope }: LivePorts, question: GraphQuestion) {
  const { signal, focus } = question;
  const graph = createGraph();
  const scopes = new Map<KindKey, boolean>();
  const projector = createProjector(createIntern(), RELATIONS, { namespaced: (kind) => scopes.get(kind) });
  const budget: RequestBudget = createRequestBudget(clock);
  const states = new Map<KindKey, KindState>();
  /** Kind and namespace ('' for all) that were read whole. */
  const whole = new Set<string>();
  const asked = new Set<string>();
  const notes: string[] = [...hiddenNotes(scope)];
  const selected: { namespace: string; object: KubeObject }[] = [];
  let plan: Plan = { kinds: [], left: [] };
  let byKind = new Map<KindKey, PlannedKind>();
  let answered = 0;
  let firstFailure: AppError | undefined;
  let namespaces: readonly string[] | undefined;

  return { graph, read, coverage };

  async function read(): Promise<void> {
    const snapshot = await reader.discovery(signal, { maxAgeMs: DISCOVERY_AGE_MS });
    for (const resource of snapshot.resources)
      scopes.set(kindKeyOf(resource.group, resource.kind), resource.namespaced);
    plan = planKinds(snapshot, scope.denied);
    byKind = new Map(plan.kinds.map((planned) => [planned.kind, planned]));
    question.progress('reading live');
    if (focus === undefined || (focus.namespace === undefined && (focus.objects ?? []).length === 0))
      await readCluster();
    else await readAround(focus);
    if (answered === 0 && firstFailure !== undefined) throw firstFailure;
    for (const { kind } of plan.kinds) {
      graph.setKindState(kind, states.get(kind) ?? { state: 'off', reason: 'not read for this question' });
    }
    for (const { kind, reason } of plan.left) graph.setKindState(kind, { state: 'off', reason });
    if (budget.exhausted()) {
      notes.push(
        `The live reading ended at its bounds (${budget.spent.requests} requests, ${budget.spent.objects} objects): counts are at least what is shown.`,
      );
    }
  }

  /** The main kinds everywhere, each in part where there are many. */
  async function readCluster(): Promise<void> {
    namespaces = scope.allowedNamespaces?.filter((name) => isVisibleNamespace(scope, name));
    const kinds = clusterKinds(plan, question.kinds);
    await Promise.all(
      kinds.map(async (planned) => {
        const where = planned.resource.namespaced ? (namespacesOf(scope) ?? [undefined]) : [undefined];
        for (const namespace of where) await list(planned, namespace);
      }),
    );
  }

  async function readAround({ namespace, objects = [], depth = DEFAULT_DEPTH }: Focus): Promise<void> {
    const inside = [
      namespace,
      ...objects.map((object) => (object.kind === 'Namespace' ? object.name : object.namespace)),
    ];
    const around = [...new Set(inside)].filter(
      (name) => name !== undefined && name !== '' && isVisibleNamespace(scope, name),
    );
    namespaces = around.flatMap((name) => (name === undefined ? [] : [name]));
    notes.push(
      namespaces.length > 0
        ? `Read live: namespace ${namespaces.join(', ')}, and what its objects name elsewhere.`
        : 'Read live: what was asked for and what it names.',
    );
    await Promise.all(objects.map((object) => get(object)));
    await Promise.all(objects.filter(({ kind }) => kind === 'Node').map(({ name }) => podsOf(name)));
    const kinds = kindsAround(plan, question.kinds, objects);
    for (const where of namespaces) await Promise.all(kinds.map((planned) => list(planned, where)));
    for (let hop = 0; hop < depth; hop++) {
      const next = unread(objects, namespaces, depth);
      if (next.length === 0) break;
      await Promise.all(next.map((object) => get(object)));
    }
  }

  /** What is named within `depth` steps and was not asked for yet. */
  function unread(objects: readonly Named[], around: readonly string[], depth: number): Named[] {
    const view = graph.view();
    const starts: NodeId[] = objects.flatMap(({ kind, namespace, name }) => view.find(kind, namespace, name) ?? []);
    if (starts.length === 0) {
      // A question about a namespace is one about all that is in it.
      for (const kind of view.kinds()) {
        for (const namespace of around) {
          view.eachOfKind(kind, namespace, (id) => {
            starts.push(id);
            return starts.length < MOST_WALKED;
          });
        }
      }
    }
    const seen = new Set(starts);
    let edge = starts;
    for (let step = 0; step < depth && seen.size < MOST_WALKED; step++) {
      const further: NodeId[] = [];
      const visit = (id: NodeId) => {
        if (!seen.has(id)) further.push(id);
        seen.add(id);
        return seen.size < MOST_WALKED;
      };
      // The nearest first, and of those what the focus needs before what needs it.
      for (const id of edge) view.out(id, visit);
      for (const id of edge) view.in(id, visit);
      edge = further;
    }
    return [...seen].flatMap((id) => {
      const { kind, namespace, name, state } = view.node(id);
      const known = whole.has(`${kind} ${namespace}`) || whole.has(`${kind} `);
      const open = state === 'absent' && byKind.has(kind) && !known && !asked.has(`${kind} ${namespace}/${name}`);
      return open && isVisibleNamespace(scope, namespace) ? [{ kind, namespace, name }] : [];
    });
  }

  async function get({ kind, namespace, name }: Named): Promise<void> {
    const planned = byKind.get(kind);
    if (planned === undefined || name === '' || !isVisibleNamespace(scope, kind === 'Namespace' ? name : namespace))
      return;
    if (planned.resource.namespaced && namespace === '') return;
    asked.add(`${kind} ${namespace}/${name}`);
    await guarded(planned, async () => {
      const target = { ...targetOf(planned), ...(namespace === '' ? {} : { namespace }) };
      const object = await reader.get(target, name, signal);
      if (!states.has(kind)) states.set(kind, { state: 'off', reason: 'read by name only' });
      if (object !== undefined) take(planned, [object]);
      if (kind === 'Service' && object !== undefined && !whole.has(`Pod ${namespace}`))
        selected.push({ namespace, object });
    });
    // A Service of another namespace leads on to its pods, which only a list by its selector finds.
    for (const { namespace: where, object } of selected.splice(0))
      await podsWhere(where, { labelSelector: selectorOf(object) });
  }

  /** Who runs on a node is asked of the server: pods are everywhere. */
  async function podsOf(node: string): Promise<void> {
    for (const namespace of namespacesOf(scope) ?? [undefined]) {
      await podsWhere(namespace, { fieldSelector: `spec.nodeName=${node}` });
    }
  }

  async function podsWhere(
    namespace: string | undefined,
    query: { labelSelector?: string; fieldSelector?: string },
  ): Promise<void> {
    const planned = byKind.get('Pod');
    if (planned === undefined || query.labelSelector === '') return;
    await guarded(planned, async () => {
      const target = { ...targetOf(planned), ...(namespace === undefined ? {} : { namespace }) };
      const page = await reader.list(target, { limit: PAGE, ...query }, signal);
      if (!states.has('Pod')) states.set('Pod', { state: 'off', reason: 'read in part only' });
      take(planned, page.items);
    });
  }

  /** All of a kind, as far as the budget goes. */
  async function list(planned: PlannedKind, namespace: string | undefined): Promise<void> {
    const { kind, resource } = planned;
    if (!resource.namespaced && namespace !== undefined) return;
    const target = { ...targetOf(planned), ...(namespace === undefined ? {} : { namespace }) };
    let token: string | undefined;
    let done = 0;
    let total: number | undefined;
    do {
      const from = token;
      const outcome = await guarded(planned, async () => {
        const page = await reader.list(
          target,
          { limit: PAGE, ...(from === undefined ? {} : { continue: from }) },
          signal,
        );
        take(planned, page.items);
        done += page.items.length;
        total ??= page.total;
        token = page.continue;
      });
      if (outcome === 'refused') return;
      if (outcome === 'bounds') return inPart(kind, done, total);
    } while (token !== undefined && budget.objectsLeft() > 0);
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

  function targetOf({ resource }: PlannedKind) {
    return { resource, ...projector.targetOf(resource) };
  }

  function take({ resource }: PlannedKind, objects: readonly KubeObject[]): void {
    const make = itemMaker(projector, scope, resource);
    const changes = objects.map(make).flatMap((item): Change[] => {
      if (item.type === 'object') return [{ type: 'upsert', object: item.object }];
      return item.type === 'event' ? [{ type: 'event', event: item.event }] : [];
    });
    budget.took(objects.length);
    if (changes.length > 0) graph.apply(changes);
  }

  function coverage(): Coverage {
    const ofState = (state: KindState['state']) =>
      [...states].flatMap(([kind, known]) => (known.state === state ? [kind] : [])).sort();
    const reasons = (state: 'forbidden' | 'off') =>
      [...states]
        .flatMap(([kind, known]) => (known.state === state ? [{ kind, reason: known.reason }] : []))
        .sort((a, b) => (a.kind < b.kind ? -1 : 1));
    const wanted = typeof question.kinds === 'string' ? [] : question.kinds;
    const notRead = wanted.filter((kind) => byKind.has(kind) && !states.has(kind));
    return {
      asOf: clock.now() + reader.clockOffset(),
      source: 'live',
      synced: ofState('synced'),
      syncing: [],
      forbidden: reasons('forbidden'),
      stale: [],
      left: [
        ...reasons('off'),
        ...notRead.map((kind) => ({ kind, reason: 'not read for this question' })),
        ...plan.left.filter(({ kind }) => wanted.includes(kind)),
      ],
      namespaces,
      catchingUp: false,
      notes,
    };
  }
}

/** `a=b,c=d`; '' where a Service has none. */
function selectorOf(service: KubeObject): string {
  const { selector } = (service['spec'] ?? {}) as { selector?: unknown };
  if (typeof selector !== 'object' || selector === null) return '';
  return Object.entries(selector)
    .flatMap(([key, value]) => (typeof value === 'string' ? [`${key}=${value}`] : []))
    .join(',');
}
