/**
 * A small graph for one question, read now: for clusters that no graph is kept of. A cluster that fits into the bounds of a live reading
 * is read whole. Of a larger one it holds what the question is about and what that names and is named by, and the coverage tells what
 * was not looked into.
 */
import type { Coverage, GraphQuestion } from '../access.ts';
import { createGraph } from '../create-graph.ts';
import { kindKeyOf } from '../kind-key.ts';
import { service } from '../project/service.ts';
import type { Graph, GraphView, NodeId } from '../types.ts';
import { isVisibleNamespace } from './item.ts';
import { liveCoverage } from './live-coverage.ts';
import { clusterKinds, kindsAround, kindsElsewhere } from './live-kinds.ts';
import { createLiveLists, type LiveLists, type LivePorts, type Named } from './live-lists.ts';
import { namespacesOf } from './namespaces.ts';
import { type Plan, type PlannedKind, planKinds } from './plan.ts';
import { isAmong } from './ready.ts';
import { createRequestBudget, LIVE_LIMITS } from './request-budget.ts';

export interface LiveReading {
  graph: Graph;
  coverage: Coverage;
}

const DISCOVERY_AGE_MS = 60_000;
const DEFAULT_DEPTH = 3;
/** A walk from the focus looks at so many nodes at most to find what is still to be read. */
const MOST_WALKED = 2_000;
/** So many of one kind in one namespace are listed with all others there, instead of asked for one by one. */
const LIST_FROM = 8;
/** The kinds by which a cluster's size is taken are about half of what it holds. */
const SMALL = LIVE_LIMITS.objects / 2;

type Focus = NonNullable<GraphQuestion['focus']>;

/** Throws where nothing at all could be read. */
export async function readLive(ports: LivePorts, question: GraphQuestion): Promise<LiveReading> {
  const { reader, clock, scope } = ports;
  const { signal } = question;
  const snapshot = await reader.discovery(signal, { maxAgeMs: DISCOVERY_AGE_MS });
  const scopes = new Map(
    snapshot.resources.map(({ group, kind, namespaced }) => [kindKeyOf(group, kind), namespaced] as const),
  );
  const plan = planKinds(snapshot, scope.denied);
  const byKind = new Map(plan.kinds.map((planned) => [planned.kind, planned]));
  const graph = createGraph();
  const budget = createRequestBudget(clock);
  const lists = createLiveLists({
    ...ports,
    graph,
    budget,
    signal,
    byKind: (kind) => byKind.get(kind),
    namespaced: (kind) => scopes.get(kind),
  });
  question.progress('reading live');
  const reading = createReading(ports, question, { graph, plan, lists });
  const around = await reading.read();
  lists.check();
  for (const { kind } of plan.kinds) {
    graph.setKindState(kind, lists.states.get(kind) ?? { state: 'off', reason: 'not read for this question' });
  }
  for (const { kind, reason } of plan.left) graph.setKindState(kind, { state: 'off', reason });
  const asOf = clock.now() + reader.clockOffset();
  return { graph, coverage: liveCoverage({ question, plan, lists, budget, scope, around, asOf }) };
}

