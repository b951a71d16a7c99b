import { isCallersContext } from '../kernel/callers-context.ts';
import type { ApiRequest, Decision, Gate, Refused, ResourceRequest } from '../kernel/vocabulary.ts';
import { type Classification, classify } from './classify.ts';
import { matchesAny } from './glob.ts';
import { decideNamespaces } from './namespaces.ts';
import { isKubelet, kindKey } from './scope.ts';
import type { PolicyRules } from './types.ts';

export interface DecideFacts {
  rules: PolicyRules;
  /** The context the request goes to; undefined in a cluster or for a kubeconfig without one. */
  context: string | undefined;
  /** From discovery: does the resource live in namespaces? Unknown counts as yes for collections. */
  namespaced?: boolean;
  /** Permissive mode of the CLI toolset: create, update and delete count as open. All else holds. */
  permissive?: boolean;
  /**
   * The asker takes from answers what `hideNamespaces` and `onlyNamespaces` say: a list or watch over all namespaces is then
   * allowed with K8S_ALLOWED_NAMESPACES too. Nobody may say so who passes answers on as they are.
   */
  filtersAnswers?: boolean;
}

/** The one decision on a request. Order: unsupported, context, denied kind, namespaces, gates. Pure. */
export function decide(request: ApiRequest, facts: DecideFacts): Decision {
  const { rules, context } = facts;
  const classification = classify(request);
  if (classification.type === 'refused') return refuseUnsupported(request, classification.why);
  const early = decideContext(rules, context);
  if (early) return early;
  if (request.type === 'nonResource') return { allow: true };
  const denied = decideKind(request, rules);
  if (denied) return denied;
  const { writes } = classification;
  const { namespaced, filtersAnswers = false } = facts;
  const placed = decideNamespaces(request, { rules, namespaced, writes, filtersAnswers });
  if (!placed.allow) return placed;
  return refuseGates(classification, facts) ?? placed;
}

/** Whether these gates are open on this context, for what is no single request. `what` begins a refusal: `helm upgrade changes objects`. */
export function decideGates(gates: readonly Gate[], what: string, facts: DecideFacts): Decision {
  return decideContext(facts.rules, facts.context) ?? refuseGates({ gates, what }, facts) ?? { allow: true };
}

function refuseUnsupported(request: ApiRequest, why: string): Refused {
  const what = request.type === 'resource' ? `${request.verb} of ${kindKey(request)}` : 'The request';
  return {
    allow: false,
    code: 'unsupported_request',
    reason: `${what} is not supported: ${why}.`,
    remedy: 'Use a request that k8s-mcp knows; an unknown one is never passed on, whatever gates are open.',
  };
}

function decideContext({ contexts }: PolicyRules, context: string | undefined): Refused | undefined {
  if (contexts === undefined || matchesAny(contexts, context ?? '')) return undefined;
  return {
    allow: false,
    code: 'context_denied',
    reason: `The context ${nameOf(context)} is not usable here.`,
    remedy: `Use a context that matches ${contexts.join(', ') || 'nothing (none is usable)'}, or have the operator change --contexts.`,
  };
}

/** One object under two groups: denying either denies both. */
const SAME_OBJECTS: Readonly<Record<string, string>> = {
  events: 'events.events.k8s.io',
  'events.events.k8s.io': 'events',
};

function decideKind(request: ResourceRequest, { deniedKinds }: PolicyRules): Refused | undefined {
  if (deniedKinds.size === 0) return undefined;
  const hit = denied(request, deniedKinds) ?? (isKubelet(request) ? [...deniedKinds].find(isOfPods) : undefined);
  if (hit === undefined) return undefined;
  return {
    allow: false,
    code: 'kind_denied',
    reason: `${hit} is denied (K8S_MCP_DENIED_KINDS).`,
    remedy: 'Ask the operator; no argument changes this.',
  };
}

/** Of what a node's own API hands out. */
function isOfPods(kind: string): boolean {
  return kind === 'pods' || kind.startsWith('pods/');
}

function denied(request: ResourceRequest, deniedKinds: ReadonlySet<string>): string | undefined {
  const own = kindKey(request);
  const alias = SAME_OBJECTS[own];
  const kinds = alias === undefined ? [own] : [own, alias];
  const { subresource } = request;
  const spellings = kinds.flatMap((kind) => (subresource ? [kind, `${kind}/${subresource.toLowerCase()}`] : [kind]));
  return spellings.find((spelling) => deniedKinds.has(spelling));
}

type Needs = Extract<Classification, { type: 'needs' }>;

/** The gates that permissive mode opens. */
const PERMISSIVE: ReadonlySet<Gate> = new Set(['create', 'update', 'delete']);

function refuseGates(
  { gates, ...said }: Pick<Needs, 'gates'> & ({ why: string } | { what: string }),
  { rules, context, permissive = false }: DecideFacts,
): Refused | undefined {
  const what = 'what' in said ? said.what : `The request ${said.why}`;
  const closed = gates.filter((gate) => !rules.gates[gate] && !(permissive && PERMISSIVE.has(gate)));
  if (closed.length > 0) {
    return {
      allow: false,
      code: 'gate_closed',
      reason: `${what}, and ${closed.length === 1 ? 'the gate' : 'the gates'} for that ${closed.length === 1 ? 'is' : 'are'} closed: ${closed.join(', ')}.`,
      remedy: `The operator opens it with ${closed.map((gate) => `--enable-${gate}`).join(' ')}.`,
    };
  }
  if (gates.every((gate) => gate === 'list') || isWriteContext(rules, context)) return undefined;
  return {
    allow: false,
    code: 'gate_closed',
    reason: `${what}, and the context ${nameOf(context)} is read-only: write gates apply to ${writableContexts(rules)}.`,
    remedy: 'The operator makes a context writable with --write-contexts.',
  };
}

/** Unless the operator says otherwise: the default context, and the clusters of callers, who bring their own credentials. */
function isWriteContext({ writeContexts, defaultContext }: PolicyRules, context: string | undefined): boolean {
  if (writeContexts !== undefined) return matchesAny(writeContexts, context ?? '');
  return context === defaultContext || isCallersContext(context);
}

function writableContexts({ writeContexts, defaultContext }: PolicyRules): string {
  if (writeContexts === undefined) return `${nameOf(defaultContext)} only`;
  return writeContexts.length === 0 ? 'no context' : writeContexts.join(', ');
}

function nameOf(context: string | undefined): string {
  if (context === undefined) return '(unnamed)';
  return JSON.stringify(context.length > 80 ? `${context.slice(0, 80)}…` : context);
}
