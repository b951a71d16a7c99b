import type { CsiNodeFacts } from '../facts.ts';
import { defineKind } from './define-kind.ts';
import { dict, list, text } from './read.ts';

export const csiNode = defineKind<CsiNodeFacts>({
  kind: 'CSINode.storage.k8s.io',
  depth: 'object',
  fields: ['spec.drivers.name'],
  project: (object, intern) =>
    intern.shared({ drivers: list(dict(object['spec'])['drivers']).map((driver) => text(dict(driver)['name'])) }),
  health: () => 'ok',
});