function createReading(
  { scope, size }: LivePorts,
  question: GraphQuestion,
  { graph, plan, lists }: { graph: Graph; plan: Plan; lists: LiveLists },
) {
  const { signal, focus } = question;
  const places = namespacesOf(scope) ?? [undefined];
  const planned = new Map(plan.kinds.map((one) => [one.kind, one]));

  return { read };

  /** The namespaces that were read; undefined: the cluster. */
  async function read(): Promise<readonly string[] | undefined> {
    const isWide = focus === undefined || (focus.namespace === undefined && (focus.objects ?? []).length === 0);
    if (await fits()) {
      await everywhere(plan.kinds.filter(({ kind }) => isAmong(question.kinds)(kind)));
      if (!lists.wasRefused('Pod')) return undefined;
    } else if (isWide) {
      await everywhere(clusterKinds(plan, question.kinds));
    }
    const home = scope.homeNamespace;
    if (!isWide) return around(focus);
    // Who may list nothing everywhere may often do so at home.
    if (!lists.wasRefused('Pod') || home === undefined || !isVisibleNamespace(scope, home)) return undefined;
    return around({ namespace: home });
  }

  async function fits(): Promise<boolean> {
    if (size === undefined || typeof question.kinds !== 'string') return false;
    if (plan.kinds.length * places.length > LIVE_LIMITS.requests && places.length > 1) return false;
    if ((await size(signal)) > SMALL) return false;
    // An identity that may not list pods everywhere may list little else.
    const pods = planned.get('Pod');
    if (pods === undefined) return false;
    await everywhere([pods]);
    return !lists.wasRefused('Pod');
  }

  async function everywhere(kinds: readonly PlannedKind[], pages?: number): Promise<void> {
    await Promise.all(
      kinds.map(async (one) => {
        for (const namespace of one.resource.namespaced ? places : [undefined]) await lists.list(one, namespace, pages);
      }),
    );
  }

  async function around({ namespace, objects = [], depth = DEFAULT_DEPTH, users }: Focus): Promise<readonly string[]> {
    const inside = [
      namespace,
      ...objects.map((object) => (object.kind === 'Namespace' ? object.name : object.namespace)),
    ];
    const namespaces = [...new Set(inside)].flatMap((name) =>
      name !== undefined && name !== '' && isVisibleNamespace(scope, name) ? [name] : [],
    );
    const found = await Promise.all(objects.map((object) => getOrList(object)));
    // The answer is that they are not there.
    if (objects.length > 0 && !found.includes(true)) return namespaces;
    await Promise.all(objects.filter(({ kind }) => kind === 'Node').map(({ name }) => lists.podsOf(name)));
    const kinds = kindsAround(plan, question.kinds, objects);
    for (const where of namespaces) await Promise.all(kinds.map((one) => lists.list(one, where)));
    await besidePods();
    for (let hop = 0; hop < depth; hop++) {
      const next = unread(graph.view(), { objects, namespaces, depth });
      if (next.length === 0) break;
      await readAll(next);
    }
    if (users === true) await elsewhere();
    return namespaces;
  }

  /** Who uses a thing may be anywhere: of each kind some are looked through, as far as the bounds and the identity's rights go. */
  async function elsewhere(): Promise<void> {
    const [first, ...others] = kindsElsewhere(plan, question.kinds);
    if (first !== undefined && !lists.wasRefused(first.kind)) await everywhere([first], 1);
    if (first !== undefined && !lists.wasRefused(first.kind)) await everywhere(others, 1);
  }

  /** Where there is none by its name, the names there are tell what was meant. */
  async function getOrList(object: Named): Promise<boolean> {
    if (await lists.get(object)) return true;
    const one = planned.get(object.kind);
    if (one !== undefined) await lists.list(one, one.resource.namespaced ? object.namespace : undefined);
    return false;
  }

  /** Of a pod that others are to lose: its owner counts the others in its status, and a Service is known by all that it selects. */
  async function besidePods(): Promise<void> {
    const view = graph.view();
    const found = new Map<string, number>();
    const pods: NodeId[] = [];
    view.eachOfKind('Pod', undefined, (id) => {
      const { namespace } = view.node(id);
      if (lists.isWhole('Pod', namespace)) return true;
      found.set(namespace, (found.get(namespace) ?? 0) + 1);
      pods.push(id);
      return true;
    });
    if (pods.length === 0) return;
    // A ReplicaSet, and its Deployment.
    for (let hop = 0; hop < 2; hop++) await readAll(ownersOf(graph.view(), pods).filter(isOpen));
    const services = planned.get('Service');
    const most = [...found].sort((a, b) => b[1] - a[1]);
    if (services !== undefined) await Promise.all(most.map(([namespace]) => lists.list(services, namespace, 1)));
    await Promise.all(
      selecting(graph.view(), pods).map(({ namespace, selector }) => lists.podsOfService(namespace, selector)),
    );
  }

  async function readAll(objects: readonly Named[]): Promise<void> {
    const groups = Map.groupBy(objects, ({ kind, namespace }) => `${kind} ${namespace}`);
    await Promise.all(
      [...groups.values()].map(async (group) => {
        const [first] = group;
        const one = first && planned.get(first.kind);
        if (first === undefined || one === undefined) return;
        const where = one.resource.namespaced ? first.namespace : undefined;
        if (group.length < LIST_FROM) await Promise.all(group.map((object) => lists.get(object)));
        else await lists.list(one, where, 1);
        // Of many the list's first page may not have had all.
        const rest = group.filter((object) => !isKnown(object) && !lists.wasAsked(object));
        await Promise.all(rest.map((object) => lists.get(object)));
      }),
    );
  }

  function isKnown({ kind, namespace, name }: Named): boolean {
    const view = graph.view();
    const id = view.find(kind, namespace, name);
    return lists.isWhole(kind, namespace) || (id !== undefined && view.node(id).state === 'present');
  }

  /** What is named within `depth` steps and was not asked for yet. */
  function unread(
    view: GraphView,
    { objects, namespaces, depth }: { objects: readonly Named[]; namespaces: readonly string[]; depth: number },
  ): Named[] {
    const starts = objects.flatMap(({ kind, namespace, name }) => view.find(kind, namespace, name) ?? []);
    const seen = walked(view, starts.length > 0 ? starts : allIn(view, namespaces), depth);
    return [...seen].flatMap((id) => {
      const { kind, namespace, name, state } = view.node(id);
      const object = { kind, namespace, name };
      return state === 'absent' && isOpen(object) ? [object] : [];
    });
  }

  function isOpen(object: Named): boolean {
    const { kind, namespace } = object;
    return (
      planned.has(kind) &&
      !lists.isWhole(kind, namespace) &&
      !lists.wasAsked(object) &&
      isVisibleNamespace(scope, namespace)
    );
  }
}

