import { join } from 'node:path';
import { defaultStateDir, expandHome, type HostEnv } from '../config/host-env.ts';
import type { Settings } from '../config/table.ts';
import type { ToolStatus } from '../exec/types.ts';
import { LOADERS } from '../generated/operations.ts';
import { createLimiter } from '../kernel/async.ts';
import { systemClock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import type { Principal } from '../kernel/vocabulary.ts';
import { type Clusters, createClusters } from '../kube/clusters.ts';
import type { ClusterConnection } from '../kube/connection.ts';
import { createKubeconfigStore, type KubeconfigStore } from '../kube/kubeconfig/store.ts';
import { createTransport } from '../kube/transport/create-transport.ts';
import type { Gateway } from '../operations/gateway.ts';
import { createGateway } from '../operations/pipeline.ts';
import { createPlanTokens } from '../operations/plan-token.ts';
import type { OpenCluster } from '../operations/ports.ts';
import { deriveRedactionKey } from '../policy/redaction/fingerprint.ts';
import { scrubShapes } from '../policy/redaction/shapes.ts';
import type { PolicyRules } from '../policy/types.ts';
import { type Audit, createAudit } from '../telemetry/audit.ts';
import { createLogger, type Logger } from '../telemetry/logger.ts';
import { MANIFEST } from './face.ts';
import { createGraphs, type Graphs } from './graphs.ts';
import { installKey } from './install-key.ts';
import { lazyCommands } from './lazy-commands.ts';
import { type OpenClusterParts, openCluster, redactorWithoutCluster } from './open-cluster.ts';
import { requestClustersOf } from './request-clusters.ts';
import { rulesOf, toolsetsOf } from './rules.ts';
import { buildInfo } from './version.ts';

/** Everything beneath the surfaces, built once. */
export interface Product {
  gateway: Gateway;
  store: KubeconfigStore;
  clusters: Clusters;
  rules: PolicyRules;
  audit: Audit;
  log: Logger;
  stateDir: string;
  /** Which CLI tools there are. Asks no cluster. */
  toolStatus(): Promise<Record<string, ToolStatus>>;
  /** What callers' kubeconfigs may do, in words. */
  requestRules: readonly string[];
  /** To be told by a surface that listens: no caller's kubeconfig may point back at us. */
  listensOn(port: number): void;
  /** A cluster for the server's own questions, under the same policy as a call. */
  open(context: string | undefined, principal: Principal, signal: AbortSignal): Promise<OpenCluster>;
  /** The live graphs of the clusters in use. */
  graphs: Graphs;
  /** In reverse order of start. */
  close(): Promise<void>;
}

/** Calls waiting per running one before the rest are refused. */
const QUEUE_FACTOR = 4;

/** The composition root: builds the parts and ties their ports together. Connects to nothing yet. */
export async function createProduct(
  host: HostEnv,
  settings: Settings,
  { surface }: { surface: 'stdio' | 'http' | 'shell' },
): Promise<Product> {
  const stateDir = settings.stateDir === undefined ? defaultStateDir(host) : expandHome(settings.stateDir, host.home);
  const logDir = logFolder(host, settings, surface, stateDir);
  const log = await createLogger({
    level: settings.logLevel === 'warning' ? 'warn' : settings.logLevel,
    debug: settings.debug,
    scrub: (text) => scrubShapes(text, () => '<redacted>'),
    ...(surface === 'http' ? { logDir } : {}),
  });
  const shutdown = new AbortController();
  const store = createKubeconfigStore(kubeconfigEnv(host, settings), { clock: systemClock, shutdown: shutdown.signal });
  const defaultContext = await contextAtStart(store, settings.context);
  const rules = rulesOf(settings, defaultContext);
  const { version } = buildInfo();
  const openTransport = (connection: ClusterConnection) =>
    createTransport(connection, { userAgent: `k8s-mcp/${version}` });
  const clusters = createClusters(store, { openTransport });
  const key = installKey(stateDir, (message) => log.warn(message));
  const audit = createAudit({
    enabled: settings.audit,
    path: join(logDir, 'audit.log'),
    key: deriveRedactionKey(key, 'audit', 'audit'),
    onError: (error) => log.error(error, 'audit.log cannot be written'),
  });
  const planTokens = createPlanTokens(key, () => Date.now());
  const commands = await lazyCommands({ host, settings, rules, store, audit, log });
  const requestClusters = requestClustersOf(host, settings, {
    openTransport,
    surface,
    commands,
    shutdown: shutdown.signal,
  });
  const permissive = settings.securityMode === 'permissive';
  const graphs = createGraphs({ settings, rules, log, defaultContext });
  const openParts: OpenClusterParts = {
    clusters,
    requestClusters,
    rules,
    installKey: key,
    context: settings.context,
    namespace: settings.namespace,
    permissive,
    runCommand: commands.run,
    graphs,
  };
  const gateway = createGateway({
    rules,
    manifest: MANIFEST,
    toolsets: toolsetsOf(settings),
    confirm: settings.confirm,
    load: loadOperation,
    permissive,
    openCluster: (wanted, principal, signal) => openCluster(openParts, wanted, principal, signal),
    parseCommand: commands.parse,
    commandTimeoutMs: settings.commandTimeout * 1000,
    redactorFor: (principal) => redactorWithoutCluster(key, principal),
    planTokens,
    audit: (record) => audit.call(record),
    report: (error) => log.error(error),
    limit: createLimiter(settings.concurrency, settings.concurrency * QUEUE_FACTOR),
    graphDefaults: { maxDepth: settings.graphMaxDepth, maxSummaryKb: settings.maxSummaryKb },
    callTimeoutMs: settings.callTimeout * 1000,
    budgetTokens: settings.answerTokens,
    now: () => Date.now(),
  });
  return {
    gateway,
    store,
    clusters,
    rules,
    audit,
    log,
    stateDir,
    toolStatus: () => commands.status(),
    requestRules: requestClusters.rules,
    listensOn: (port) => requestClusters.listensOn(port),
    open: (context, principal, signal) => openCluster(openParts, { context, kubeconfig: undefined }, principal, signal),
    graphs,
    async close() {
      shutdown.abort();
      graphs.close();
      await commands.close();
      await requestClusters.close();
      await clusters.close();
      await audit.close();
      await log.close();
    },
  };
}

/** No kubeconfig anywhere, and no pod around us. One that does not load is not none. */
export async function hasNoCluster(host: HostEnv, settings: Settings): Promise<boolean> {
  const store = createKubeconfigStore(kubeconfigEnv(host, settings), { clock: systemClock });
  return (await store.state()).kind === 'none';
}

export function kubeconfigEnv({ env, home }: HostEnv, settings: Settings) {
  return {
    explicitPath: settings.kubeconfig,
    kubeconfigPath: env['KUBECONFIG_PATH'],
    kubeconfig: env['KUBECONFIG'],
    home,
    processEnv: env,
  };
}

/** `serve` runs where its operator put it; a stdio server runs in somebody's project, which gets no log folder. */
function logFolder(host: HostEnv, settings: Settings, surface: 'stdio' | 'http' | 'shell', stateDir: string): string {
  if (settings.logDir !== undefined) return expandHome(settings.logDir, host.home);
  return surface === 'http' ? join(host.cwd, 'logs') : join(stateDir, 'logs');
}

/** Write gates apply to the context current at start, whatever the kubeconfig says later. */
async function contextAtStart(store: KubeconfigStore, chosen: string | undefined): Promise<string | undefined> {
  if (chosen !== undefined) return chosen;
  const state = await store.state();
  return state.kind === 'loaded' ? state.currentContext : undefined;
}

async function loadOperation(name: string) {
  const load = Object.hasOwn(LOADERS, name) ? LOADERS[name] : undefined;
  if (load === undefined) throw new AppError('unknown_tool', `There is no tool ${name}.`);
  return load();
}
