import { expect, test } from 'vitest';
import { AppError } from '../../kernel/errors.ts';
import type { ListQuery } from '../../kube/types.ts';
import { decodePosition, encodePosition, type Position, queryHash } from './continue-token.ts';
import { readPages } from './pages.ts';
import { type EntriesPage, takeEntries } from './take.ts';

const HASH = queryHash(['x']);

/** Twelve rows in two namespaces, or in one list, in pages of `limit`. */
function server(counts: Record<string, number>) {
  const requests: ListQuery[] = [];
  const read = async (query: ListQuery): Promise<EntriesPage> => {
    requests.push(query);
    const scope = query.namespace ?? '*';
    const all = Array.from({ length: counts[scope] ?? 0 }, (_, i) => ({ cells: [`${scope}-${i}`] }));
    const from = Number(query.continue ?? 0);
    const entries = all.slice(from, from + (query.limit ?? 500));
    const left = all.length - from - entries.length;
    return {
      entries,
      resourceVersion: '9',
      ...(left > 0 ? { continue: String(from + entries.length), remainingItemCount: left } : {}),
    };
  };
  return { read, requests };
}

async function walk(scopes: (string | undefined)[], counts: Record<string, number>, limit: number, answer: number) {
  const { read } = server(counts);
  const rows: string[] = [];
  const rests: (number | string)[] = [];
  let start: Position | undefined;
  for (let i = 0; i < 30; i++) {
    let left = answer;
    const taken = await takeEntries(readPages({ scopes, start, query: { limit }, read }), () => left-- > 0, 1000);
    rows.push(...taken.entries.map((entry) => entry.cells[0] ?? ''));
    if (taken.rest === undefined) return { rows, rests };
    rests.push(taken.rest.exact ? taken.rest.count : `>=${taken.rest.count}`);
    start = decodePosition(encodePosition(taken.rest.position, HASH), HASH);
  }
  throw new Error('does not end');
}

test.each([
  [5, 3],
  [5, 5],
  [5, 7],
  [100, 4],
  [1, 1],
])('with pages of %i and answers of %i every row comes once, in order', async (limit, answer) => {
  const { rows } = await walk([undefined], { '*': 12 }, limit, answer);
  expect(rows).toEqual(Array.from({ length: 12 }, (_, i) => `*-${i}`));
});

test('what is left is exact in one list, and a lower bound while namespaces follow', async () => {
  expect((await walk([undefined], { '*': 12 }, 5, 5)).rests).toEqual([7, 2]);
  const { rows, rests } = await walk(['a', 'b'], { a: 4, b: 3 }, 3, 2);
  expect(rows).toEqual(['a-0', 'a-1', 'a-2', 'a-3', 'b-0', 'b-1', 'b-2']);
  expect(rests).toEqual(['>=2', 3, 1]);
});

test('a first page is read again at its version, a later one by its token', async () => {
  const { read, requests } = server({ '*': 12 });
  const take = async (start: Position | undefined, rows: number) => {
    let left = rows;
    return (
      await takeEntries(readPages({ scopes: [undefined], start, query: { limit: 5 }, read }), () => left-- > 0, 1000)
    ).rest?.position;
  };
  const middle = await take(undefined, 3);
  expect(middle).toEqual({ version: '9', skip: 3 });
  const later = await take(middle, 4);
  expect(later).toEqual({ server: '5', skip: 2 });
  await take(later, 1);
  expect(requests).toEqual([
    { limit: 5 },
    { limit: 5, resourceVersion: '9' },
    { limit: 5, continue: '5' },
    { limit: 5, continue: '5' },
  ]);
});

test('a state that the server forgot is `expired` and says what to do', async () => {
  const read = async (): Promise<EntriesPage> => {
    throw new AppError('expired', 'too old');
  };
  const pages = readPages({ scopes: [undefined], start: { server: 'x', skip: 0 }, query: { limit: 5 }, read });
  await expect(takeEntries(pages, () => true, 10)).rejects.toMatchObject({
    code: 'expired',
    detail: {
      remedy: 'Call again without continue; narrow it with namespace, labelSelector or where to need fewer calls.',
    },
  });
});

test('a token of other arguments, of no list or of a foreign namespace is refused', async () => {
  const token = encodePosition({ server: 's', skip: 2 }, HASH);
  expect(decodePosition(token, HASH)).toEqual({ server: 's', skip: 2 });
  expect(() => decodePosition(token, queryHash(['y']))).toThrow('belongs to a list with other arguments');
  expect(() => decodePosition('!!', HASH)).toThrow('not a token that a list gave out');
  expect(() => decodePosition('bnVsbA', HASH)).toThrow('not a token that a list gave out');
  const { read } = server({ a: 1 });
  const foreign = readPages({ scopes: ['a'], start: { namespace: 'secret', skip: 0 }, query: {}, read });
  await expect(takeEntries(foreign, () => true, 10)).rejects.toThrow('a namespace that this list does not read');
});
