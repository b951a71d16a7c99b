/** Times in seconds, as the API writes most of them. */

let last = { second: Number.NaN, text: '' };

/** meta/v1 Time: `2026-01-02T03:04:05Z`, whole seconds. `ms` since the epoch. */
export function rfc3339(ms: number): string {
  const second = Math.floor(ms / 1000);
  // Much is written in one moment.
  if (second !== last.second) last = { second, text: `${new Date(second * 1000).toISOString().slice(0, 19)}Z` };
  return last.text;
}
