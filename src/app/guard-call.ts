import { randomBytes } from 'node:crypto';
import type { GuardCall, GuardRequest, GuardResponse, UpgradeOutcome } from '../exec/guard/types.ts';
import type { ParsedCommand } from '../exec/types.ts';
import { AppError, toAppError, withTexts } from '../kernel/errors.ts';
import type { Allowed, ApiRequest, Decision } from '../kernel/vocabulary.ts';
import type { Cluster, Forwarder } from '../kube/cluster.ts';
import { parseApiRequest } from '../kube/transport/api-request.ts';
import type { TransportRequest } from '../kube/transport/types.ts';
import type { DecideFacts } from '../policy/decide.ts';
import type { CallRedactor } from '../policy/redaction/redactor.ts';
import { jsonAccept } from '../policy/transit/accept.ts';
import { type GuardBody, isSecret, type ReadYaml, readGuardBody } from '../policy/transit/body.ts';
import { namesKinds, transitDiscovery } from '../policy/transit/discovery.ts';
import { deadEnd } from './dead-end.ts';
import { type DiscoveryCache, type DiscoveryDocument, isDiscovery } from './discovery-cache.ts';
import { answerOf, MAX_ANSWER, wholeBody } from './guard-answer.ts';
import { refuseBeyondEffect } from './guard-effect.ts';
import { type GuardRecord, type GuardReport, recordOf } from './guard-report.ts';
import { bytesOf, statusOf, statusResponse } from './guard-status.ts';
import { checkedBody } from './guard-write.ts';
import { isReleaseStorage } from './helm-releases.ts';
import { asksForKubeconfigs, noSecrets } from './remote-clusters.ts';

export interface GuardCallParts {
  cluster: Pick<Cluster, 'forwarder'>;
  command: Pick<ParsedCommand, 'tool' | 'effect' | 'path'>;
  decide(request: ApiRequest, facts: Pick<DecideFacts, 'filtersAnswers' | 'permissive'>): Decision;
  /** Whether the child may act as someone else: the escalation gate, on this context. */
  mayImpersonate: boolean;
  /** Of this command alone, with base64 markers in Secret data. */
  redactor: CallRedactor;
  /** The key of `redactor`. */
  key: Uint8Array;
  discovery: DiscoveryCache;
  /** Kinds come or go: a CustomResourceDefinition or APIService was written. */
  servingChanged(): void;
  readYaml: ReadYaml;
  report: GuardReport;
  /** Told of each request when it is refused or its answer begins. */
  onRequest(record: GuardRecord): void;
  /** A failure that is ours: the child sees that there was one, and the log why. */
  onFault(error: unknown): void;
  mayReach(host: string, port: number): boolean;
  /** Ends the command, which waits for what it is refused. */
  end(): void;
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);
/** Watches and followed logs are silent for as long as nothing happens; the command's own time limit ends them. */
const SILENCE_MS = 3_600_000;
const SERVING_GROUPS: ReadonlySet<string> = new Set(['apiextensions.k8s.io', 'apiregistration.k8s.io']);
/** Of an upgrade's headers, those that make it one. */
const UPGRADE_HEADERS = /^(?:connection|upgrade|sec-websocket-.*|x-stream-protocol-version|accept)$/;

/** A request that policy has allowed, as it will be sent. */
interface Checked {
  api: ApiRequest;
  decision: Allowed;
  path: string;
  body: GuardBody | undefined;
  name: string | undefined;
  /** helm's storage of its releases. */
  isRelease: boolean;
  forwarder: Forwarder;
}

