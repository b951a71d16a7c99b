/** References by name to things of one kind: each once, by the first field that names it without `optional`. */
import type { KindKey, Reference } from '../../types.ts';

export type Named = Extract<Reference, { by: 'name' }>;

/** undefined for what is no name. */
export function named(
  kind: KindKey,
  namespace: string,
  name: unknown,
  path: string,
  optional: unknown,
): Named | undefined {
  if (typeof name !== 'string' || name === '') return undefined;
  if (optional === true) return { by: 'name', kind, namespace, name, path, optional, strength: 'soft' };
  return { by: 'name', kind, namespace, name, path };
}

/** So many are compared one by one: nearly all pods name fewer, and a Map costs more than all of them. */
const FEW = 8;

export class Targets {
  readonly found: Named[] = [];
  #places: Map<string, number> | undefined;

  add(reference: Named | undefined): void {
    if (reference === undefined) return;
    const place = this.#placeOf(reference.name);
    if (place < 0) {
      this.#places?.set(reference.name, this.found.length);
      this.found.push(reference);
    } else if (this.found[place]?.optional === true && reference.optional !== true) this.found[place] = reference;
  }

  #placeOf(name: string): number {
    const { found } = this;
    if (found.length > FEW) {
      this.#places ??= new Map(found.map((one, place) => [one.name, place]));
      return this.#places.get(name) ?? -1;
    }
    for (let place = 0; place < found.length; place++) if (found[place]?.name === name) return place;
    return -1;
  }
}
