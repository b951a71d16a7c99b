/** Parts named in an outline. */
const MAX_PARTS = 12;

/** Where the size of an object lies. */
export interface Outline {
  /** `data.a.json 2.9 MB, metadata.labels 1.2 KB`, largest first, one level below the top. */
  text: string;
  /** JSONPath of the largest part, for an example of how to ask for one; undefined for an empty object. */
  largest: string | undefined;
}

export function outline(object: unknown): Outline {
  const parts = entriesOf(object).flatMap(([key, value]) => {
    const inner = entriesOf(value);
    return inner.length === 0 ? [part([key], value)] : inner.map(([name, child]) => part([key, name], child));
  });
  const sorted = parts.sort((a, b) => b.size - a.size);
  const shown = sorted.slice(0, MAX_PARTS).map(({ keys, size }) => `${keys.join('.').slice(0, 80)} ${sizeText(size)}`);
  const rest = sorted.length > MAX_PARTS ? [`${sorted.length - MAX_PARTS} more`] : [];
  return { text: [...shown, ...rest].join(', '), largest: sorted[0]?.keys.map(step).join('') };
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

function part(keys: string[], value: unknown): { keys: string[]; size: number } {
  return { keys, size: JSON.stringify(value)?.length ?? 0 };
}

/** `.name`, or `['a.json']` where a key is no plain word. */
function step(key: string): string {
  return /^[A-Za-z_][\w-]*$/.test(key) ? `.${key}` : `['${key.replaceAll("'", "\\'")}']`;
}

function sizeText(characters: number): string {
  if (characters < 1000) return `${characters} B`;
  return characters < 1e6 ? `${Math.round(characters / 1000)} KB` : `${(characters / 1e6).toFixed(1)} MB`;
}