/** One command's way to its cluster: every request parsed, decided and audited, every answer redacted and filtered. */
export function createGuardCall(parts: GuardCallParts): GuardCall {
  const { cluster, command, redactor, report, onRequest } = parts;
  const tokens = createContinueTokens();
  /** What was answered to this command before: asked again, it is doubted. */
  const answered = new Set<string>();

  /** `seen` is told what is asked before anything decides on it. */
  const check = (request: GuardRequest, seen: (api: ApiRequest, name: string | undefined) => void): Checked => {
    const { headers, method } = request;
    if (!METHODS.has(method)) throw unknownMethod(method);
    const path = tokens.restored(request.path);
    const contentType = headers['content-type'];
    // Of a DELETE the server reads the body too, which has to be read first.
    const asked = parseApiRequest(method, path, headers);
    seen(asked, asked.type === 'resource' ? asked.name : undefined);
    const body = readGuardBody(asked, { body: request.body, contentType }, parts.readYaml);
    const api = method === 'DELETE' && body ? parseApiRequest(method, path, headers, writtenOut(body)) : asked;
    const name = api.type === 'resource' ? (api.name ?? body?.name) : undefined;
    seen(api, name);
    const isRelease = isReleaseStorage(api, command, { accept: headers['accept'], name });
    const facts = { filtersAnswers: true, ...(isRelease ? { permissive: true } : {}) };
    const decision = parts.decide(api.type === 'resource' && name !== undefined ? { ...api, name } : api, facts);
    if (!decision.allow) throw new AppError(decision.code, decision.reason, { remedy: decision.remedy });
    refuseArgocdSettings(api, name, command.tool);
    refuseBeyondEffect(api, body, command);
    const scope = { decide: (again: ApiRequest) => parts.decide(again, facts), mayImpersonate: parts.mayImpersonate };
    return { api, decision, path, body, name, isRelease, forwarder: cluster.forwarder(scope) };
  };

  const sent = async (checked: Checked, request: GuardRequest): Promise<GuardResponse> => {
    const { api, path, forwarder } = checked;
    const { method, signal, headers } = request;
    // Everyone may read these: whom the child would rather be does not matter.
    if (api.type === 'nonResource' && method === 'GET' && isDiscovery(path)) return discovered(checked, request);
    if (asksForKubeconfigs(command.tool, api, path)) return noSecrets();
    const body = checked.body && (await bodyToSend(checked, checked.body, request));
    const response = await forwarder.send({
      ...methodOf(method),
      path,
      headers: {
        accept: acceptOf(api, headers['accept']),
        ...(checked.body === undefined ? {} : { 'content-type': checked.body.contentType }),
      },
      ...(body === undefined ? {} : { body }),
      ...(request.impersonate === undefined ? {} : { impersonate: request.impersonate }),
      signal,
      ...(isStream(api) ? { idleTimeoutMs: SILENCE_MS } : { maxBytes: MAX_ANSWER }),
    });
    if (response.status < 300) wrote(checked);
    return answerOf(response, {
      api,
      decision: checked.decision,
      redactor,
      releases: checked.isRelease ? releasesFor(command) : undefined,
      continueToken: tokens.given,
    });
  };

  const bodyToSend = async (
    { api, forwarder, path, isRelease }: Checked,
    body: GuardBody,
    { signal }: GuardRequest,
  ): Promise<Uint8Array> => {
    if (api.type === 'nonResource' || body.value === undefined) return body.bytes;
    return checkedBody({
      api,
      body,
      key: parts.key,
      redactor,
      isRelease,
      decide: (request) => parts.decide(request, { filtersAnswers: true }),
      path: path.split('?', 1)[0] ?? path,
      read: (from) => forwarder.json({ method: 'GET', path: from, signal }).catch(undefinedIfMissing),
    });
  };

  const wrote = ({ api, name }: Checked): void => {
    if (api.type === 'nonResource' || ['get', 'list', 'watch'].includes(api.verb)) return;
    report.wrote(api, name);
    if (api.dryRun || !SERVING_GROUPS.has(api.group)) return;
    parts.discovery.forget();
    parts.servingChanged();
  };

  const discovered = async (
    { path, forwarder }: Checked,
    { headers, signal }: GuardRequest,
  ): Promise<GuardResponse> => {
    const accept = namesKinds(path) ? jsonAccept(headers['accept']) : (headers['accept'] ?? 'application/json');
    const key = `${path.split('?', 1)[0]} ${accept}`;
    const again = answered.has(key);
    answered.add(key);
    const fetch = (from: string, etag: string | undefined, until: AbortSignal) =>
      fetchDocument(forwarder, { path: from, accept, etag, signal: until });
    const document = await parts.discovery.answer({ path, accept, again, signal, fetch });
    const { etag } = document.headers;
    if (etag !== undefined && holds(headers['if-none-match'], etag)) {
      return { status: 304, headers: { etag }, body: bytesOf(new Uint8Array()) };
    }
    return { ...document, body: bytesOf(document.body) };
  };

  /** Runs a request to its answer, and tells of it. */
  const audited = async <T extends GuardResponse | UpgradeOutcome>(
    request: GuardRequest,
    run: (checked: Checked) => Promise<T>,
    statusFrom: (outcome: T) => number,
  ): Promise<T | GuardResponse> => {
    let facts: Omit<GuardRecord, 'decision' | 'status'> = unparsed(request);
    let allowed = false;
    try {
      const checked = check(request, (api, name) => {
        facts = recordOf(api, name);
      });
      allowed = true;
      const outcome = await run(checked);
      report.reached();
      onRequest({ ...facts, decision: 'allowed', status: statusFrom(outcome) });
      return outcome;
    } catch (thrown) {
      if (toAppError(thrown).code === 'internal') parts.onFault(thrown);
      const error = withTexts(toAppError(thrown), (text) => redactor.text(text));
      const refused = !allowed || REFUSALS.has(error.code);
      if (refused) report.refused(error);
      else if (UNREACHED.has(error.code)) report.unreached(error);
      const status = statusOf(error);
      onRequest({ ...facts, decision: refused ? 'refused' : 'allowed', status, code: error.code });
      return statusResponse(error);
    }
  };

  const toNowhere = (request: GuardRequest) =>
    deadEnd({ ...parts, decide: (api) => parts.decide(api, { filtersAnswers: true }) }, request);

  return {
    forward: (request) =>
      audited(
        request,
        (checked) => sent(checked, request),
        ({ status }) => status,
      ),
    async upgrade(request) {
      const end = toNowhere(request);
      if (end !== undefined) return end;
      const outcome = await audited<UpgradeOutcome>(
        request,
        (checked) => upgraded(checked, request, redactor),
        (outcome) => (outcome.kind === 'switched' ? 101 : outcome.response.status),
      );
      return 'kind' in outcome ? outcome : { kind: 'refused', response: outcome };
    },
    mayReach: (host, port) => parts.mayReach(host, port),
  };
}

