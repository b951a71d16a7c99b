/** Differences between the sandbox and the real server that stay, each with its reason. One that is gone fails the suite. */

export interface KnownDifference {
  /** In the name of each sequence that shows it. */
  readonly sequence: RegExp;
  /** What the line of the difference says. */
  readonly line: RegExp;
  readonly reason: string;
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [];
