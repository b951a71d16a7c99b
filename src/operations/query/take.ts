import type { Position } from './continue-token.ts';
import type { PageFacts, ReadPage } from './pages.ts';

/** One object of an answer: the cells of its row, and the object itself where the answer shows objects. */
export interface Entry {
  cells: string[];
  object?: unknown;
}

export interface EntriesPage extends PageFacts {
  entries: readonly Entry[];
}

/** What an answer left out. */
export interface Rest {
  position: Position;
  /** How many, and whether there may be more than that. */
  count: number;
  exact: boolean;
}

export interface Taken {
  entries: Entry[];
  rest: Rest | undefined;
}

/** Takes entries while they fit, page after page, and stops reading there. The first entry is always taken. */
export async function takeEntries(
  pages: AsyncIterable<ReadPage<EntriesPage>>,
  fits: (entry: Entry) => boolean,
  max: number,
): Promise<Taken> {
  const entries: Entry[] = [];
  for await (const read of pages) {
    const { page, next } = read;
    for (const [i, entry] of page.entries.entries()) {
      if (i < read.skip) continue;
      if (entries.length >= max || (!fits(entry) && entries.length > 0)) {
        return { entries, rest: restOf(read, page.entries.length - i, read.positionAt(i)) };
      }
      entries.push(entry);
    }
    if (entries.length >= max && next !== undefined) return { entries, rest: restOf(read, 0, next) };
  }
  return { entries, rest: undefined };
}

function restOf({ page, next, lastScope }: ReadPage<EntriesPage>, inPage: number, position: Position): Rest {
  const later = next?.server === undefined ? 0 : page.remainingItemCount;
  return { position, count: inPage + (later ?? 0), exact: lastScope && later !== undefined };
}
