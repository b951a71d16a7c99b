/**
 * What was made of the last few objects. Decoders hand out one object, which nobody changes, for what is the same bytes again
 * (kube/protobuf/known-messages.ts): the containers of pods of one template, which follow each other in lists.
 */

const PLACES = 8;

interface Entry<T> {
  of: object;
  first: unknown;
  second: string;
  made: T;
}

/** `first` and `second`: what else it is made of, compared by `===`. */
export type Recent<T> = (of: object, first: unknown, second: string, make: () => T) => T;

export function createRecent<T>(): Recent<T> {
  const entries: Entry<T>[] = [];
  let oldest = 0;
  return (of, first, second, make) => {
    for (const entry of entries) {
      if (entry.of === of && entry.first === first && entry.second === second) return entry.made;
    }
    const made = make();
    entries[oldest] = { of, first, second, made };
    oldest = (oldest + 1) % PLACES;
    return made;
  };
}
