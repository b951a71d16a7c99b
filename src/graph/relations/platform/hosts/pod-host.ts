/** Services that a pod is told to call. */
import type { Relation } from '../../../types.ts';
import { templateHosts } from './template-hosts.ts';

export const podHost: Relation = {
  id: 'pod-host',
  rows: [74],
  verb: 'calls',
  sources: ['Pod'],
  class: 'connects',
  strength: 'soft',
  ...templateHosts('spec'),
};
