import { CALLERS_CONTEXT, isCallersContext } from '../../kernel/callers-context.ts';
import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { FindProgram } from '../../process/find-program.ts';
import type { RunProgram } from '../../process/run-program.ts';
import type { ClusterConnection, CredentialSource } from '../connection.ts';
import { createCredentialSource } from '../credentials/create-source.ts';
import { execCluster } from './cluster-endpoint.ts';
import { contextConnection, findContext } from './context-connection.ts';
import { EXEC_SHAPES } from './exec-shapes.ts';
import { proxyFromEnv } from './proxy-from-env.ts';
import { createReach, type ResolveName } from './reach.ts';
import type { RequestKubeconfig } from './request-kubeconfig.ts';
import { type RequestProblem, requestProblemsError } from './request-problems.ts';
import type { RequestKubeconfigRules } from './request-rules.ts';
import { execServerProblem, isNamedByOperator, type ServerCheck, serverProblem } from './request-server.ts';
import type { ClusterEntry, UserEntry } from './types.ts';

/** What connections of callers' kubeconfigs need from outside. */
export interface RequestConnectionTools extends ServerCheck {
  rules: RequestKubeconfigRules;
  resolve: ResolveName;
  clock: Clock;
  /** The operator's environment: for the proxy of servers that the operator names, and the cloud variables if `rules.cloudEnv`. */
  processEnv: Readonly<Record<string, string | undefined>>;
  home: string | undefined;
  run: RunProgram;
  find: FindProgram;
  execTimeLimitMs: number;
  shutdown: AbortSignal;
  /** A keyed hash: equal for equal input, and no way back. */
  hash(text: string): string;
}

/** The context that a call means: the one it names, with or without `request:`, or the current one. Throws `unknown_context`. */
export function requestContext(config: RequestKubeconfig, wanted: string | undefined): string {
  const bare = isCallersContext(wanted) ? wanted?.slice(CALLERS_CONTEXT.length) : wanted;
  return findContext(config, bare !== undefined && config.contexts.has(bare) ? bare : wanted).name;
}

/** The connection of one context. Throws `kubeconfig_refused` for a server that may not be connected to; asks no DNS yet. */
export function requestConnection(
  config: RequestKubeconfig,
  context: string,
  tools: RequestConnectionTools,
): ClusterConnection {
  checkReferences(config, context);
  const field = serverField(config, context);
  const connection = contextConnection(config, context, {
    // Where a proxy resolves the name, ours is not the address that it connects to: only for names that the operator vouches for.
    env: {},
    hash: tools.hash,
    credentials: (user, cluster) => ({ source: credentials(user, cluster, tools), id: tools.hash(identity(user)) }),
  });
  const { server } = connection;
  refuseServer(config, context, server, field, tools);
  const proxyUrl = isNamedByOperator(server, tools.rules) ? proxyFromEnv(server, tools.processEnv) : undefined;
  return {
    ...connection,
    context: `${CALLERS_CONTEXT}${context}`,
    ...(proxyUrl === undefined ? {} : { proxyUrl }),
    reach: createReach(server, field, tools, tools.resolve),
  };
}

/** Of the context that is used; what is wrong with others is nobody's trouble. */
function checkReferences({ clusters, users, contexts }: RequestKubeconfig, name: string): void {
  const { field = 'contexts', cluster = '', user } = contexts.get(name) ?? {};
  const problems: RequestProblem[] = [];
  if (!clusters.has(cluster))
    problems.push({
      field: `${field}.cluster`,
      problem: 'names no cluster that the kubeconfig has',
      kind: 'malformed',
    });
  if (user !== undefined && !users.has(user))
    problems.push({ field: `${field}.user`, problem: 'names no user that the kubeconfig has', kind: 'malformed' });
  if (problems.length > 0) throw requestProblemsError(problems);
}

function refuseServer(
  config: RequestKubeconfig,
  context: string,
  server: URL,
  field: string,
  tools: RequestConnectionTools,
): void {
  const problems: RequestProblem[] = [];
  const refuse = (at: string, problem: string | undefined) => {
    if (problem !== undefined) problems.push({ field: at, problem, kind: 'refused' });
  };
  refuse(field, serverProblem(server, tools));
  const { cluster = '', user = '' } = config.contexts.get(context) ?? {};
  const exec = config.users.get(user)?.exec;
  const shape = exec === undefined ? undefined : EXEC_SHAPES[exec.command];
  if (shape !== undefined) {
    refuse(field, execServerProblem(server, shape, tools.rules));
    if (config.clusters.get(cluster)?.insecureSkipTlsVerify)
      refuse(
        `${config.clusters.get(cluster)?.field}.insecure-skip-tls-verify`,
        'may not be combined with a credential program: its token could go to anyone',
      );
  }
  if (problems.length > 0) throw requestProblemsError(problems);
}

function serverField(config: RequestKubeconfig, context: string): string {
  const cluster = config.clusters.get(config.contexts.get(context)?.cluster ?? '');
  return `${cluster?.field ?? 'clusters'}.server`;
}

function identity(user: UserEntry | undefined): string {
  if (user === undefined) return 'anonymous';
  const { origin: _, ...rest } = user;
  return JSON.stringify(rest);
}

function credentials(
  user: UserEntry | undefined,
  cluster: ClusterEntry,
  { clock, run, find, home, processEnv, execTimeLimitMs, shutdown, rules }: RequestConnectionTools,
): CredentialSource {
  const source = createCredentialSource(user, () => execCluster(cluster), {
    clock,
    run,
    find,
    home,
    env: pluginEnv(processEnv, rules),
    execTimeLimitMs,
    shutdown,
  });
  return user?.exec === undefined ? source : discreet(source, user.exec.command);
}

/** Variables that cloud tools read their sign-in from. */
const CLOUD = /^(?:AWS_|AZURE_|CLOUDSDK_|GOOGLE_APPLICATION_CREDENTIALS$|USE_GKE_GCLOUD_AUTH_PLUGIN$)/;

/** A plugin of a caller's gets PATH (and HOME, which `host.home` adds); of the rest only what the operator hands out. */
export function pluginEnv(
  processEnv: Readonly<Record<string, string | undefined>>,
  { cloudEnv }: RequestKubeconfigRules,
): Record<string, string | undefined> {
  const names = Object.keys(processEnv).filter((name) => cloudEnv && CLOUD.test(name));
  return Object.fromEntries(['PATH', ...names].map((name) => [name, processEnv[name]]));
}

/** What a plugin says of its failure is about the operator's sign-in, and not for callers. */
function discreet(source: CredentialSource, program: string): CredentialSource {
  const hide = (thrown: unknown): never => {
    if (!(thrown instanceof AppError) || thrown.code !== 'credentials_failed') throw thrown;
    throw new AppError(
      'credentials_failed',
      `The credential program ${program} gave no credentials for this cluster.`,
      {
        remedy: `Put a token in the kubeconfig, or ask the operator of this server to check that ${program} works there.`,
        cause: thrown,
      },
    );
  };
  return {
    current: (signal) => source.current(signal).catch(hide),
    refresh: (generation, signal) => source.refresh(generation, signal).catch(hide),
  };
}
