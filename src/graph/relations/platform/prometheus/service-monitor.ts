/** Services whose pods a ServiceMonitor has scraped. */
import type { Relation } from '../../../types.ts';
import { watchedByMonitor } from './watched.ts';

export const serviceMonitor: Relation = {
  id: 'service-monitor',
  rows: [67],
  verb: 'watches',
  sources: ['ServiceMonitor.monitoring.coreos.com'],
  class: 'uses',
  strength: 'informational',
  fields: ['spec.selector', 'spec.namespaceSelector'],
  references: (object) => watchedByMonitor(object, 'Service'),
};
