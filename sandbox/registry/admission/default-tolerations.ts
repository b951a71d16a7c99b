/** DefaultTolerationSeconds: a pod stays five minutes on a node that is not ready or not reachable. */
import { ensureRecord, type Json, recordsAt } from '../json.ts';
import type { Plugin } from './types.ts';

const KEYS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];
const SECONDS = 300;

export const defaultTolerations: Plugin = {
  mutate({ operation, resource, subresource, object }) {
    if (operation === 'delete' || resource.id !== 'pods' || subresource !== '') return;
    const tolerations = recordsAt(object, 'spec', 'tolerations');
    const missing = KEYS.filter((key) => !tolerations.some((toleration) => tolerates(toleration, key)));
    if (missing.length === 0) return;
    const added = missing.map((key) => ({
      key,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: SECONDS,
    }));
    ensureRecord(object, 'spec')['tolerations'] = [...tolerations, ...added];
  },
};

/** An empty key or effect stands for all. */
function tolerates({ key = '', effect = '' }: Json, wanted: string): boolean {
  return (key === wanted || key === '') && (effect === 'NoExecute' || effect === '');
}
