/** What a list says of itself below its rows. */
export interface ListFacts {
  shown: number;
  /** All there are, or at least are, with those before this answer. */
  total?: number | undefined;
  /** True when there may be more than `total`. */
  more?: boolean | undefined;
  continue?: string | undefined;
  notes: readonly string[];
}

/** The lines below a list: how much is missing and the argument that gets it, then the notes. */
export function restLines(facts: ListFacts, noun: string): string[] {
  const lines = [...facts.notes];
  if (facts.continue !== undefined) lines.unshift(cutLine(facts, facts.continue, noun));
  return lines;
}

function cutLine({ shown, total, more }: ListFacts, token: string, noun: string): string {
  const of = total === undefined ? '' : ` of ${more ? 'at least ' : ''}${total}`;
  const hint = total === undefined ? 'more exist' : 'the rest';
  return `Shown ${shown}${of} ${noun}; ${hint}: continue=${token}`;
}

/** `1 pod`, `3 pods`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
