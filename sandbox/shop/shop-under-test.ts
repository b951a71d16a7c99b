/** The shop for tests: time stands still until it is moved, and what is wrong in it is told in the words that kubectl prints. */
import { createSandbox, type Sandbox } from '../create-sandbox.ts';
import { createTables } from '../tables/create-tables.ts';
import type { KubeObject } from '../types.ts';
import type { Condition, Pod } from '../world/kubelet/pod-types.ts';
import { SHOP } from './shop.ts';

export interface ShopUnderTest {
  sandbox: Sandbox;
  /** Reconciles that failed for another reason than that they were refused what they asked for. */
  failures: readonly string[];
  minutes(count: number): void;
  /** Cells of one row as kubectl prints them: those named. */
  row(resource: string, namespace: string, name: string, ...columns: string[]): string;
  /** `READY STATUS` of each pod of an app, sorted. */
  pods(namespace: string, app: string): string[];
  /** `REASON CODE` of how each container of an app's pods that was restarted ended last. */
  lastEnds(namespace: string, app: string): string[];
  /** The messages of events of one reason since a time, each once. */
  events(reason: string, since: number): string[];
  /** `STATUS REASON MESSAGE`. */
  condition(resource: string, namespace: string, name: string, type: string): string;
  /** What is not well now; Warning events newer than `since` among it. */
  troubles(since: number): string[];
}

export function createShop(): ShopUnderTest {
  const failures: string[] = [];
  const sandbox = createSandbox({
    world: SHOP,
    time: 'still',
    onFailure: (component, key, error) => {
      const text = error instanceof Error ? error.message : String(error);
      if (!text.includes('exceeded quota')) failures.push(`${component} ${key}: ${text}`);
    },
  });
  const { operator, kinds, clock } = sandbox;
  const tables = createTables(() => clock.now());

  function row(resource: string, namespace: string, name: string, ...columns: string[]): string {
    const info = kinds.byId(resource);
    const found = operator.get(resource, namespace, name);
    if (info === undefined || found === undefined) return 'NotFound';
    const printer = tables(info, info.storageVersion);
    const { cells } = printer.row(found);
    const cell = (column: string) => cells[printer.columns.findIndex((known) => known.name === column)];
    return columns.map((column) => String(cell(column))).join(' ');
  }

  const podsOf = (namespace: string, app: string) =>
    operator.list<Pod>('pods', namespace).filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/name'] === app);

  return {
    sandbox,
    failures,
    row,
    minutes: (count) => clock.advance(count * 60_000),
    pods: (namespace, app) =>
      podsOf(namespace, app)
        .map(({ metadata }) => row('pods', namespace, metadata.name, 'Ready', 'Status'))
        .sort(),
    lastEnds: (namespace, app) =>
      podsOf(namespace, app)
        .flatMap(({ status }) => status?.containerStatuses ?? [])
        .flatMap(({ lastState: { terminated } }) =>
          terminated === undefined ? [] : `${terminated.reason} ${terminated.exitCode}`,
        ),
    events: (reason, since) => [
      ...new Set(
        operator
          .list<Told>('events')
          .filter((event) => event.reason === reason && Date.parse(event.lastTimestamp) >= since)
          .map(({ message }) => message),
      ),
    ],
    condition(resource, namespace, name, type) {
      const conditions = operator.get<Conditioned>(resource, namespace, name)?.status?.conditions ?? [];
      const found = conditions.find((condition) => condition.type === type);
      return found === undefined ? 'none' : `${found.status} ${found.reason} ${found.message}`.trim();
    },
    troubles: (since) => [
      ...podTroubles(operator.list<Pod>('pods')),
      ...sizeTroubles(operator.list<Sized>('deployments.apps')),
      ...sizeTroubles(operator.list<Sized>('statefulsets.apps')),
      ...operator.list<Conditioned>('nodes').flatMap(nodeTroubles),
      ...operator.list<Scaling>('horizontalpodautoscalers.autoscaling').flatMap(scalingTroubles),
      ...phaseTroubles(operator.list<Phased>('namespaces'), 'Active'),
      ...phaseTroubles(operator.list<Phased>('persistentvolumeclaims'), 'Bound'),
      ...operator.list<Conditioned>('jobs.batch').flatMap(jobTroubles),
      ...operator
        .list<Told>('events')
        .filter(({ type, lastTimestamp }) => type === 'Warning' && Date.parse(lastTimestamp) > since)
        .map(({ reason, message, involvedObject }) => `${involvedObject.name} ${reason}: ${message}`),
    ],
  };
}

