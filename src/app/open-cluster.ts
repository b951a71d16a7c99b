import { AppError } from '../kernel/errors.ts';
import type { ApiRequest, Principal } from '../kernel/vocabulary.ts';
import type { Cluster } from '../kube/cluster.ts';
import type { Clusters } from '../kube/clusters.ts';
import type { DiscoverySnapshot } from '../kube/types.ts';
import type { OpenCluster } from '../operations/ports.ts';
import { decide } from '../policy/decide.ts';
import { matchesAny } from '../policy/glob.ts';
import { deriveRedactionKey } from '../policy/redaction/fingerprint.ts';
import { createRedactor } from '../policy/redaction/redactor.ts';
import { resolveMarkers } from '../policy/redaction/resolve.ts';
import type { PolicyRules } from '../policy/types.ts';

export interface OpenClusterParts {
  clusters: Clusters;
  rules: PolicyRules;
  installKey: Uint8Array;
  /** `--context` and `--namespace`. */
  context: string | undefined;
  namespace: string | undefined;
}

/** Binds a cluster to one call: one policy, one redactor, one guard beneath every request. */
export async function openCluster(
  { clusters, rules, installKey, context: chosen, namespace }: OpenClusterParts,
  wanted: string | undefined,
  principal: Principal,
  signal: AbortSignal,
): Promise<OpenCluster> {
  const named = wanted ?? chosen;
  if (named !== undefined) refuseContext(named, rules);
  const cluster = await clusters.get(named).catch((thrown: unknown) => {
    throw withoutDeniedNames(thrown, rules);
  });
  const { context, server } = cluster.connection;
  // Where the call names none it is the kubeconfig's current one, which may be denied as well.
  refuseContext(context, rules);
  const id = `${context} ${server.host}`;
  const key = deriveRedactionKey(installKey, id, principal.id);
  const redactor = createRedactor(key);
  const namespacedOf = await scopeLookup(cluster, rules, signal);
  const scope = {
    decide: (request: ApiRequest) => {
      const namespaced = namespacedOf(request);
      return decide(request, { rules, context, ...(namespaced === undefined ? {} : { namespaced }) });
    },
  };
  const raw = cluster.rawClient(scope);
  return {
    id,
    view: cluster.view(scope, redactor, { namespace }),
    redactor,
    decide: scope.decide,
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

/** Before anything is connected: a denied context must not even run its credential plugin. */
function refuseContext(context: string, { contexts }: PolicyRules): void {
  if (contexts === undefined || matchesAny(contexts, context)) return;
  throw new AppError('context_denied', `The context ${JSON.stringify(context)} is not usable here.`, {
    remedy: `Use a context that matches ${contexts.join(', ')}, or have the operator change --contexts.`,
  });
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
