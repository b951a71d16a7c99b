/** Test support: ports of sync whose Reflectors do what the test says, on a clock that stands still. */
import { createClock, type SandboxClock } from '../../sandbox/clock.ts';
import { createMemoryBudget } from '../../src/graph/sync/memory-budget.ts';
import type { SyncPorts, SyncScope, SyncSettings } from '../../src/graph/sync/types.ts';
import { AppError } from '../../src/kernel/errors.ts';
import type { KubeObject } from '../../src/kernel/vocabulary.ts';
import type { ClusterReader } from '../../src/kube/cluster-reader.ts';
import type { ReflectorSink, ReflectorState } from '../../src/kube/reflector/types.ts';
import type { ApiResource, DiscoverySnapshot } from '../../src/kube/types.ts';
import type { WatchTarget } from '../../src/kube/watch/types.ts';

/** One Reflector in the hands of a test. */
export interface ScriptedReflector {
  target: WatchTarget;
  running: boolean;
  relists: string[];
  /** Whether its versions may be compared, as sync sees it. */
  comparable(): boolean;
  /** A whole list, and the watch after it. */
  lists(objects: readonly KubeObject[], kind?: 'first' | 'relist'): Promise<void>;
  events(...events: readonly (readonly ['upsert' | 'delete', KubeObject])[]): Promise<void>;
  state(state: ReflectorState): void;
  lost(why: 'forbidden' | 'not served' | 'other cluster'): void;
}

export interface ScriptedCluster {
  clock: SandboxClock;
  ports: SyncPorts;
  /** What discovery answers from now on; an error is thrown. */
  serves(answer: DiscoverySnapshot | AppError): void;
  clusterIs(id: string | undefined): void;
  /** It gives a sign of life; before the first nobody knows how long it has been silent. */
  lives(): void;
  /** Answers of single reads: by `resource namespace`. */
  objects: Map<string, readonly KubeObject[]>;
  /** The Reflector that runs for a plural, in a namespace. */
  reflector(resource: string, namespace?: string): ScriptedReflector;
  running(): string[];
  /** Time goes by, and what waits for it is done. */
  pass(ms: number): Promise<void>;
  requests: string[];
}

export function resource(kind: string, own: Partial<ApiResource> = {}): ApiResource {
  const word = kind.toLowerCase();
  return {
    group: '',
    version: 'v1',
    kind,
    resource: `${word}s`,
    singular: word,
    shortNames: [],
    categories: [],
    namespaced: true,
    verbs: ['get', 'list', 'watch'],
    subresources: [],
    preferred: true,
    ...own,
  };
}

export const NAMESPACES = resource('Namespace', { namespaced: false });
export const PODS = resource('Pod');
export const DEFINITIONS = resource('CustomResourceDefinition', {
  group: 'apiextensions.k8s.io',
  namespaced: false,
});
export const BOATS = resource('Boat', { group: 'sea.example.com' });

export function object(of: ApiResource, name: string, own: Partial<KubeObject['metadata']> = {}): KubeObject {
  return {
    apiVersion: of.group === '' ? of.version : `${of.group}/${of.version}`,
    kind: of.kind,
    metadata: {
      name,
      ...(of.namespaced ? { namespace: 'sea' } : {}),
      uid: `uid-${name}`,
      resourceVersion: '1',
      ...own,
    },
  };
}

export const settle = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
};

export const WATCHING: ReflectorState = { state: 'watching', resourceVersion: '1', since: 0 };

