/** Conditions of a status. */
import type { Condition } from './shapes.ts';

export function conditionOf(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/**
 * Sets as apimachinery's and most controllers' helpers do: one of the same status keeps its transition time. Keeps the place of a
 * condition that there is.
 */
export function setCondition(conditions: readonly Condition[] | undefined, wanted: Condition): Condition[] {
  const before = conditionOf(conditions, wanted.type);
  if (before === undefined) return [...(conditions ?? []), wanted];
  const next =
    before.status === wanted.status && before.lastTransitionTime !== undefined
      ? { ...wanted, lastTransitionTime: before.lastTransitionTime }
      : wanted;
  return (conditions ?? []).map((condition) => (condition === before ? next : condition));
}

export function withoutCondition(conditions: readonly Condition[] | undefined, type: string): Condition[] | undefined {
  const rest = (conditions ?? []).filter((condition) => condition.type !== type);
  return rest.length === 0 ? undefined : rest;
}
