/** Test support: a sync that runs, and what its graph holds. */
import { onTestFinished } from 'vitest';
import { createSync } from '../../src/graph/sync/create-sync.ts';
import type { Sync } from '../../src/graph/sync/types.ts';
import type { ScriptedCluster } from './scripted-sync.ts';

/** Ends with the test. */
export async function started(cluster: ScriptedCluster): Promise<Sync> {
  const sync = createSync(cluster.ports);
  onTestFinished(() => sync.stop());
  sync.start();
  await cluster.pass(0);
  return sync;
}

/** Of the present objects of a kind, sorted. */
export function namesOf({ graph }: Sync, kind: string): string[] {
  const view = graph.view();
  const names: string[] = [];
  view.eachOfKind(kind, undefined, (id) => {
    names.push(view.node(id).name);
    return undefined;
  });
  return names.sort();
}