interface Told extends KubeObject {
  type: string;
  reason: string;
  message: string;
  lastTimestamp: string;
  involvedObject: { name: string };
}
interface Conditioned extends KubeObject {
  status?: { conditions?: Condition[] };
}
interface Sized extends KubeObject {
  spec: { replicas: number };
  status?: { replicas?: number; updatedReplicas?: number; availableReplicas?: number };
}
interface Scaling extends Conditioned {
  spec: { minReplicas: number };
  status?: { conditions?: Condition[]; currentReplicas?: number };
}
interface Phased extends KubeObject {
  status?: { phase?: string };
}

const nameOf = ({ kind, metadata }: KubeObject) => `${kind} ${metadata.name}`;

/** A pod of a Job may have begun just now: it is well until it has failed. */
const isWell = ({ metadata, status }: Pod) =>
  metadata.deletionTimestamp === undefined &&
  (status?.phase === 'Succeeded' ||
    (status?.phase !== 'Failed' && metadata.labels?.['batch.kubernetes.io/job-name'] !== undefined) ||
    status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') === true);

const podTroubles = (pods: readonly Pod[]) =>
  pods.filter((pod) => !isWell(pod)).map((pod) => `${nameOf(pod)} is not ready`);

const sizeTroubles = (workloads: readonly Sized[]) =>
  workloads.flatMap((workload) => {
    const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = workload.status ?? {};
    const wanted = workload.spec.replicas;
    const well = replicas === wanted && updatedReplicas === wanted && availableReplicas === wanted;
    return well ? [] : [`${nameOf(workload)} is not rolled out`];
  });

const nodeTroubles = (node: Conditioned & { spec?: { unschedulable?: boolean } }) => [
  ...(node.spec?.unschedulable === true ? [`${nameOf(node)} is cordoned`] : []),
  ...(node.status?.conditions ?? [])
    .filter(({ type, status }) => (type === 'Ready') !== (status === 'True'))
    .map(({ type, status }) => `${nameOf(node)} ${type} is ${status}`),
];

/** At rest there is little to do. */
const scalingTroubles = (autoscaler: Scaling) => {
  const { conditions = [], currentReplicas } = autoscaler.status ?? {};
  const works = conditions.every(({ type, status }) => type === 'ScalingLimited' || status === 'True');
  const rests = currentReplicas === autoscaler.spec.minReplicas;
  return works && rests ? [] : [`${nameOf(autoscaler)} is at ${currentReplicas}, ${works ? 'measured' : 'blind'}`];
};

const phaseTroubles = (objects: readonly Phased[], phase: string) =>
  objects.filter(({ status }) => status?.phase !== phase).map((object) => `${nameOf(object)} is not ${phase}`);

const jobTroubles = (job: Conditioned) =>
  (job.status?.conditions ?? []).some(({ type }) => type === 'Failed') ? [`${nameOf(job)} failed`] : [];

/** What somebody decided about each object, without what components make of it: the same before a break and after its heal. */
export function decided({ kinds, operator }: Sandbox): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const { id, storedAs } of kinds.all()) {
    if (storedAs !== undefined || MADE_BY_COMPONENTS.has(id)) continue;
    for (const object of operator.list(id)) {
      const { metadata, status: _status, apiVersion: _version, kind: _kind, ...rest } = object;
      const annotations = Object.entries(metadata.annotations ?? {}).filter(([key]) => !key.startsWith('deployment.'));
      const { namespace = '', name, labels = {}, finalizers = [] } = metadata;
      result[`${id} ${namespace}/${name}`] = {
        ...rest,
        labels,
        annotations: Object.fromEntries(annotations),
        finalizers,
      };
    }
  }
  return result;
}

/** They come and go as time goes by. */
const MADE_BY_COMPONENTS: ReadonlySet<string> = new Set([
  'pods',
  'events',
  'replicasets.apps',
  'controllerrevisions.apps',
  'jobs.batch',
  'endpoints',
  'endpointslices.discovery.k8s.io',
  'leases.coordination.k8s.io',
]);
