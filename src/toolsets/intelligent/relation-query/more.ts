import type { Asked } from './answer.ts';

/** The most that max_results takes. */
export const MOST_RESULTS = 1000;

/** Behind the arguments that narrow a question: what gets more of it, where anything does. */
export function orMoreResults({
  question: { max_results: now },
  ctx: { policy },
}: Pick<Asked, 'question' | 'ctx'>): string {
  if (policy.maxResources !== undefined && now >= policy.maxResources) return ` (K8S_MAX_RESOURCES is ${now})`;
  return now < MOST_RESULTS ? `, or raise max_results (${now})` : '';
}
