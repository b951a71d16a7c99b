/** Every failure a caller can meet, in one table. `status` is HTTP, `exit` the shell's exit code. */
export const ERRORS = {
  invalid_argument: { status: 400, exit: 2, retryable: false },
  invalid_manifest: { status: 400, exit: 2, retryable: false },
  unknown_tool: { status: 404, exit: 2, retryable: false },
  unknown_kind: { status: 404, exit: 1, retryable: false },
  ambiguous_kind: { status: 400, exit: 2, retryable: false },
  unknown_context: { status: 400, exit: 2, retryable: false },
  unsupported: { status: 501, exit: 2, retryable: false },
  gate_closed: { status: 403, exit: 3, retryable: false },
  namespace_denied: { status: 403, exit: 3, retryable: false },
  kind_denied: { status: 403, exit: 3, retryable: false },
  context_denied: { status: 403, exit: 3, retryable: false },
  unsupported_request: { status: 403, exit: 3, retryable: false },
  kubeconfig_refused: { status: 403, exit: 3, retryable: false },
  command_refused: { status: 403, exit: 3, retryable: false },
  program_missing: { status: 503, exit: 6, retryable: false },
  confirmation_required: { status: 428, exit: 4, retryable: false },
  confirmation_refused: { status: 403, exit: 4, retryable: false },
  unauthenticated: { status: 401, exit: 3, retryable: false },
  too_large: { status: 413, exit: 2, retryable: false },
  too_many_requests: { status: 429, exit: 5, retryable: true },
  no_cluster: { status: 503, exit: 6, retryable: false },
  kubeconfig_invalid: { status: 503, exit: 6, retryable: false },
  credentials_failed: { status: 502, exit: 6, retryable: false },
  cluster_unreachable: { status: 502, exit: 6, retryable: true },
  cluster_tls: { status: 502, exit: 6, retryable: false },
  cluster_unauthorized: { status: 502, exit: 6, retryable: false },
  cluster_forbidden: { status: 403, exit: 6, retryable: false },
  cluster_unavailable: { status: 503, exit: 6, retryable: true },
  cluster_bad_answer: { status: 502, exit: 6, retryable: true },
  not_found: { status: 404, exit: 1, retryable: false },
  already_exists: { status: 409, exit: 1, retryable: false },
  conflict: { status: 409, exit: 1, retryable: true },
  expired: { status: 410, exit: 1, retryable: true },
  invalid_object: { status: 422, exit: 1, retryable: false },
  cluster_refused: { status: 400, exit: 1, retryable: false },
  deadline_exceeded: { status: 504, exit: 7, retryable: true },
  cancelled: { status: 499, exit: 130, retryable: true },
  internal: { status: 500, exit: 70, retryable: false },
} as const satisfies Record<string, { status: number; exit: number; retryable: boolean }>;

export type ErrorCode = keyof typeof ERRORS;

export interface ErrorDetail {
  /** What the caller can do next. One sentence or command. */
  remedy?: string;
  /** Each problem at once, for bad input: `field` is a dotted path into the arguments. */
  problems?: readonly { field: string; problem: string }[];
  /** Candidates, allowed values, or nearest names. */
  candidates?: readonly string[];
  /** Seconds to wait, from Retry-After. */
  retryAfterSeconds?: number;
  /** Facts for a program, for instance the plan token of `confirmation_required`. Never a secret. */
  facts?: Record<string, string | number | boolean>;
  cause?: unknown;
}

/** A failure with a code of the table. Its message and detail are shown to callers: they hold no secret and no stack. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly detail: Omit<ErrorDetail, 'cause'>;

  constructor(code: ErrorCode, message: string, { cause, ...detail }: ErrorDetail = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.detail = detail;
  }
}

/** Any thrown value as an AppError. An unknown one becomes `internal` without its text, which may hold anything. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof Error && thrown.name === 'AbortError') {
    return new AppError('cancelled', 'The call was cancelled.', { cause: thrown });
  }
  return new AppError('internal', 'Something failed inside k8s-mcp. The server log has the details.', {
    cause: thrown,
  });
}

/** The same error with every text of it changed: for redaction. */
export function withTexts(error: AppError, change: (text: string) => string): AppError {
  const { problems, remedy, candidates, ...rest } = error.detail;
  return new AppError(error.code, change(error.message), {
    ...rest,
    ...(remedy === undefined ? {} : { remedy: change(remedy) }),
    ...(candidates === undefined ? {} : { candidates: candidates.map(change) }),
    ...(problems === undefined
      ? {}
      : { problems: problems.map(({ field, problem }) => ({ field: change(field), problem: change(problem) })) }),
    ...(error.cause === undefined ? {} : { cause: error.cause }),
  });
}

/** The text a model or a person reads: message, problems, candidates, remedy. */
export function describeError(error: AppError): string {
  const { problems, candidates, remedy, retryAfterSeconds } = error.detail;
  const lines = [`${error.code}: ${error.message}`];
  for (const { field, problem } of problems ?? []) lines.push(`- ${field}: ${problem}`);
  if (candidates !== undefined && candidates.length > 0) lines.push(`Candidates: ${candidates.join(', ')}`);
  if (retryAfterSeconds !== undefined) lines.push(`Retry after ${retryAfterSeconds} s.`);
  if (remedy !== undefined) lines.push(`Next: ${remedy}`);
  return lines.join('\n');
}
