import type { Requirement, Selector } from '../types.ts';

type Labels = Readonly<Record<string, string>>;

/** Whether all requirements hold of the labels; an empty selector holds of any. */
export function selects(selector: Selector, labels: Labels): boolean {
  for (const requirement of selector) if (!holds(requirement, labels)) return false;
  return true;
}

function holds(requirement: Requirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined;
  switch (requirement.op) {
    case 'in':
      return value !== undefined && requirement.values.includes(value);
    case 'notIn':
      return value === undefined || !requirement.values.includes(value);
    case 'exists':
      return value !== undefined;
    case 'absent':
      return value === undefined;
  }
}

export function sameLabels(a: Labels, b: Labels): boolean {
  if (a === b) return true;
  let count = 0;
  for (const key in a) {
    if (a[key] !== b[key]) return false;
    count++;
  }
  for (const _ in b) count--;
  return count === 0;
}

/** Equal for equal labels in any order. A small integer: a Map keeps it without a box. */
export function labelsHash(labels: Labels): number {
  let hash = 0;
  for (const key in labels) hash = (hash + textHash(labels[key] ?? '', textHash(key, 7))) | 0;
  return hash & 0x3fffffff;
}

/** Any 32 bits. */
export function textHash(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return Math.imul(hash ^ (hash >>> 15), 0x9e3779b1);
}
