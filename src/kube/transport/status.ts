/** metav1.Status, the body of every Kubernetes error: read from untrusted bytes into bounded, printable text. */
import { withoutEchoedObjects } from './echoed-objects.ts';

/** Bytes. A Status is rarely above a few KiB; what is longer is not read. */
export const MAX_STATUS_BYTES = 256 * 1024;
const MAX_MESSAGE = 4_000;
const MAX_CAUSES = 100;

export interface Status {
  reason?: string;
  message?: string;
  retryAfterSeconds?: number;
  causes: readonly StatusCause[];
}

interface StatusCause {
  reason?: string;
  message?: string;
  field?: string;
}

/** The Status in a body; undefined when the body is anything else. */
export function parseStatus(text: string): Status | undefined {
  const body = parsed(text);
  if (!isRecord(body) || body['kind'] !== 'Status' || body['apiVersion'] !== 'v1') return undefined;
  const details = isRecord(body['details']) ? body['details'] : {};
  const causes = Array.isArray(details['causes']) ? details['causes'] : [];
  const wait = details['retryAfterSeconds'];
  return {
    ...texts(body, ['reason', 'message'], MAX_MESSAGE),
    ...(typeof wait === 'number' && wait > 0 && { retryAfterSeconds: wait }),
    causes: causes
      .filter(isRecord)
      .slice(0, MAX_CAUSES)
      .map((cause) => texts(cause, ['reason', 'message', 'field'], 500)),
  };
}

function parsed(text: string): unknown {
  if (text.length > MAX_STATUS_BYTES) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Those of `names` that hold text, made printable. */
function texts<Name extends string>(from: Record<string, unknown>, names: readonly Name[], max: number) {
  const found: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const value = from[name];
    // Before the cut, which would otherwise take the reason that stands behind a repeated object.
    if (typeof value === 'string' && value !== '') found[name] = cleaned(withoutEchoedObjects(value), max);
  }
  return found;
}

/** Text of a cluster without control and direction characters, cut at `max` characters. */
export function cleaned(text: string, max: number): string {
  const plain = text
    .slice(0, max)
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '');
  return text.length > max ? `${plain}…` : plain;
}
