import { AppError } from '../../kernel/errors.ts';
import type { ApiRequest, Decision } from '../../kernel/vocabulary.ts';

/** Throws for the first request that policy refuses, before any is sent. */
export function authorize(requests: readonly ApiRequest[], decide: (request: ApiRequest) => Decision): void {
  for (const request of requests) requireAllowed(decide(request));
}

export function requireAllowed(decision: Decision): void {
  if (!decision.allow) throw new AppError(decision.code, decision.reason, { remedy: decision.remedy });
}
