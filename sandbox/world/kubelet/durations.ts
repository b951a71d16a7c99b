/** Durations as Go prints them. */

/** `800ms`, `1.234s`, `10s`, `1m20s`, `5m0s`, `1h0m0s`. */
export function goDuration(ms: number): string {
  if (ms === 0) return '0s';
  if (ms < 1000) return `${ms}ms`;
  const seconds = Math.floor(ms / 1000);
  const rest = ms % 1000;
  const tail = `${seconds % 60}${rest === 0 ? '' : `.${String(rest).padStart(3, '0').replace(/0+$/, '')}`}s`;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (hours > 0) return `${hours}h${minutes}m${tail}`;
  return minutes > 0 ? `${minutes}m${tail}` : tail;
}
