import { defineKind } from './define-kind.ts';
import { dict, list } from './read.ts';

export const serviceAccount = defineKind<{ secrets: number; pullSecrets: number }>({
  kind: 'ServiceAccount',
  depth: 'object',
  fields: ['secrets.name', 'imagePullSecrets.name'],
  project: (object, intern) =>
    intern.shared({
      secrets: list(dict(object)['secrets']).length,
      pullSecrets: list(dict(object)['imagePullSecrets']).length,
    }),
  health: () => 'ok',
});
