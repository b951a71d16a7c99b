/** What a failure means, whether it came as an answer, as an ERROR in the stream, or instead of an answer. */
import type { WireFailure } from '../watch/types.ts';

export type Meaning =
  | { means: 'connection'; reason: string }
  | { means: 'malformed'; reason: string }
  | { means: 'sign-in'; reason: string }
  | { means: 'forbidden'; reason: string }
  | { means: 'missing'; reason: string }
  /** The verb is not offered. */
  | { means: 'unsupported'; reason: string }
  | { means: 'expired'; reason: string }
  | { means: 'too large'; reason: string; retryAfterSeconds: number | undefined }
  | { means: 'invalid'; reason: string }
  | { means: 'throttled'; reason: string; retryAfterSeconds: number }
  | { means: 'server'; reason: string };

export interface StatusFailure {
  code: number;
  reason: string;
  message: string;
  retryAfterSeconds?: number;
}

export function meaningOf(failure: WireFailure): Meaning {
  const meaning = namely(failure);
  return meaning.reason === '' ? { ...meaning, reason: UNSAID[failure.kind] } : meaning;
}

/** Where a failure came without a word. */
const UNSAID: Readonly<Record<WireFailure['kind'], string>> = {
  unreachable: 'The API server was not reached.',
  silent: 'The API server fell silent.',
  malformed: 'The answer could not be understood.',
  credentials: 'The credentials could not be had.',
  status: 'The API server refused.',
  stopped: 'The connection was closed.',
};

function namely(failure: WireFailure): Meaning {
  switch (failure.kind) {
    case 'unreachable':
    case 'silent':
      return { means: 'connection', reason: failure.message };
    case 'malformed':
      return { means: 'malformed', reason: failure.message };
    case 'credentials':
      return { means: 'sign-in', reason: failure.message };
    case 'stopped':
      return { means: 'connection', reason: 'The connection was closed.' };
    case 'status':
      return meaningOfStatus(failure);
  }
}

export function meaningOfStatus(status: StatusFailure): Meaning {
  const { code, retryAfterSeconds } = status;
  const reason = status.message === '' ? `The server answered ${code} ${status.reason}`.trim() : status.message;
  // The cause ResourceVersionTooLarge comes with no code of its own; client-go falls back on these words too.
  if (/too large resource version/i.test(status.message)) return { means: 'too large', reason, retryAfterSeconds };
  switch (code) {
    case 400:
    case 422:
      return { means: 'invalid', reason };
    case 401:
      return { means: 'sign-in', reason };
    case 403:
      return { means: 'forbidden', reason };
    case 404:
      return { means: 'missing', reason };
    case 405:
      return { means: 'unsupported', reason };
    case 410:
      return { means: 'expired', reason };
    default:
      // A server that says when to come back is asked then, whatever its trouble is.
      if (code === 429 || retryAfterSeconds !== undefined)
        return { means: 'throttled', reason, retryAfterSeconds: retryAfterSeconds ?? 1 };
      return { means: 'server', reason };
  }
}
