/** What a list says of itself below its rows. */
export interface RestFacts {
  shown: number;
  /** How many are left, where that is known. */
  left?: number | undefined;
  /** False: there may be more than `left`. */
  exact?: boolean | undefined;
  continue?: string | undefined;
  notes: readonly string[];
}

/** The lines below a list: how much is missing and the argument that gets it, then the notes. */
export function restLines({ shown, left, exact = true, continue: token, notes }: RestFacts, noun: string): string[] {
  if (token === undefined) return [...notes];
  const rest = left === undefined || left === 0 ? 'more exist' : `${exact ? '' : 'at least '}${left} more`;
  return [`Shown ${shown} ${noun}; ${rest}: continue=${token}`, ...notes];
}

/** `1 pod`, `3 pods`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