/** What helm has of its records: `list` prints nothing of what is in them; only what writes needs the values themselves. */
function releasesFor({ path, effect }: GuardCallParts['command']): 'pass' | 'pass unread' | 'redacted' {
  if (path[0] === 'list') return 'pass unread';
  return effect === 'read' || effect === 'local' ? 'redacted' : 'pass';
}

/** argocd in core mode would fill in what its settings lack, and lock a running Argo CD out. */
function refuseArgocdSettings(api: ApiRequest, name: string | undefined, tool: string): void {
  if (tool !== 'argocd' || api.type === 'nonResource' || !isSecret(api) || name !== 'argocd-secret') return;
  if (['get', 'list', 'watch'].includes(api.verb)) return;
  throw new AppError('unsupported_request', 'argocd would write its own settings (the Secret argocd-secret).', {
    remedy: 'Let a running Argo CD server do it.',
  });
}

/** Found out after the URL was allowed, from what the body holds. */
const REFUSALS: ReadonlySet<string> = new Set([
  'gate_closed',
  'namespace_denied',
  'kind_denied',
  'context_denied',
  'unsupported_request',
  'invalid_manifest',
]);

/** No answer came, and the tools say of that little more than "unknown". */
const UNREACHED: ReadonlySet<string> = new Set([
  'cluster_unreachable',
  'cluster_tls',
  'credentials_failed',
  'kubeconfig_refused',
]);

