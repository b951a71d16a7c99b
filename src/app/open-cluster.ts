import type { CommandResponse, ParsedCommand } from '../exec/types.ts';
import { CALLERS_CONTEXT, isCallersContext } from '../kernel/callers-context.ts';
import { AppError } from '../kernel/errors.ts';
import type { ApiRequest, Decision, Gate, Principal } from '../kernel/vocabulary.ts';
import type { Cluster } from '../kube/cluster.ts';
import type { Clusters } from '../kube/clusters.ts';
import type { RequestCluster } from '../kube/request-clusters.ts';
import type { DiscoverySnapshot } from '../kube/types.ts';
import type { CommandRun, OpenCluster, WantedCluster } from '../operations/ports.ts';
import { type DecideFacts, decide, decideGates } from '../policy/decide.ts';
import { matchesAny } from '../policy/glob.ts';
import { deriveRedactionKey } from '../policy/redaction/fingerprint.ts';
import { type CallRedactor, createRedactor } from '../policy/redaction/redactor.ts';
import { resolveMarkers } from '../policy/redaction/resolve.ts';
import type { PolicyRules } from '../policy/types.ts';
import type { Graphs } from './graphs.ts';

export interface OpenClusterParts {
  clusters: Clusters;
  /** Clusters of callers' own kubeconfigs. */
  requestClusters: RequestClusterSource;
  rules: PolicyRules;
  installKey: Uint8Array;
  /** `--context` and `--namespace`. */
  context: string | undefined;
  namespace: string | undefined;
  /** Commands may create, update and delete without the gates. */
  permissive: boolean;
  runCommand: RunCommand;
  graphs: Pick<Graphs, 'of'>;
}

export interface RequestClusterSource {
  /** Throws `kubeconfig_refused` or `invalid_argument` for a document that may not be used, naming each field. */
  get(kubeconfig: string, context: string | undefined): Promise<RequestCluster>;
}

/** Where a command runs: one cluster, as one caller, under one policy. */
export interface CommandTarget {
  cluster: Cluster;
  /** As OpenCluster has it. */
  id: string;
  /** Names cluster and identity in lower-case letters, digits and dashes: for caches and the guard's URL. Tells nothing. */
  handle: string;
  /** Commands may act as others: the escalation gate, on this context. */
  mayImpersonate: boolean;
  /** Of fingerprints, for this cluster and caller. */
  key: Uint8Array;
  redactor: CallRedactor;
  /** The namespace of a command that names none. */
  namespace: string | undefined;
  decide(request: ApiRequest, facts: Pick<DecideFacts, 'filtersAnswers' | 'permissive'>): Decision;
}

export type RunCommand = (command: ParsedCommand, run: CommandRun, target: CommandTarget) => Promise<CommandResponse>;

/** Binds a cluster to one call: one policy, one redactor, one guard beneath every request. */
export async function openCluster(
  parts: OpenClusterParts,
  wanted: WantedCluster,
  principal: Principal,
  signal: AbortSignal,
): Promise<OpenCluster> {
  const { rules, permissive } = parts;
  const { cluster, callers } = await clusterOf(parts, wanted);
  if (callers === undefined) refuseCallersName(cluster.connection.context);
  // The operator's default namespace is one of the operator's clusters.
  const namespace = callers === undefined ? parts.namespace : undefined;
  const { context, server, fingerprint } = cluster.connection;
  // Where the call names none it is the kubeconfig's current one, which may be denied as well.
  refuseContext(context, rules);
  // The contexts of two callers may have the same name and host; their kubeconfigs do not have the same fingerprint.
  const id = callers === undefined ? `${context} ${server.host}` : `${context} ${server.host} ${callers.id}`;
  const key = redactionKey(parts.installKey, { cluster, id }, principal);
  const redactor = createRedactor(key, wanted.forCommand === true ? { secretData: 'base64' } : {});
  const namespacedOf = await scopeLookup(cluster, rules, signal);
  const decideWith: CommandTarget['decide'] = (request, facts) => {
    const namespaced = namespacedOf(request);
    return decide(request, { rules, context, ...facts, ...(namespaced === undefined ? {} : { namespaced }) });
  };
  const scope = { decide: (request: ApiRequest) => decideWith(request, {}) };
  const raw = cluster.rawClient(scope);
  const gatesOpen = (gates: readonly Gate[], what: string) => decideGates(gates, what, { rules, context, permissive });
  return {
    id,
    view: cluster.view(scope, redactor, { namespace }),
    redactor,
    graph: parts.graphs.of(cluster, { callers: callers !== undefined, namespace }),
    decide: scope.decide,
    decideGates: gatesOpen,
    runCommand: (command, run) =>
      parts.runCommand(command, run, {
        cluster,
        id,
        handle: callers?.id ?? `c-${fingerprint.slice(0, 20)}`,
        mayImpersonate: gatesOpen(['escalation'], 'Impersonation').allow,
        key,
        redactor,
        namespace,
        decide: (request, facts) => decideWith(request, { permissive, ...facts }),
      }),
    ...(callers === undefined ? {} : { limit: callers.limit }),
    async resolveMarkers(manifest, live, abort) {
      const object =
        live &&
        (await raw.get(live.resource, live.name, {
          signal: abort,
          ...(live.namespace === undefined ? {} : { namespace: live.namespace }),
        }));
      return resolveMarkers(manifest, object, key);
    },
  };
}

