import { defineKind } from './define-kind.ts';
import { dict } from './read.ts';

export const csiDriver = defineKind<{ attachRequired: boolean }>({
  kind: 'CSIDriver.storage.k8s.io',
  depth: 'object',
  fields: ['spec.attachRequired'],
  project: (object) => ({ attachRequired: dict(object['spec'])['attachRequired'] !== false }),
  health: () => 'ok',
});
