/** Times as the API writes them. */

export { rfc3339 } from '../timestamps.ts';

/** meta/v1 MicroTime: `2026-01-02T03:04:05.678000Z`. */
export function rfc3339Micro(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -1)}000Z`;
}

/** Ms since the epoch; 0 for what is no time. */
export function parseTime(text: string | null | undefined): number {
  const ms = typeof text === 'string' ? Date.parse(text) : 0;
  return Number.isNaN(ms) ? 0 : ms;
}
