import { randomBytes } from 'node:crypto';

/** An id for one call: 16 random bytes in hex, the form of a W3C trace id. */
export function newCallId(): string {
  return randomBytes(16).toString('hex');
}