async function upgraded(
  { api, decision, path, forwarder }: Checked,
  { method, headers, signal, impersonate }: GuardRequest,
  redactor: CallRedactor,
): Promise<UpgradeOutcome> {
  const kept = Object.entries(headers).filter(([name]) => UPGRADE_HEADERS.test(name));
  const outcome = await forwarder.upgrade({
    ...methodOf(method),
    path,
    headers: Object.fromEntries(kept),
    signal,
    ...(impersonate === undefined ? {} : { impersonate }),
  });
  if (outcome.kind === 'switched') return outcome;
  const facts = { api, decision, redactor, releases: undefined, continueToken: (token: string) => token };
  return { kind: 'refused', response: await answerOf(outcome.response, facts) };
}

async function fetchDocument(
  forwarder: Forwarder,
  { path, accept, etag, signal }: { path: string; accept: string; etag: string | undefined; signal: AbortSignal },
): Promise<DiscoveryDocument | 'unchanged'> {
  try {
    const headers = { accept, ...(etag === undefined ? {} : { 'if-none-match': etag }) };
    const response = await forwarder.send({ method: 'GET', path, headers, signal, maxBytes: MAX_ANSWER });
    const kept = Object.entries(response.headers).filter(([name]) => /^(?:content-type|etag)$/.test(name));
    const whole = await wholeBody(response.body);
    const body = response.status === 200 && namesKinds(path) ? transitDiscovery(whole) : whole;
    return { status: response.status, headers: Object.fromEntries(kept), body };
  } catch (thrown) {
    // The transport takes every 3xx for a failure; this one was asked for.
    if (etag !== undefined && thrown instanceof AppError && thrown.detail.facts?.['status'] === 304) return 'unchanged';
    throw thrown;
  }
}

function holds(ifNoneMatch: string | undefined, etag: string): boolean {
  const plain = (tag: string) => tag.trim().replace(/^W\//, '');
  return ifNoneMatch?.split(',').some((tag) => plain(tag) === plain(etag)) === true;
}

/** Logs are text; a workload's own answers are what they are; discovery and schemas hold nothing to read. All else has to be JSON. */
function acceptOf(api: ApiRequest, accept: string | undefined): string {
  if (api.type === 'nonResource' || api.subresource === 'proxy') return accept ?? 'application/json';
  return api.subresource === 'log' ? 'text/plain,application/json' : jsonAccept(accept);
}

function isStream(api: ApiRequest): boolean {
  return api.type === 'resource' && (api.verb === 'watch' || api.subresource === 'log' || api.subresource === 'proxy');
}

/** The method is one of METHODS: `check` has seen to it. */
function methodOf(method: string): Pick<TransportRequest, 'method'> {
  return { method: method as TransportRequest['method'] };
}

function writtenOut({ rewritten, value, bytes }: GuardBody): string | Uint8Array {
  return rewritten ? JSON.stringify(value) : bytes;
}

function undefinedIfMissing(thrown: unknown): undefined {
  if (thrown instanceof AppError && thrown.code === 'not_found') return undefined;
  throw thrown;
}

function unparsed({ method, path }: GuardRequest): Omit<GuardRecord, 'decision' | 'status'> {
  return { verb: method.toLowerCase().slice(0, 20), target: path.split('?', 1)[0]?.slice(0, 200) ?? '' };
}

function unknownMethod(method: string): AppError {
  return new AppError('unsupported_request', `The method ${JSON.stringify(method.slice(0, 20))} is not supported.`, {
    remedy: 'Use GET, POST, PUT, PATCH or DELETE.',
    facts: { status: 405 },
  });
}

/**
 * Continue tokens of filtered lists: base64 of the name of the next object, which may be a hidden one. A child gets a word of ours
 * in their place, which means something to this command only.
 */
function createContinueTokens() {
  const real = new Map<string, string>();
  return {
    given(token: string): string {
      const word = randomBytes(12).toString('hex');
      real.set(word, token);
      return word;
    },
    restored(path: string): string {
      if (real.size === 0) return path;
      return path.replace(/([?&]continue=)([0-9a-f]{24})(?=&|$)/, (all, before: string, word: string) => {
        const token = real.get(word);
        return token === undefined ? all : before + encodeURIComponent(token);
      });
    },
  };
}
