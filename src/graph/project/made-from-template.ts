import type { KubeObject } from '../../kernel/vocabulary.ts';
import { dict, list, word } from './read.ts';

/** Kinds whose objects make others that hold the template once more. */
const MAKERS: ReadonlySet<string> = new Set(['Deployment', 'CronJob']);

/**
 * A ReplicaSet of a Deployment, a Job of a CronJob: what its template says its owner's template says as well, and its pods. Clusters keep
 * ten old ones for each that runs, and what only those name nobody needs.
 */
export function isMadeFromTemplate(object: KubeObject): boolean {
  for (const entry of list(dict(object.metadata)['ownerReferences'])) {
    const { kind, controller } = dict(entry);
    if (controller === true && MAKERS.has(word(kind))) return true;
  }
  return false;
}
