/** Does the work for each item, so many at once; results in the order of the items. */
export async function eachAtOnce<T, R>(
  count: number,
  items: readonly T[],
  work: (item: T, at: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < items.length; at = next++) results[at] = await work(items[at] as T, at);
  };
  await Promise.all(Array.from({ length: count }, worker));
  return results;
}
