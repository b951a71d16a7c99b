/** How full a quota is. */
import type { QuotaFacts } from '../../../../graph/facts.ts';
import { bytes, cores } from '../../workloads/reading/times.ts';

export interface Use {
  resource: string;
  used: number;
  hard: number;
  share: number;
}

/** The fullest first. What is limited to nothing is forbidden, not used up. */
export function fullest({ hard, used }: QuotaFacts): Use[] {
  return Object.entries(hard)
    .filter(([, most]) => most > 0)
    .map(([resource, most]) => ({
      resource,
      used: used[resource] ?? 0,
      hard: most,
      share: (used[resource] ?? 0) / most,
    }))
    .sort((a, b) => b.share - a.share || (a.resource < b.resource ? -1 : 1));
}

/** `pods 42 of 40`, `requests.memory 9.5Gi of 10Gi`. */
export function used({ resource, used: has, hard }: Use): string {
  const write = /memory|storage/.test(resource) ? bytes : /cpu/.test(resource) ? cores : String;
  return `${resource} ${write(has)} of ${write(hard)}`;
}
