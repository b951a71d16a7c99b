import type { ShownContexts } from '../exec/child-kubeconfig.ts';
import type { CommandCall } from '../exec/child-run.ts';
import type { ParsedCommand } from '../exec/types.ts';
import { type HostPattern, matchesHost } from '../kernel/address.ts';
import { CALLERS_CONTEXT, isCallersContext } from '../kernel/callers-context.ts';
import { AppError } from '../kernel/errors.ts';
import type { KubeconfigStore } from '../kube/kubeconfig/store.ts';
import { parseDocuments } from '../operations/manifests/parse.ts';
import type { CommandRun } from '../operations/ports.ts';
import { matchesAny } from '../policy/glob.ts';
import type { PolicyRules } from '../policy/types.ts';
import type { Audit } from '../telemetry/audit.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { ArgocdServer } from './argocd-server.ts';
import { createDiscoveryCaches } from './discovery-cache.ts';
import { createGuardCall } from './guard-call.ts';
import { createGuardReport, type GuardRecord } from './guard-report.ts';
import type { CommandTarget } from './open-cluster.ts';

export interface CommandCallParts {
  rules: PolicyRules;
  store: Pick<KubeconfigStore, 'state'>;
  audit: Pick<Audit, 'request'>;
  log: Pick<Logger, 'error'>;
  /** Hosts that helm may fetch charts from. */
  repositories: readonly HostPattern[];
  argocd: ArgocdServer | undefined;
  /** Where Argo CD is in a cluster: argocd looks for its settings in the context's namespace and nowhere else. */
  argocdNamespace: string;
}

interface OpenCall extends CommandCall {
  /** As GuardReport has it. */
  turnedAway(): AppError | undefined;
}

/** What one command is given of the product: its guard, its redactor, its contexts, its line in audit.log. */
export function createCommandCalls(parts: CommandCallParts) {
  const discovery = createDiscoveryCaches();
  return {
    async open(command: ParsedCommand, run: CommandRun, target: CommandTarget): Promise<OpenCall> {
      const { cluster, handle, redactor } = target;
      const report = createGuardReport();
      const stuck = createStuckDetector(command);
      const guardCall = createGuardCall({
        cluster,
        command,
        decide: target.decide,
        mayImpersonate: target.mayImpersonate,
        redactor,
        key: target.key,
        discovery: discovery.of(handle),
        servingChanged: () => cluster.mapper.invalidate(),
        readYaml,
        report,
        onRequest(record) {
          stuck.seen(record);
          if (isWorthKeeping(record)) parts.audit.request({ call: run.callId, cluster: target.id, ...record });
        },
        onFault: (error) => parts.log.error(error),
        end: stuck.end,
        mayReach: (host, port) => mayReach(command, parts.argocd, parts.repositories, { host, port }),
      });
      if (command.tool === 'argocd' && parts.argocd !== undefined) redactor.remember(parts.argocd.token);
      return {
        handle,
        contexts: await shownContexts(parts, command, target),
        guardCall,
        realServer: cluster.connection.server.href.replace(/\/$/, ''),
        redactor,
        signal: run.signal,
        enough: stuck.signal,
        progress: run.progress,
        timeoutMs: run.timeoutMs,
        turnedAway: report.turnedAway,
        outcome: () => ({ reason: report.reason() ?? stuck.reason(), written: report.written() }),
      };
    },
  };
}

/** Discovery is asked by every command and tells nothing of it. */
function isWorthKeeping({ target, decision }: GuardRecord): boolean {
  return decision === 'refused' || !target.startsWith('/');
}

/**
 * The same request refused this often: the tool would ask for ever (istioctl analyze, argocd) and never say why. They wait longer
 * each time: the fourth is 10 s away.
 */
const STUCK_AFTER = 3;
const FORBIDDEN = 403;
/** The others give up by themselves when no answer comes. */
const NEVER_GIVE_UP: ReadonlySet<string> = new Set(['istioctl', 'argocd']);

/** What the cluster itself refuses counts for reads: a write may wait for a right that comes later. */
function createStuckDetector({ tool, effect }: ParsedCommand) {
  const controller = new AbortController();
  const refusals = new Map<string, number>();
  let reason: string | undefined;
  return {
    signal: controller.signal,
    end: () => controller.abort(),
    /** Why it was ended, where the cluster is the reason. */
    reason: () => reason,
    seen({ decision, status, code, verb, target, namespace, name }: GuardRecord): void {
      const byCluster = decision === 'allowed' && status === FORBIDDEN && code === undefined && effect === 'read';
      const unanswered = decision === 'allowed' && code !== undefined && NEVER_GIVE_UP.has(tool);
      if (decision === 'allowed' && !byCluster && !unanswered) return;
      const key = JSON.stringify([verb, target, namespace, name]);
      const times = (refusals.get(key) ?? 0) + 1;
      refusals.set(key, times);
      if (times < STUCK_AFTER) return;
      const where = namespace === undefined ? '' : ` in the namespace ${namespace}`;
      if (byCluster)
        reason ??= `The cluster does not let this identity ${verb} ${target}${where}, and ${tool} cannot do without it.`;
      controller.abort();
    },
  };
}

/** One document, as the API server takes it. */
function readYaml(text: string): unknown {
  const [first, ...others] = parseDocuments(text);
  if (first === undefined || others.length > 0) {
    throw new AppError('invalid_manifest', 'The body of a request is not one YAML document.');
  }
  return first.value;
}

function mayReach(
  { tool }: ParsedCommand,
  argocd: ArgocdServer | undefined,
  repositories: readonly HostPattern[],
  target: { host: string; port: number },
): boolean {
  if (tool === 'helm') return repositories.some((pattern) => matchesHost(pattern, target));
  return tool === 'argocd' && argocd !== undefined && target.host === argocd.host && target.port === argocd.port;
}

/** What `kubectl config get-contexts` shows: the contexts that this caller may use. A caller's kubeconfig is known by its current one. */
async function shownContexts(
  { store, rules, argocdNamespace }: CommandCallParts,
  command: ParsedCommand,
  { cluster, namespace }: CommandTarget,
): Promise<ShownContexts> {
  const { context, namespace: own } = cluster.connection;
  const chosen = command.tool === 'argocd' ? argocdNamespace : (command.namespace ?? namespace);
  const wanted = chosen === undefined ? {} : { namespace: chosen };
  if (isCallersContext(context)) {
    const name = context.slice(CALLERS_CONTEXT.length);
    return { current: name, all: [{ name, cluster: name, user: name, namespace: own }], ...wanted };
  }
  const state = await store.state();
  const known = state.kind === 'loaded' ? state.contexts : [];
  const all = known.filter(({ name }) => rules.contexts === undefined || matchesAny(rules.contexts, name));
  return { current: context, all, ...wanted };
}
