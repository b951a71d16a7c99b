import { createHash } from 'node:crypto';
import { AppError } from '../../kernel/errors.ts';

/** Where the next answer starts. Everything in it is checked on the way in: a caller may send anything. */
export interface Position {
  /** The namespace being read, where a query is one list per namespace. */
  namespace?: string;
  /** The server's token of the page to read; absent: the first page. */
  server?: string;
  /** The version of the first page, so that it is read again as it was. */
  version?: string;
  /** Rows of that page that were already given. */
  skip: number;
}

/** A short fingerprint of the arguments a token belongs to. */
export function queryHash(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 8);
}

/** The token a caller sends back as `continue`. */
export function encodePosition(position: Position, hash: string): string {
  const { namespace, server, version, skip } = position;
  return Buffer.from(JSON.stringify({ q: hash, n: namespace, c: server, v: version, s: skip || undefined })).toString(
    'base64url',
  );
}

/** The position in a token; throws `invalid_argument` for a token of other arguments or of no list. */
export function decodePosition(token: string, hash: string): Position {
  const parsed = parseToken(token);
  if (parsed === undefined) {
    throw new AppError('invalid_argument', 'continue: this is not a token that a list gave out.', {
      remedy: 'Send the token exactly as the last answer gave it, or leave it out to start over.',
    });
  }
  if (parsed['q'] !== hash) {
    throw new AppError('invalid_argument', 'continue: this token belongs to a list with other arguments.', {
      remedy: 'Repeat all other arguments of the call that gave it, or leave continue out to start over.',
    });
  }
  const { n, c, v, s } = parsed;
  return {
    skip: typeof s === 'number' && Number.isSafeInteger(s) && s > 0 ? s : 0,
    ...(typeof n === 'string' ? { namespace: n } : {}),
    ...(typeof c === 'string' ? { server: c } : {}),
    ...(typeof v === 'string' ? { version: v } : {}),
  };
}

function parseToken(token: string): Record<string, unknown> | undefined {
  if (token.length > 8192 || !/^[A-Za-z0-9_-]+$/.test(token)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
