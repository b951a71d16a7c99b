/** Something that happens once. Who waits may leave again, so that what waits long holds on to nothing. */
export interface Moment {
  readonly past: boolean;
  /** At once when it is past. Returns how to leave. */
  on(callback: () => void): () => void;
}

export function createMoment(): Moment & { happen(): void } {
  const callbacks = new Set<() => void>();
  let past = false;
  return {
    get past() {
      return past;
    },
    on(callback) {
      if (past) callback();
      else callbacks.add(callback);
      return () => void callbacks.delete(callback);
    },
    happen() {
      past = true;
      const waiting = [...callbacks];
      callbacks.clear();
      for (const callback of waiting) callback();
    },
  };
}
