/** The composition root of the sandbox: an API server over a store, and the components that live behind it. */
import { createAuthenticator } from './access/authenticate.ts';
import { createAuthorizer } from './access/rbac.ts';
import { createReviews } from './access/reviews.ts';
import { createServiceAccountTokens } from './access/service-account-tokens.ts';
import { createAdmin } from './admin.ts';
import { createReader } from './api/create-reader.ts';
import { API_SERVER, createFirstObjects } from './bootstrap/first-objects.ts';
import { seededRandom } from './bootstrap/seeded-random.ts';
import { createClock, type SandboxClock } from './clock.ts';
import { createCrdController } from './kinds/crd-controller.ts';
import { createDocuments } from './kinds/create-documents.ts';
import { createKinds } from './kinds/create-kinds.ts';
import { decodeBody } from './kinds/decode-body.ts';
import type { Kinds } from './kinds/types.ts';
import { createProtobuf } from './protobuf/create-protobuf.ts';
import { createRegistry } from './registry/create-registry.ts';
import { STRATEGIES } from './registry/strategies/index.ts';
import type { Registry } from './registry/types.ts';
import { converterOf } from './registry/versions/convert.ts';
import { createServer } from './server/create-server.ts';
import { kubeconfigText } from './server/kubeconfig.ts';
import type { Listening } from './server/ports.ts';
import { createTrust } from './server/trust.ts';
import { createStore } from './store/create-store.ts';
import type { Store } from './store/types.ts';
import { createTables } from './tables/create-tables.ts';
import { issueCredentials, roleBindings } from './users.ts';
import { controllers } from './world/controllers/index.ts';
import { createMachine } from './world/create-machine.ts';
import { createKubelet, type Kubelet } from './world/kubelet/create-kubelet.ts';
import { createPodLogs } from './world/kubelet/logs.ts';
import type { Pod } from './world/kubelet/pod-types.ts';
import { createMetrics, totalUsage } from './world/kubelet/usage.ts';
import { runControllers } from './world/run-controllers.ts';
import { createScheduler } from './world/scheduler/create-scheduler.ts';
import type { Controller, Machine } from './world/types.ts';
import { ageOf, makeObjects } from './worlds/make-world.ts';
import type { World } from './worlds/types.ts';

export interface SandboxOptions {
  world: World;
  seed?: number;
  /** `still`: time moves by `clock.advance` only; for tests. */
  time?: 'flowing' | 'still';
  /** Told to end by `k8s-mcp sandbox stop`. */
  onStop?: () => void;
  /** Told of each reconcile that failed; it is tried again whatever happens. */
  onFailure?: (component: string, key: string, error: unknown) => void;
  /** Told as a generated world grows. */
  onProgress?: (objects: number, expected: number) => void;
}

export interface Sandbox {
  clock: SandboxClock;
  store: Store;
  kinds: Kinds;
  registry: Registry;
  /** The cluster in the hands of its administrator: how incidents are played. */
  operator: Machine;
  /** Listens on loopback. Port 0 takes a free one. */
  listen(port: number): Promise<Listening>;
  /** Good after `listen`. */
  kubeconfig(url: string): string;
  stop(): Promise<void>;
}

/** The release that it serves as. */
const VERSION = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.3+k8s-mcp-sandbox',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '2026-11-21T00:00:00Z',
  goVersion: '',
  compiler: 'none',
  platform: 'k8s-mcp/sandbox',
};

const COMPACTION_MS = 5 * 60_000;

const OPERATOR = { name: 'operator', user: 'sandbox-operator', fieldManager: 'k8s-mcp-sandbox' };

