/** Times as the API writes them. */

/** meta/v1 Time: `2026-01-02T03:04:05Z`, whole seconds. */
export function rfc3339(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** meta/v1 MicroTime: `2026-01-02T03:04:05.678000Z`. */
export function rfc3339Micro(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -1)}000Z`;
}

/** Ms since the epoch; 0 for what is no time. */
export function parseTime(text: string | null | undefined): number {
  const ms = typeof text === 'string' ? Date.parse(text) : 0;
  return Number.isNaN(ms) ? 0 : ms;
}
