/** Hashes for names and labels, in the alphabet of the real ones. */

/** Characters that make no words (apimachinery's `rand`). */
const SAFE = 'bcdfghjklmnpqrstvwxz2456789';

/** A hash of any JSON value, whatever the order of its keys, and a count of collisions: `7d9c5b8f6d`. */
export function safeHash(value: unknown, collisions?: number): string {
  let hash = 0x811c9dc5;
  const text = stable(value) + (collisions === undefined ? '' : `/${collisions}`);
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return Array.from(String(hash), (digit) => SAFE[digit.charCodeAt(0) % SAFE.length]).join('');
}

function stable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stable).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${stable(member)}`);
  return `{${members.join(',')}}`;
}
