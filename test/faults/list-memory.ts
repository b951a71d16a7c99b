/** What is remembered of lists: which page a continue token leads to, the last item of a page, an old list to give again. */
import { field } from './json-edits.ts';

export interface ListMemory {
  /** Of the collection, from 1; a token that comes again is the same page. */
  pageOf(collection: string, token: string): number;
  /** Of that page, when it passed. */
  lastItem(collection: string, page: number): unknown;
  passed(collection: string, page: number, document: unknown): void;
  oldList(collection: string): Buffer | undefined;
  keepOldList(collection: string, body: Buffer): void;
}

/** Tokens of one collection; beyond it the oldest are forgotten. */
const MAX_TOKENS = 1000;

export function createListMemory(): ListMemory {
  const pages = new Map<string, Map<string, number>>();
  const lastItems = new Map<string, unknown>();
  const oldLists = new Map<string, Buffer>();
  const latest = new Map<string, number>();
  return {
    pageOf(collection, token) {
      if (token === '') {
        latest.set(collection, 1);
        return 1;
      }
      const tokens = pages.get(collection) ?? new Map<string, number>();
      pages.set(collection, tokens);
      const page = tokens.get(token) ?? (latest.get(collection) ?? 1) + 1;
      tokens.set(token, page);
      latest.set(collection, page);
      const [oldest] = tokens.keys();
      if (tokens.size > MAX_TOKENS && oldest !== undefined) tokens.delete(oldest);
      return page;
    },
    lastItem: (collection, page) => lastItems.get(`${page} ${collection}`),
    passed(collection, page, document) {
      const items = field(document, 'items');
      if (Array.isArray(items) && items.length > 0) lastItems.set(`${page} ${collection}`, items.at(-1));
    },
    oldList: (collection) => oldLists.get(collection),
    keepOldList(collection, body) {
      if (!oldLists.has(collection)) oldLists.set(collection, body);
    },
  };
}
