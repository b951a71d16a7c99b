/** A namespace goes in two steps: it is marked, its content is removed by a controller, and then its own finalizer goes. */
import { conflict } from '../../api/failure.ts';
import type { KubeObject } from '../../types.ts';
import { copyOf, ensureRecord } from '../json.ts';
import { type Parts, timestamp } from '../parts.ts';
import type { DeleteOptions, Target, WriteContext } from '../types.ts';
import { putObject } from './put-object.ts';
import { hasSpecFinalizers } from './update.ts';

const POLICY_FINALIZERS: Readonly<Record<string, string>> = { Orphan: 'orphan', Foreground: 'foregroundDeletion' };

/** The marked namespace; undefined when it is empty and may go like any other object. */
export function deleteNamespace(
  parts: Parts,
  { resource, name }: Target,
  live: KubeObject,
  options: DeleteOptions,
  context: WriteContext,
  admit: () => void,
): KubeObject | undefined {
  const { uid, resourceVersion } = options.preconditions ?? {};
  if (uid !== undefined && uid !== live.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid}`;
    throw conflict(resource, name, why);
  }
  if (resourceVersion !== undefined && resourceVersion !== live.metadata.resourceVersion) {
    const why = `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${live.metadata.resourceVersion}`;
    throw conflict(resource, name, why);
  }
  if (live.metadata.deletionTimestamp !== undefined) return hasSpecFinalizers(live) ? live : undefined;
  admit();
  const next = copyOf(live);
  next.metadata.deletionTimestamp = timestamp(parts.clock.now());
  ensureRecord(next, 'status')['phase'] = 'Terminating';
  const { propagationPolicy } = options;
  if (propagationPolicy !== undefined) {
    const kept = (next.metadata.finalizers ?? []).filter((one) => !Object.values(POLICY_FINALIZERS).includes(one));
    const added = POLICY_FINALIZERS[propagationPolicy];
    const all = added === undefined ? kept : [...kept, added];
    if (all.length > 0) next.metadata.finalizers = all;
    else delete next.metadata.finalizers;
  }
  if (context.dryRun) return next;
  return putObject(parts, resource, next);
}
