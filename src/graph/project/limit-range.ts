import { defineKind } from './define-kind.ts';
import { dict, list, text } from './read.ts';

export const limitRange = defineKind<{ types: readonly string[] }>({
  kind: 'LimitRange',
  depth: 'object',
  fields: ['spec.limits.type'],
  project: (object, intern) =>
    intern.shared({ types: list(dict(object['spec'])['limits']).map((limit) => text(dict(limit)['type'])) }),
  health: () => 'ok',
});
