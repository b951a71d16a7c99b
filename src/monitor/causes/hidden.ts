import { workloadOf } from '../../graph/project/workloads.ts';
import type { GraphView, NodeId } from '../../graph/types.ts';
import type { Finding, ObjectName } from '../types.ts';
import { idOf, keyOf, nameOf } from './names.ts';
import { unitOf } from './units.ts';

/** Where addresses are kept that the graph does not read. */
const SETTINGS = new Set(['Secret', 'ConfigMap']);

/** Workloads in trouble by their name. */
export function troubledWorkloads(findings: readonly Finding[], view: GraphView): readonly ObjectName[] {
  const units = new Map<string, ObjectName>();
  for (const { object, severity } of findings) {
    const id = severity < 3 ? undefined : idOf(view, object);
    if (id === undefined) continue;
    const unit = view.node(unitOf(view, id));
    if (workloadOf(unit) !== undefined) units.set(keyOf(unit), nameOf(unit));
  }
  return [...units.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/**
 * A guess: the address of a database often stands in a Secret, which nobody reads here. Where `payments` takes its settings from one
 * and does not work, and `payments-db` is in trouble, that is why.
 */
export function hiddenCause(view: GraphView, unit: NodeId, troubled: readonly ObjectName[]): ObjectName | undefined {
  const { name, kind, namespace } = view.node(unit);
  let hasSettings = false;
  view.out(unit, (target) => {
    hasSettings = SETTINGS.has(view.node(target).kind);
    return !hasSettings;
  });
  if (!hasSettings) return undefined;
  return troubled.find(
    (other) => other.name.startsWith(`${name}-`) && !(other.kind === kind && other.namespace === namespace),
  );
}
