/** One AppError per cause, from what an API server answered. Failures before an answer are in failures.ts. */
import { AppError, type ErrorCode, type ErrorDetail } from '../../kernel/errors.ts';
import type { ApiRequest } from '../../kernel/vocabulary.ts';
import { retryAfterSeconds } from './retry.ts';
import { cleaned, parseStatus, type Status } from './status.ts';

/** Whose answer it is. */
export interface AnsweredRequest {
  /** The context's name, as callers know the cluster. */
  context: string;
  api: ApiRequest;
}

const BY_REASON: Readonly<Record<string, ErrorCode>> = {
  AlreadyExists: 'already_exists',
  Conflict: 'conflict',
  Expired: 'expired',
  Gone: 'expired',
  Invalid: 'invalid_object',
  NotFound: 'not_found',
  Forbidden: 'cluster_forbidden',
  Unauthorized: 'cluster_unauthorized',
  RequestEntityTooLarge: 'too_large',
  TooManyRequests: 'too_many_requests',
  ServerTimeout: 'cluster_unavailable',
  Timeout: 'deadline_exceeded',
};

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: 'cluster_unauthorized',
  403: 'cluster_forbidden',
  404: 'not_found',
  409: 'conflict',
  410: 'expired',
  413: 'too_large',
  422: 'invalid_object',
  429: 'too_many_requests',
  504: 'deadline_exceeded',
};

/** The typed error for an answer with a status of 300 or more. A body that is no Status is never repeated to the caller. */
export function errorFromResponse(
  status: number,
  headers: Readonly<Record<string, string>>,
  bodyText: string,
  request: AnsweredRequest,
): AppError {
  const body = parseStatus(bodyText);
  const code = codeOf(status, body);
  const wait = retryAfterSeconds(headers['retry-after']) ?? body?.retryAfterSeconds;
  const problems = code === 'conflict' ? fieldConflicts(body) : code === 'invalid_object' ? fieldProblems(body) : [];
  return new AppError(code, messageOf(status, headers, body, request), {
    ...remedyOf(code, status, body, request),
    ...(problems.length > 0 && { problems }),
    ...(wait !== undefined && { retryAfterSeconds: wait }),
    facts: { status, context: request.context },
  });
}

function codeOf(status: number, body: Status | undefined): ErrorCode {
  const known = (body?.reason !== undefined ? BY_REASON[body.reason] : undefined) ?? BY_STATUS[status];
  if (known !== undefined) return known;
  if (status >= 500) return 'cluster_unavailable';
  return status >= 400 ? 'cluster_refused' : 'cluster_bad_answer';
}

function messageOf(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: Status | undefined,
  { context, api }: AnsweredRequest,
): string {
  if (body?.message !== undefined) return `Cluster "${context}": ${body.message}`;
  const type = cleaned(headers['content-type']?.split(';')[0] ?? 'none', 60);
  const what = status < 400 ? `a redirect (HTTP ${status}), which is never followed` : `HTTP ${status}`;
  return `Cluster "${context}" answered ${what} to ${describe(api)}, with no Kubernetes Status (content type ${type}).`;
}

/** The request in the words of `kubectl auth can-i`. */
function describe(api: ApiRequest): string {
  if (api.type === 'nonResource') return `${api.method} ${cleaned(api.path, 200)}`;
  const name = api.name === undefined ? '' : ` "${cleaned(api.name, 253)}"`;
  const where = api.namespace === undefined ? '' : ` in namespace "${cleaned(api.namespace, 253)}"`;
  return `${api.verb} ${resourceWord(api)}${name}${where}`;
}

function resourceWord(api: { group: string; resource: string; subresource?: string }): string {
  const plain = api.group === '' ? api.resource : `${api.resource}.${api.group}`;
  return cleaned(api.subresource === undefined ? plain : `${plain}/${api.subresource}`, 300);
}

function remedyOf(
  code: ErrorCode,
  status: number,
  body: Status | undefined,
  { context, api }: AnsweredRequest,
): Pick<ErrorDetail, 'remedy'> {
  const remedy =
    code === 'conflict'
      ? conflictRemedy(body)
      : code === 'cluster_forbidden'
        ? forbiddenRemedy(body, context, api)
        : REMEDIES[code];
  if (status === 415) return { remedy: 'Send the body as application/json, or another patch type.' };
  if (code === 'cluster_unauthorized') {
    return {
      remedy: `Sign in to context "${context}" again (for instance by running \`kubectl --context ${context} get ns\` in a terminal), then retry.`,
    };
  }
  return remedy === undefined ? {} : { remedy };
}

const REMEDIES: Partial<Record<ErrorCode, string>> = {
  not_found:
    'Check name, namespace and kind: list the resources first, or ask get_api_resources which kinds are served.',
  already_exists: 'Update the existing object, or choose another name.',
  expired: 'Start the list again without the continue token or resourceVersion.',
  invalid_object: 'Correct the fields named above and send it again.',
  cluster_refused: 'Correct the request as the message says.',
  too_large: 'Send a smaller object: the API server and etcd cap a request at about 1.5 to 3 MiB.',
  too_many_requests: 'Wait, then retry with fewer requests at once.',
  cluster_unavailable: 'Retry shortly. If it lasts, look at the API server, its etcd, webhooks and aggregated APIs.',
  deadline_exceeded: 'Narrow the request (namespace, selector, limit) and retry.',
  cluster_bad_answer: 'Check the server address of this context: it may be a login page or a load balancer.',
};

function conflictRemedy(body: Status | undefined): string {
  return fieldConflicts(body).length > 0
    ? 'Leave these fields to their manager, or apply again with force to take them over.'
    : 'Read the object again and repeat the change on its present resourceVersion.';
}

/** Admission speaks through 403 too, and no Role would help there. */
const ADMISSION =
  /admission webhook|ValidatingAdmissionPolicy|denied the request|violates PodSecurity|exceeded quota|because it is being terminated/;

function forbiddenRemedy(body: Status | undefined, context: string, api: ApiRequest): string {
  const message = body?.message ?? '';
  if (ADMISSION.test(message))
    return "The cluster's admission rules refused this, not RBAC: change the object as the message says.";
  if (message.includes('"system:anonymous"'))
    return 'The cluster saw no credentials: check the user of this context, then run `k8s-mcp doctor`.';
  if (api.type === 'nonResource') return 'Ask for RBAC on this path. `k8s-mcp doctor` lists what this identity may do.';
  // Another context or namespace would be a question about another right.
  const where = api.namespace === undefined ? ' -A' : ` -n ${cleaned(api.namespace, 253)}`;
  return `Check with \`kubectl --context ${context} auth can-i ${api.verb} ${resourceWord(api)}${where}\` and ask for a Role that allows it. \`k8s-mcp doctor\` lists what this identity may do.`;
}

/** Server-side apply: who owns which field. The server writes `conflict with "manager" using v1` in each cause's message. */
function fieldConflicts(body: Status | undefined): { field: string; problem: string }[] {
  return (body?.causes ?? [])
    .filter((cause) => cause.reason === 'FieldManagerConflict')
    .map(({ field, message }) => ({
      field: field ?? '(unknown field)',
      problem: message ?? 'conflict with another manager',
    }));
}

function fieldProblems(body: Status | undefined): { field: string; problem: string }[] {
  return (body?.causes ?? []).map(({ field, message, reason }) => ({
    field: field ?? '(object)',
    problem: message ?? reason ?? 'invalid',
  }));
}
