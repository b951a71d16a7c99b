import type { Coverage } from '../../src/graph/access.ts';
import { NOW } from './memory-view.ts';

/** Of a graph in which all is known, at the time of every test. */
export const COVERAGE: Coverage = {
  asOf: NOW,
  source: 'graph',
  synced: ['Pod', 'Node'],
  syncing: [],
  forbidden: [],
  stale: [],
  left: [],
  namespaces: undefined,
  catchingUp: false,
  notes: [],
};
