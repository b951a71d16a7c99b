/** Pods that a PodMonitor has scraped. */
import type { Relation } from '../../../types.ts';
import { watchedByMonitor } from './watched.ts';

export const podMonitor: Relation = {
  id: 'pod-monitor',
  rows: [67],
  verb: 'watches',
  sources: ['PodMonitor.monitoring.coreos.com'],
  class: 'uses',
  strength: 'informational',
  fields: ['spec.selector', 'spec.namespaceSelector'],
  references: (object) => watchedByMonitor(object, 'Pod'),
};
