import { createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { findProgram } from '../../process/find-program.ts';
import { runProgram } from '../../process/run-program.ts';
import type { ClusterConnection } from '../connection.ts';
import { contextConnection } from './context-connection.ts';
import { createInCluster, IN_CLUSTER } from './in-cluster.ts';
import { createLoader, type Loaded } from './load.ts';
import { createSharedSources } from './shared-sources.ts';
import type { KubeconfigEnv, SourcePlan } from './sources.ts';
import type { Kubeconfig } from './types.ts';

export interface ContextSummary {
  name: string;
  cluster: string;
  user: string;
  namespace?: string;
  /** As written; '' when the context's cluster is missing. */
  server: string;
}

export type KubeconfigState =
  | { kind: 'none' }
  | { kind: 'invalid'; error: AppError }
  | { kind: 'loaded'; contexts: ContextSummary[]; currentContext?: string; sources: string[] };

export interface KubeconfigStore {
  /** What there is to connect to. Never rejects for what is in the files. */
  state(): Promise<KubeconfigState>;
  /** The connection of a context, the current one by default. Throws `no_cluster`, `kubeconfig_invalid`, `unknown_context` or `credentials_failed`. */
  connect(context?: string): Promise<ClusterConnection>;
}

export interface KubeconfigDeps {
  clock: Clock;
  /** For one run of an exec plugin; default 60 s. */
  execTimeLimitMs?: number;
  /** Aborted when the server stops: ends running exec plugins. */
  shutdown?: AbortSignal;
}

/** The operator's kubeconfig: every call sees the files as they are now, and equal content shares parsed state and credentials. */
export function createKubeconfigStore(env: KubeconfigEnv, deps: KubeconfigDeps): KubeconfigStore {
  const hashKey = randomBytes(32);
  const hash = (text: string) => createHmac('sha256', hashKey).update(text).digest('hex');
  const load = createLoader(env);
  const inCluster = createInCluster(env, deps.clock, hash);
  const sources = createSharedSources(
    {
      clock: deps.clock,
      run: runProgram,
      find: findProgram,
      env: env.processEnv,
      home: env.home,
      execTimeLimitMs: deps.execTimeLimitMs ?? 60_000,
      shutdown: deps.shutdown ?? new AbortController().signal,
    },
    hash,
  );
  let seen: Kubeconfig | undefined;
  /** Of the kubeconfig that was seen last, by the context that was asked for: each call asks. */
  let connections = new Map<string | undefined, ClusterConnection>();

  const fresh = async (): Promise<Loaded> => {
    const loaded = await load();
    if (loaded.kind === 'loaded' && loaded.config !== seen) {
      seen = loaded.config;
      connections = new Map();
      sources.kubeconfigChanged();
    }
    return loaded;
  };

  return {
    async state() {
      const loaded = await fresh();
      if (loaded.kind === 'invalid') return loaded;
      if (loaded.kind === 'loaded') return summary(loaded.config, loaded.sources);
      const own = await inCluster();
      return own === undefined ? { kind: 'none' } : inClusterSummary(own);
    },
    async connect(context) {
      const loaded = await fresh();
      if (loaded.kind === 'invalid') throw loaded.error;
      if (loaded.kind === 'loaded') {
        const tools = { env: env.processEnv, credentials: sources.of, hash };
        const connection = connections.get(context) ?? contextConnection(loaded.config, context, tools);
        connections.set(context, connection);
        return connection;
      }
      const own = await inCluster();
      if (own === undefined) throw noCluster(loaded.plan);
      if (context === undefined || context === IN_CLUSTER) return own;
      throw new AppError(
        'unknown_context',
        `There is no kubeconfig, so there is no context ${JSON.stringify(context.slice(0, 200))}.`,
        {
          candidates: [IN_CLUSTER],
          remedy: 'Leave the context out: the pod has one cluster, its own.',
        },
      );
    },
  };
}

function summary(config: Kubeconfig, files: readonly string[]): KubeconfigState {
  const contexts = [...config.contexts.values()].map(({ name, cluster = '', user = '', namespace }) => ({
    name,
    cluster,
    user,
    ...(namespace === undefined ? {} : { namespace }),
    server: config.clusters.get(cluster)?.server ?? '',
  }));
  const { currentContext } = config;
  return { kind: 'loaded', contexts, ...(currentContext === undefined ? {} : { currentContext }), sources: [...files] };
}

function inClusterSummary({ server, namespace }: ClusterConnection): KubeconfigState {
  const context: ContextSummary = {
    name: IN_CLUSTER,
    cluster: IN_CLUSTER,
    user: 'service-account',
    ...(namespace === undefined ? {} : { namespace }),
    server: server.origin,
  };
  return { kind: 'loaded', contexts: [context], currentContext: IN_CLUSTER, sources: [IN_CLUSTER] };
}

function noCluster({ setBy, paths }: SourcePlan): AppError {
  const looked = paths.length === 0 ? 'no home folder is known' : `${paths.join(', ')}: missing or empty`;
  const asked = setBy === 'default' ? '' : `, set by ${setBy}`;
  return new AppError(
    'no_cluster',
    `There is no cluster to talk to (${looked}${asked}; and this is not a pod with a service account).`,
    {
      remedy:
        'Set KUBECONFIG or pass --kubeconfig <file>, or put a kubeconfig at ~/.kube/config. To try things: --sandbox.',
    },
  );
}
