/** Kubernetes quantities of objects of which nothing is sure. */
import { parseQuantity } from '../../kernel/quantity.ts';

/** 0 for what is none. */
export function quantity(value: unknown): number {
  const amount = typeof value === 'string' ? parseQuantity(value) : value;
  return typeof amount === 'number' && Number.isFinite(amount) ? amount : 0;
}