const redactionKeys = new WeakMap<Cluster, Map<string, Uint8Array>>();

/** Derived once for a cluster and a principal: each call asks. */
function redactionKey(installKey: Uint8Array, { cluster, id }: { cluster: Cluster; id: string }, principal: Principal) {
  const known = redactionKeys.get(cluster) ?? new Map<string, Uint8Array>();
  redactionKeys.set(cluster, known);
  // Two contexts may have one connection, and so one cluster.
  const whose = `${id} ${principal.id}`;
  const key = known.get(whose) ?? deriveRedactionKey(installKey, id, principal.id);
  known.set(whose, key);
  return key;
}

/** The caller's own cluster where the call brings a kubeconfig, else one of the server's. */
async function clusterOf(
  parts: OpenClusterParts,
  { context, kubeconfig }: WantedCluster,
): Promise<{ cluster: Cluster; callers?: RequestCluster }> {
  const { clusters, requestClusters, rules } = parts;
  if (kubeconfig !== undefined) {
    const callers = await requestClusters.get(kubeconfig, context);
    return { cluster: callers, callers };
  }
  const named = context ?? parts.context;
  if (named !== undefined) refuseContext(named, rules);
  const cluster = await clusters.get(named).catch((thrown: unknown) => {
    throw withoutDeniedNames(thrown, rules);
  });
  return { cluster };
}

/** Before anything is connected: a denied context must not even run its credential plugin. */
function refuseContext(context: string, { contexts }: PolicyRules): void {
  if (contexts === undefined || matchesAny(contexts, context)) return;
  throw new AppError('context_denied', `The context ${JSON.stringify(context)} is not usable here.`, {
    remedy: `Use a context that matches ${contexts.join(', ')}, or have the operator change --contexts.`,
  });
}

/** One of the operator's own with such a name would be held to the rules of callers' kubeconfigs. */
function refuseCallersName(context: string): void {
  if (!isCallersContext(context)) return;
  throw new AppError(
    'context_denied',
    `The context ${JSON.stringify(context)} of the server's kubeconfig is not usable.`,
    {
      remedy: `Have the operator rename it: names that begin with ${CALLERS_CONTEXT} are those of callers' kubeconfigs.`,
    },
  );
}

/** The contexts that an unknown one may have meant, without those that callers may not use anyway. */
function withoutDeniedNames(thrown: unknown, { contexts }: PolicyRules): unknown {
  if (contexts === undefined || !(thrown instanceof AppError) || thrown.detail.candidates === undefined) return thrown;
  const candidates = thrown.detail.candidates.filter((name) => matchesAny(contexts, name));
  return new AppError(thrown.code, thrown.message, { ...thrown.detail, candidates });
}

type ScopeLookup = (request: ApiRequest) => boolean | undefined;

/** Whether a kind lives in namespaces, from discovery. Asked only where allowed namespaces make it matter. */
async function scopeLookup(cluster: Cluster, rules: PolicyRules, signal: AbortSignal): Promise<ScopeLookup> {
  if (rules.allowedNamespaces === undefined) return () => undefined;
  const index = indexOf(await cluster.mapper.snapshot(signal));
  return (request) => (request.type === 'resource' ? index.get(`${request.group}/${request.resource}`) : undefined);
}

const indexes = new WeakMap<DiscoverySnapshot, Map<string, boolean>>();

function indexOf(snapshot: DiscoverySnapshot): Map<string, boolean> {
  const known = indexes.get(snapshot);
  if (known !== undefined) return known;
  const index = new Map(snapshot.resources.map((r) => [`${r.group}/${r.resource}`, r.namespaced]));
  indexes.set(snapshot, index);
  return index;
}

/** The redactor of calls that end before a cluster is open. */
export function redactorWithoutCluster(installKey: Uint8Array, principal: Principal) {
  return createRedactor(deriveRedactionKey(installKey, 'no cluster', principal.id));
}
