/** Sums of what the containers of a pod ask for. */
import { addQuantities, compareQuantities } from '../../kinds/quantity.ts';
import { type Fields, fieldsOf, itemsOf, textsOf } from './fields.ts';

export type Resources = Record<string, string>;

export const requestsOf = (container: Fields): Resources => textsOf(fieldsOf(container['resources'])['requests']);
export const limitsOf = (container: Fields): Resources => textsOf(fieldsOf(container['resources'])['limits']);

export function addResources(a: Resources, b: Resources): Resources {
  const sum = { ...a };
  for (const [name, quantity] of Object.entries(b)) {
    const old = sum[name];
    sum[name] = old === undefined ? quantity : addQuantities(old, quantity);
  }
  return sum;
}

function largest(a: Resources, b: Resources): Resources {
  const most = { ...a };
  for (const [name, quantity] of Object.entries(b)) {
    const old = most[name];
    if (old === undefined || compareQuantities(quantity, old) > 0) most[name] = quantity;
  }
  return most;
}

/** What all containers need at once: init containers one after the other, sidecars from their start on. */
export function aggregate(spec: Fields, of: (container: Fields) => Resources): Resources {
  let total: Resources = {};
  for (const container of itemsOf(spec['containers'])) total = addResources(total, of(container));
  let sidecars: Resources = {};
  let peak: Resources = {};
  for (const container of itemsOf(spec['initContainers'])) {
    if (container['restartPolicy'] === 'Always') {
      total = addResources(total, of(container));
      sidecars = addResources(sidecars, of(container));
      peak = largest(peak, sidecars);
    } else peak = largest(peak, addResources(of(container), sidecars));
  }
  return largest(total, peak);
}
