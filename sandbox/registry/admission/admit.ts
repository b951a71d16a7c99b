/** The plugins that a current apiserver has on by default, in its order. */
import type { Parts } from '../parts.ts';
import { defaultClasses } from './default-classes.ts';
import { defaultTolerations } from './default-tolerations.ts';
import { escalation } from './escalation.ts';
import { limitRanger } from './limit-ranger.ts';
import { namespaceLifecycle } from './namespace-lifecycle.ts';
import { nodeTaint } from './node-taint.ts';
import { podTopologyLabels } from './pod-topology-labels.ts';
import { priority } from './priority.ts';
import { resourceQuota } from './resource-quota.ts';
import { runtimeClass } from './runtime-class.ts';
import { serviceAccount } from './service-account.ts';
import { storageInUse } from './storage-in-use.ts';
import type { Attributes, Plugin } from './types.ts';
import { volumeResize } from './volume-resize.ts';

const PLUGINS: readonly Plugin[] = [
  namespaceLifecycle,
  limitRanger,
  serviceAccount,
  nodeTaint,
  priority,
  defaultTolerations,
  podTopologyLabels,
  defaultClasses,
  storageInUse,
  volumeResize,
  runtimeClass,
  resourceQuota,
  escalation,
];

/**
 * Mutating plugins, then `settle` (the strategy and validation), then validating plugins. Gives back what is to run once the
 * write is done.
 */
export function admit(attributes: Attributes, parts: Parts, settle: () => void): () => void {
  for (const plugin of PLUGINS) plugin.mutate?.(attributes, parts);
  settle();
  return validateAdmission(attributes, parts);
}

/** The validating half alone: deletes, and subresources that store no object of their own. */
export function validateAdmission(attributes: Attributes, parts: Parts): () => void {
  const after: (() => void)[] = [];
  const named = { ...attributes, name: attributes.name || attributes.object.metadata.name };
  for (const plugin of PLUGINS) {
    const run = plugin.validate?.(named, parts);
    if (run !== undefined) after.push(run);
  }
  return () => {
    for (const run of after) run();
  };
}
