/** One command's guard over a scripted API server, for tests: what a child asks goes in, what the server was asked comes out. */
import { createDiscoveryCaches } from '../../src/app/discovery-cache.ts';
import { createGuardCall, type GuardCallParts } from '../../src/app/guard-call.ts';
import { createGuardReport, type GuardRecord } from '../../src/app/guard-report.ts';
import type { GuardRequest } from '../../src/exec/guard/types.ts';
import type { ParsedCommand } from '../../src/exec/types.ts';
import { AppError } from '../../src/kernel/errors.ts';
import type { Gate } from '../../src/kernel/vocabulary.ts';
import { createCluster } from '../../src/kube/cluster.ts';
import { parseApiRequest } from '../../src/kube/transport/api-request.ts';
import { errorFromResponse } from '../../src/kube/transport/errors.ts';
import { checkImpersonation } from '../../src/kube/transport/request-headers.ts';
import type { Transport, TransportRequest, TransportResponse } from '../../src/kube/transport/types.ts';
import { parseDocuments } from '../../src/operations/manifests/parse.ts';
import { type DecideFacts, decide } from '../../src/policy/decide.ts';
import { markerOf } from '../../src/policy/redaction/fingerprint.ts';
import { createRedactor } from '../../src/policy/redaction/redactor.ts';
import type { PolicyRules } from '../../src/policy/types.ts';
import { connectionTo } from './scripted-api.ts';

export const GUARD_KEY = new Uint8Array(32).fill(3);

/** What the server answers: JSON, or a status with headers and bytes. */
export type Scripted =
  | { status?: number; headers?: Record<string, string>; chunks: readonly (string | Uint8Array)[] }
  | { status?: number; json: unknown };

export interface GuardWorld {
  answer(request: TransportRequest): Scripted;
  gates?: readonly Gate[];
  rules?: Partial<PolicyRules>;
  facts?: Partial<DecideFacts>;
  tool?: ParsedCommand['tool'];
  path?: readonly string[];
  effect?: ParsedCommand['effect'];
}

export interface Asked {
  method?: string;
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
  impersonate?: GuardRequest['impersonate'];
}

const never = new AbortController().signal;

export function guardOver(world: GuardWorld) {
  const sent: TransportRequest[] = [];
  const records: GuardRecord[] = [];
  const faults: unknown[] = [];
  const report = createGuardReport();
  const rules: PolicyRules = {
    gates: gatesOf(world.gates ?? []),
    allowedNamespaces: undefined,
    forbiddenNamespaces: new Set(),
    deniedKinds: new Set(),
    contexts: undefined,
    writeContexts: undefined,
    defaultContext: 'main',
    maxResources: undefined,
    ...world.rules,
  };
  const transport = transportOf(world, sent);
  let served = 0;
  const parts: GuardCallParts = {
    cluster: createCluster(connectionTo(new URL('https://api.test')), transport),
    command: { tool: world.tool ?? 'kubectl', path: world.path ?? ['get'], effect: world.effect ?? effectOf(world) },
    decide: (request, facts) => decide(request, { rules, context: 'main', ...world.facts, ...facts }),
    mayImpersonate: rules.gates.escalation,
    redactor: createRedactor(GUARD_KEY, { secretData: 'base64' }),
    key: GUARD_KEY,
    discovery: createDiscoveryCaches().of('main'),
    servingChanged: () => served++,
    readYaml: (text) => parseDocuments(text)[0]?.value,
    report,
    onRequest: (record) => records.push(record),
    onFault: (error) => faults.push(error),
    mayReach: () => false,
    end: () => undefined,
  };
  const call = createGuardCall(parts);
  const requestOf = ({ method = 'GET', path, body, headers = {}, impersonate }: Asked): GuardRequest => ({
    method,
    path,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    body:
      body === undefined || body instanceof Uint8Array
        ? body
        : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    signal: never,
    ...(impersonate === undefined ? {} : { impersonate }),
  });
  return {
    call,
    parts,
    sent,
    records,
    faults,
    report,
    served: () => served,
    lines: () => sent.map(({ method, path }) => `${method} ${path}`),
    async ask(asked: Asked) {
      const { status, headers, body } = await call.forward(requestOf(asked));
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString('utf8');
      return { status, headers, text, json: () => JSON.parse(text) };
    },
    upgrade: (asked: Asked) => call.upgrade(requestOf(asked)),
  };
}

/** With a write gate open it is about writes. */
function effectOf({ gates = [], facts }: GuardWorld): ParsedCommand['effect'] {
  return gates.length > 0 || facts?.permissive === true ? 'destructive' : 'read';
}

export const base64 = (value: string): string => Buffer.from(value).toString('base64');
/** The marker of a value in a command's answers. */
export const mark = (value: string): string => markerOf(GUARD_KEY, value);
export const SUCCESS: Scripted = { json: { kind: 'Status', apiVersion: 'v1', status: 'Success' } };
export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** A Secret as an item of a list: it does not say its kind. */
export const secretItem = (name: string, data: Record<string, string>, namespace = 'team-a') => ({
  metadata: { name, namespace },
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)])),
});
export const podItem = (namespace: string, name: string) => ({
  metadata: { namespace, name },
  spec: { nodeName: 'n1' },
});
export const answering = (json: unknown, world: Partial<GuardWorld> = {}) =>
  guardOver({ answer: () => ({ json }), ...world });

export function gatesOf(open: readonly Gate[]): Record<Gate, boolean> {
  const gates = { list: true, create: false, update: false, delete: false, exec: false, escalation: false };
  for (const gate of open) gates[gate] = true;
  return gates;
}

/** With the real transport's own guard: nothing is sent that policy has not seen. */
function transportOf(world: GuardWorld, sent: TransportRequest[]): Transport {
  const connection = connectionTo(new URL('https://api.test'));
  const send = async (request: TransportRequest): Promise<TransportResponse> => {
    const api = parseApiRequest(request.method, request.path, request.headers ?? {}, request.body);
    const decision = request.scope.decide(api);
    if (!decision.allow) throw new AppError(decision.code, decision.reason);
    checkImpersonation(request, connection);
    sent.push(request);
    const scripted = world.answer(request);
    const { status = 200 } = scripted;
    const given = 'json' in scripted ? {} : scripted.headers;
    const headers = { 'content-type': 'application/json', ...given };
    if (status >= 300 && status < 400) throw errorFromResponse(status, headers, '', { context: 'main', api });
    const chunks = 'json' in scripted ? [`${JSON.stringify(scripted.json)}\n`] : scripted.chunks;
    return { status, headers, body: bytesOf(chunks) };
  };
  return {
    send,
    async text() {
      throw new Error('not used');
    },
    async json(request) {
      const { status, headers, body } = await send(request);
      let text = '';
      for await (const chunk of body) text += Buffer.from(chunk).toString('utf8');
      const api = parseApiRequest(request.method, request.path, request.headers ?? {}, request.body);
      if (status >= 300) throw errorFromResponse(status, headers, text, { context: 'main', api });
      return JSON.parse(text);
    },
    async upgrade(request) {
      return { kind: 'refused', response: await send(request) };
    },
    async close() {},
  };
}

async function* bytesOf(chunks: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}
