/** TaintNodesByCondition: a new node is not ready until its controller says so. */
import { ensureRecord, recordsAt } from '../json.ts';
import type { Plugin } from './types.ts';

const KEY = 'node.kubernetes.io/not-ready';

export const nodeTaint: Plugin = {
  mutate({ operation, resource, subresource, object }) {
    if (operation !== 'create' || resource.id !== 'nodes' || subresource !== '') return;
    const taints = recordsAt(object, 'spec', 'taints');
    if (taints.some(({ key, effect }) => key === KEY && effect === 'NoSchedule')) return;
    ensureRecord(object, 'spec')['taints'] = [...taints, { key: KEY, effect: 'NoSchedule' }];
  },
};
