import { rankOf } from '../sync/plan.ts';
import type { KindKey } from '../types.ts';

/** What most questions and most incidents are about. */
const FIRST: readonly KindKey[] = [
  'Pod',
  'Node',
  'Deployment.apps',
  'StatefulSet.apps',
  'DaemonSet.apps',
  'Job.batch',
  'Service',
  'Secret',
  'ConfigMap',
  'PersistentVolumeClaim',
  'Ingress.networking.k8s.io',
];
const PLACES = new Map(FIRST.map((kind, at) => [kind, at]));

const placeOf = (kind: KindKey) => PLACES.get(kind) ?? FIRST.length + rankOf(kind);

/** For answers that cannot name all kinds: those first that a reader misses most, the others in the order in which they are read. */
export const usefulFirst = <Told extends { kind: KindKey }>(kinds: readonly Told[]): Told[] =>
  kinds.toSorted((a, b) => placeOf(a.kind) - placeOf(b.kind));