export function scriptedCluster(
  served: readonly ApiResource[],
  own: { scope?: Partial<SyncScope>; settings?: Partial<SyncSettings> } = {},
): ScriptedCluster {
  const clock = createClock('still');
  const reflectors: ScriptedReflector[] = [];
  const objects = new Map<string, readonly KubeObject[]>();
  const requests: string[] = [];
  let answer: DiscoverySnapshot | AppError = { resources: served, failures: [] };
  let id: string | undefined = 'first';
  let livedAt = Number.NEGATIVE_INFINITY;

  const placeOf = ({ resource: { resource: plural }, namespace = '' }: WatchTarget) => `${plural} ${namespace}`;
  const found = (target: WatchTarget) => {
    requests.push(placeOf(target));
    const items = objects.get(placeOf(target));
    if (items === undefined) throw new AppError('cluster_forbidden', `${placeOf(target)} is forbidden`);
    return items;
  };

  const reader: ClusterReader = {
    async discovery() {
      requests.push('discovery');
      if (answer instanceof AppError) throw answer;
      return answer;
    },
    async list(target) {
      const items = found(target);
      return { items, total: items.length, resourceVersion: '1' };
    },
    async get(target, name) {
      return found(target).find(({ metadata }) => metadata?.name === name);
    },
    async versions(target, _query, each) {
      for (const { metadata: { namespace = '', name = '', uid = '', resourceVersion = '' } = {} } of found(target))
        each({ namespace, name, uid, resourceVersion });
      return {};
    },
    customResourceSchemas: async () => [],
    clockOffset: () => 0,
    silence: () => clock.monotonic() - livedAt,
    checkClock: async () => {},
    clusterId: async () => id,
  };

  const ports: SyncPorts = {
    reader,
    clock,
    random: () => 0.5,
    scope: { allowedNamespaces: undefined, forbiddenNamespaces: new Set(), denied: () => undefined, ...own.scope },
    settings: {
      mode: 'lazy',
      watchTimeout: 300,
      maxRetries: 3,
      syncInterval: 0,
      memory: createMemoryBudget(1e9),
      lazyLimit: 20_000,
      ...own.settings,
    },
    reflectors({ target, sink, project, comparableVersions = () => true }) {
      const scripted = { ...script(target, sink, project), comparable: comparableVersions };
      return {
        start() {
          scripted.running = true;
          reflectors.push(scripted);
        },
        stop() {
          scripted.running = false;
        },
        get state() {
          return scripted.current();
        },
        counts: { lists: 1, relists: 0, watches: 1, events: 0, bookmarks: 0, failures: 0, notUnderstood: 0 },
        relist: (reason) => void scripted.relists.push(reason),
      };
    },
  };

  return {
    clock,
    ports,
    objects,
    requests,
    serves(next) {
      answer = next;
    },
    lives() {
      livedAt = clock.monotonic();
    },
    clusterIs(next) {
      id = next;
    },
    reflector(plural, namespace) {
      const match = reflectors.find(
        ({ running, target }) => running && target.resource.resource === plural && target.namespace === namespace,
      );
      if (match === undefined) throw new Error(`no Reflector runs for ${plural} ${namespace ?? ''}`);
      return match;
    },
    running: () =>
      reflectors
        .filter(({ running }) => running)
        .map(({ target }) => [target.resource.resource, target.namespace].filter((word) => word).join(' ')),
    async pass(ms) {
      await settle();
      clock.advance(ms);
      await settle();
    },
  };
}

function script<Item>(target: WatchTarget, sink: ReflectorSink<Item>, project: (object: KubeObject) => Item) {
  let current: ReflectorState = { state: 'waiting', why: 'not started' };
  const become = (state: ReflectorState) => {
    current = state;
    sink.state(state);
  };
  return {
    target,
    running: false,
    relists: [] as string[],
    current: () => current,
    state: become,
    lost: (why: 'forbidden' | 'not served' | 'other cluster') => sink.lost(why),
    async lists(objects: readonly KubeObject[], kind: 'first' | 'relist' = 'first') {
      become({ state: 'listing', first: kind === 'first', items: 0 });
      sink.listBegins(kind);
      await sink.listPage(objects.map(project), 0);
      await sink.listEnds('1');
      become(WATCHING);
    },
    async events(...events: readonly (readonly ['upsert' | 'delete', KubeObject])[]) {
      await sink.events(events.map(([type, of]) => ({ type, item: project(of) })));
    },
  };
}
