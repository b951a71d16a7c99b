import type { QuotaFacts } from '../facts.ts';
import { defineKind } from './define-kind.ts';
import { quantity } from './quantity.ts';
import { dict, text } from './read.ts';

export const quota = defineKind<QuotaFacts>({
  kind: 'ResourceQuota',
  depth: 'object',
  fields: ['spec.hard', 'status.hard', 'status.used'],
  project(object) {
    const { hard, used } = dict(object['status']);
    return { hard: amountsOf(hard ?? dict(object['spec'])['hard']), used: amountsOf(used) };
  },
  health: ({ hard, used }) =>
    Object.entries(hard).some(([name, most]) => most > 0 && (used[name] ?? 0) >= most) ? 'warning' : 'ok',
});

function amountsOf(value: unknown): Record<string, number> {
  return Object.fromEntries(
    Object.entries(dict(value))
      .slice(0, 200)
      .map(([name, amount]) => [text(name), quantity(amount)]),
  );
}
