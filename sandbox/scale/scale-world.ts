/** A generated world: thousands of nodes and pods that exist as bytes, and change at a chosen rate. */
import type { KubeObject } from '../types.ts';
import type { FillParts, World } from '../worlds/types.ts';
import { startChurn } from './churn/churn.ts';
import { customDefinition } from './definition.ts';
import { expectedObjects, fill } from './fill.ts';
import { LiveWorld } from './live-world.ts';
import { DRIVER } from './objects/storage.ts';
import type { ScaleOptions } from './options.ts';
import { FIRST_REVISION } from './stamp/values.ts';

/** Steps between two looks at whether progress is worth telling. */
const STEPS = 100;

/** At 5,000 writes a second the last minute of them; less than 200 MB. */
const KEEP_EVENTS = 300_000;

export function scaleWorld(options: ScaleOptions): World {
  return {
    name: 'scale',
    users: [
      { context: 'admin', groups: ['system:masters'], signsInBy: 'certificate' },
      { context: 'viewer', signsInBy: 'certificate', role: { clusterRole: 'view' } },
    ],
    objects: OBJECTS,
    ageMs: 5_000,
    lives: false,
    startRevision: FIRST_REVISION,
    keepEvents: KEEP_EVENTS,
    fill: (parts) => start(options, parts),
  };
}

function start(options: ScaleOptions, { store, clock, onProgress }: FillParts): () => void {
  const now = Math.floor(clock.now() / 1000);
  const world = new LiveWorld(store, options.seed, options.nodes, now);
  const expected = expectedObjects(options);
  let steps = 0;
  fill({
    options,
    world,
    now,
    step: () => {
      if (++steps % STEPS === 0) onProgress?.(world.made, Math.max(expected, world.made));
    },
  });
  world.settle();
  // Nobody can have seen how it was made.
  store.compact();
  return startChurn({ world, clock, perSecond: options.churnPerSecond });
}

const OBJECTS: readonly KubeObject[] = [
  {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'fast', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: DRIVER,
    volumeBindingMode: 'WaitForFirstConsumer',
    allowVolumeExpansion: true,
  },
  { apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver', metadata: { name: DRIVER }, spec: { attachRequired: true } },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name: 'nginx' },
    spec: { controller: 'k8s.io/ingress-nginx' },
  },
  customDefinition,
];
