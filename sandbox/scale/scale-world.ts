/** A generated world: thousands of nodes and pods that exist as bytes. */
import type { World } from '../worlds/types.ts';

export interface ScaleOptions {
  nodes: number;
  pods: number;
  services: number;
  others: number;
  churnPerSecond: number;
  seed: number;
}

export function scaleWorld(_options: ScaleOptions): World {
  return {
    name: 'scale',
    users: [
      { context: 'admin', groups: ['system:masters'], signsInBy: 'certificate' },
      { context: 'viewer', signsInBy: 'certificate', role: { clusterRole: 'view' } },
    ],
    objects: [],
    ageMs: 0,
    lives: false,
  };
}
