/** Counts the edges that a question looks at, so that none takes longer than a few milliseconds. */
export interface Budget {
  /** False when it is spent. */
  take(): boolean;
  readonly spent: boolean;
}

export function createBudget(edges: number): Budget {
  let left = edges;
  return {
    take() {
      left--;
      return left >= 0;
    },
    get spent() {
      return left < 0;
    },
  };
}
