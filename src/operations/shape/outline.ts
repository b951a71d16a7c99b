/** Parts named in an outline. */
const MAX_PARTS = 12;

/** Where the size of an object lies: `data.a.json 2.9 MB, metadata 1.2 KB`, largest first, one level below the top. */
export function outline(object: unknown): string {
  const parts = entriesOf(object).flatMap(([key, value]) => {
    const inner = entriesOf(value);
    return inner.length === 0 ? [part(key, value)] : inner.map(([name, child]) => part(`${key}.${name}`, child));
  });
  const sorted = parts.sort((a, b) => b.size - a.size);
  const shown = sorted.slice(0, MAX_PARTS).map(({ name, size }) => `${name} ${sizeText(size)}`);
  return [...shown, ...(sorted.length > MAX_PARTS ? [`${sorted.length - MAX_PARTS} more`] : [])].join(', ');
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

function part(name: string, value: unknown): { name: string; size: number } {
  return { name: name.slice(0, 80), size: JSON.stringify(value)?.length ?? 0 };
}

function sizeText(characters: number): string {
  if (characters < 1000) return `${characters} B`;
  return characters < 1e6 ? `${Math.round(characters / 1000)} KB` : `${(characters / 1e6).toFixed(1)} MB`;
}