/** Absent ones, of `pods` and of their owners. */
function ownersOf(view: GraphView, pods: readonly NodeId[]): readonly Named[] {
  const seen = new Set(pods);
  const absent: Named[] = [];
  for (const id of seen) {
    view.out(
      id,
      (owner) => {
        if (seen.has(owner)) return true;
        seen.add(owner);
        const { kind, namespace, name, state } = view.node(owner);
        if (state === 'absent') absent.push({ kind, namespace, name });
        return true;
      },
      ({ strength }) => strength === 'ownership',
    );
  }
  return absent;
}

/** Of Services that lead to one of `pods`. */
function selecting(
  view: GraphView,
  pods: readonly NodeId[],
): readonly { namespace: string; selector: Readonly<Record<string, string>> }[] {
  const found = new Map<NodeId, { namespace: string; selector: Readonly<Record<string, string>> }>();
  for (const pod of pods) {
    view.in(pod, (id) => {
      const node = view.node(id);
      const facts = service.of(node);
      if (facts !== undefined) found.set(id, { namespace: node.namespace, selector: facts.selector });
      return true;
    });
  }
  return [...found.values()];
}

/** A question about a namespace is one about all that is in it. */
function allIn(view: GraphView, namespaces: readonly string[]): NodeId[] {
  const found: NodeId[] = [];
  for (const kind of view.kinds()) {
    for (const namespace of namespaces) {
      view.eachOfKind(kind, namespace, (id) => {
        found.push(id);
        return found.length < MOST_WALKED;
      });
    }
  }
  return found;
}

/** The nearest first, and of those what the focus needs before what needs it. */
function walked(view: GraphView, starts: readonly NodeId[], depth: number): ReadonlySet<NodeId> {
  const seen = new Set(starts);
  let edge = starts;
  for (let step = 0; step < depth && seen.size < MOST_WALKED; step++) {
    const further: NodeId[] = [];
    const visit = (id: NodeId) => {
      if (!seen.has(id)) further.push(id);
      seen.add(id);
      return seen.size < MOST_WALKED;
    };
    for (const id of edge) view.out(id, visit);
    for (const id of edge) view.in(id, visit);
    edge = further;
  }
  return seen;
}
