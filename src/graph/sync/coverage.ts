/** What an answer rests on. */
import type { AskedKinds, Coverage } from '../access.ts';
import type { KindKey } from '../types.ts';
import { isAmong } from './ready.ts';
import type { Sync } from './types.ts';

/** Of the kinds that a question asked for, or of all that the cluster serves. */
export function coverageOf(sync: Sync, asked: AskedKinds): Coverage {
  const view = sync.graph.view();
  const now = sync.now();
  const left = sync.left();
  const leftKinds = new Map(left.map(({ kind, reason }) => [kind, reason]));
  const coverage = {
    synced: [] as KindKey[],
    syncing: [] as { kind: KindKey; done: number; total: number | undefined }[],
    forbidden: [] as { kind: KindKey; reason: string }[],
    stale: [] as { kind: KindKey; since: number; reason: string }[],
    left: [] as { kind: KindKey; reason: string }[],
  };
  const served = new Set(sync.kinds());
  // Before discovery has answered nothing is known of any kind, and that is to be said of those asked for.
  const known = served.size > 0;
  const kinds = typeof asked === 'string' ? [...served, ...leftKinds.keys()].filter(isAmong(asked)) : asked;
  for (const kind of new Set(kinds)) {
    const reason = leftKinds.get(kind);
    if (reason !== undefined) coverage.left.push({ kind, reason });
    else if (!served.has(kind)) {
      // Not served: there are none, and nothing is missing.
      if (!known) coverage.syncing.push({ kind, done: 0, total: undefined });
    } else {
      const state = view.kindState(kind);
      if (state.state === 'synced') coverage.synced.push(kind);
      else if (state.state === 'syncing') coverage.syncing.push({ kind, done: state.done, total: state.total });
      else if (state.state === 'forbidden') coverage.forbidden.push({ kind, reason: state.reason });
      else if (state.state === 'stale')
        coverage.stale.push({
          kind,
          since: Math.min(sync.onClusterClock(state.since), sync.knownAt(kind)),
          reason: state.reason,
        });
      else if (state.state === 'off') coverage.left.push({ kind, reason: state.reason });
    }
  }
  return {
    ...coverage,
    asOf: Math.min(
      now,
      ...coverage.stale.map(({ since }) => since),
      ...coverage.synced.map((kind) => sync.knownAt(kind)),
    ),
    source: 'graph',
    namespaces: sync.namespaces(),
    ...(coverage.syncing.length > 0 ? { partial: true } : {}),
    catchingUp: sync.catchingUp(),
    notes: [...sync.notes(), ...sync.problems().map((problem) => problem.message)],
  };
}
