import { AppError } from '../../kernel/errors.ts';
import { nearest } from '../../kernel/nearest.ts';
import type { ClusterConnection, CredentialSource, Impersonation } from '../connection.ts';
import { proxyFor, serverUrl, tlsSettings } from './cluster-endpoint.ts';
import type { ClusterEntry, ContextEntry, Kubeconfig, UserEntry } from './types.ts';

export interface ConnectionTools {
  env: Readonly<Record<string, string | undefined>>;
  /** The shared source of a user, and a name for it that changes with its configuration. */
  credentials(user: UserEntry | undefined, cluster: ClusterEntry): { source: CredentialSource; id: string };
  /** A keyed hash: equal for equal input, and no way back. */
  hash(text: string): string;
}

/** The connection of one context, or of the current one. Throws `unknown_context`, `kubeconfig_invalid` or `credentials_failed`. */
export function contextConnection(
  config: Kubeconfig,
  wanted: string | undefined,
  tools: ConnectionTools,
): ClusterConnection {
  const context = findContext(config, wanted);
  const cluster = findCluster(config, context);
  const user = findUser(config, context);
  const server = serverUrl(cluster, user);
  const tls = tlsSettings(cluster);
  const proxyUrl = proxyFor(cluster, server, tools.env);
  const impersonate = user === undefined ? undefined : impersonation(user);
  const { source, id } = tools.credentials(user, cluster);
  const { name, namespace } = context;
  const identity = [name, server.href, namespace, cluster.certificateAuthority, tls, proxyUrl?.href, impersonate, id];
  return {
    context: name,
    server,
    ...(namespace === undefined ? {} : { namespace }),
    tls,
    ...(proxyUrl === undefined ? {} : { proxyUrl }),
    credentials: source,
    ...(impersonate === undefined ? {} : { impersonate }),
    fingerprint: tools.hash(JSON.stringify(identity)),
  };
}

export function findContext(config: Kubeconfig, wanted: string | undefined): ContextEntry {
  const name = wanted ?? config.currentContext;
  const all = [...config.contexts.keys()];
  if (name === undefined) {
    throw new AppError('unknown_context', 'The kubeconfig has no current-context, and the call names no context.', {
      candidates: all.slice(0, 20),
      remedy: 'Name a context in the call, or run `kubectl config use-context <name>`.',
    });
  }
  const context = config.contexts.get(name);
  if (context !== undefined) return context;
  const near = nearest(name, all);
  const which = wanted === undefined ? 'The current-context' : 'The context';
  throw new AppError('unknown_context', `${which} ${JSON.stringify(name.slice(0, 200))} is not in the kubeconfig.`, {
    candidates: near.length > 0 ? near : all.slice(0, 20),
    remedy: 'Use one of the contexts that the kubeconfig has.',
  });
}

function findCluster(config: Kubeconfig, context: ContextEntry): ClusterEntry {
  if (context.cluster === undefined) throw invalid(context, 'names no cluster');
  const cluster = config.clusters.get(context.cluster);
  if (cluster === undefined)
    throw invalid(context, `names the cluster "${context.cluster}", which the kubeconfig does not have`);
  return cluster;
}

/** A context without a user is anonymous; one whose user is missing is a mistake. */
function findUser(config: Kubeconfig, context: ContextEntry): UserEntry | undefined {
  if (context.user === undefined) return undefined;
  const user = config.users.get(context.user);
  if (user === undefined)
    throw invalid(context, `names the user "${context.user}", which the kubeconfig does not have`);
  return user;
}

function impersonation({ impersonate, name, origin }: UserEntry): Impersonation | undefined {
  const { user, uid, groups, extra } = impersonate;
  if (user !== undefined) return { user, ...(uid === undefined ? {} : { uid }), groups, extra };
  if (uid === undefined && groups.length === 0 && Object.keys(extra).length === 0) return undefined;
  throw new AppError(
    'kubeconfig_invalid',
    `${origin.file}, line ${origin.line}: user "${name}" has as-uid, as-groups or as-user-extra without \`as\`.`,
    {
      remedy: 'Add `as` with the user to impersonate, or remove the others.',
    },
  );
}

function invalid(context: ContextEntry, problem: string): AppError {
  return new AppError(
    'kubeconfig_invalid',
    `${context.origin.file}, line ${context.origin.line}: context "${context.name}" ${problem}.`,
    {
      remedy: 'Correct that context in the kubeconfig, or use another one.',
    },
  );
}