export function createSandbox(options: SandboxOptions): Sandbox {
  const { world, seed = 1, time = 'flowing' } = options;
  const started = Date.now();
  const clock = createClock(time, started - ageOf(world));
  const random = seededRandom(seed);
  const kinds = createKinds();
  const protobuf = createProtobuf();
  const store = createStore({
    compaction: { clock, everyMs: COMPACTION_MS },
    ...(world.startRevision === undefined ? {} : { startRevision: world.startRevision }),
    ...(world.keepEvents === undefined ? {} : { keepEvents: world.keepEvents }),
    encodeProtobuf: (resource) => (kinds.byId(resource)?.origin === 'builtin' ? protobuf.encode : undefined),
  });
  const tokens = createServiceAccountTokens(store, clock);
  const registry = createRegistry({
    store,
    kinds,
    clock,
    random,
    strategies: STRATEGIES,
    createToken: (target, request) =>
      tokens.request(
        registry.get({
          resource: target.resource,
          version: target.version,
          namespace: target.namespace,
          name: target.name,
        }),
        request,
      ),
  });
  const trust = createTrust(started);
  const credentials = issueCredentials(world.users, trust, started);
  const authorizer = createAuthorizer(store);
  let making = true;
  const bornSettled = () => making && world.settled === true;
  const machineOf = (controller: Pick<Controller, 'name' | 'user' | 'fieldManager'>) =>
    createMachine({ store, registry, kinds, clock, random, controller, hushed: bornSettled });
  const operator = machineOf(OPERATOR);
  const kubelet = createKubelet({ ...(world.images === undefined ? {} : { images: world.images }), bornSettled });

  createFirstObjects({ store, kinds, registry, now: clock.now(), random, ca: trust.authority.cert });
  const members = world.lives
    ? componentsOf({ kinds, kubelet, rootCertificate: trust.authority.cert, clock, operator })
    : [];
  const stopControllers = runControllers([createCrdController(kinds), ...members], {
    store,
    clock,
    machineOf,
    onFailure: (controller, key, error) => options.onFailure?.(controller.name, key, error),
  });
  const context = { ...API_SERVER, fieldManager: 'kubectl-client-side-apply' };
  makeObjects([...world.objects, ...roleBindings(world.users)], { kinds, registry, clock, operator, context });
  making = false;
  clock.advance(world.ageMs);
  const stopFilling = world.fill?.({
    store,
    kinds,
    clock,
    random,
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });

  const server = createServer({
    reader: createReader({ store, clock, kinds, random }),
    registry,
    kinds,
    store,
    clock,
    trust,
    authenticate: createAuthenticator(credentials.tokens, tokens),
    authorize: (caller, attributes) => authorizer.authorize(caller, attributes),
    table: createTables(() => clock.now()),
    converter: (resource, version) => converterOf(resource, version, kinds),
    decode: decodeBody,
    protobuf,
    documents: createDocuments(kinds),
    logs: createPodLogs({
      clock,
      kubelet,
      podNow: (namespace, name) => operator.get('pods', namespace, name),
      ...(world.logs === undefined ? {} : { recorded: world.logs }),
    }),
    metrics: createMetrics({ now: () => clock.now(), kubelet, list: operator.list, get: operator.get }),
    reviews: createReviews(
      authorizer,
      (token) => tokens.verify(token),
      () => clock.now(),
    ),
    admin: createAdmin({ world, store, clock, operator, stop: () => options.onStop?.() }),
    version: VERSION,
  });

  return {
    clock,
    store,
    kinds,
    registry,
    operator,
    listen: (port) => server.start({ host: '127.0.0.1', port }),
    kubeconfig: (url) => kubeconfigText({ url, authority: trust.authority.cert, users: credentials.users }),
    async stop() {
      stopFilling?.();
      stopControllers();
      clock.stop();
      await server.stop();
    },
  };
}

/** Storage that the sandbox provisions, by the name that StorageClasses give it. */
const PROVISIONERS = ['disk.sandbox.k8s-mcp.dev'];

interface Behind {
  kinds: Kinds;
  kubelet: Kubelet;
  rootCertificate: string;
  clock: SandboxClock;
  operator: Machine;
}

/** What lives behind the API: controllers, scheduler, kubelets. */
function componentsOf({ kinds, kubelet, rootCertificate, clock, operator }: Behind): readonly Controller[] {
  const usage = ({ metadata }: { metadata: { namespace?: string; name: string } }) => {
    const pod = operator.get<Pod>('pods', metadata.namespace ?? '', metadata.name);
    return pod && totalUsage(pod, clock.now(), kubelet);
  };
  return [
    ...controllers({ kinds, rootCertificate, usage, provisioners: PROVISIONERS }),
    createScheduler(),
    ...kubelet.controllers,
  ];
}
