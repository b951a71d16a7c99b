import { AppError } from '../../kernel/errors.ts';

/** What one way of authenticating adds to a connection. */
export interface Piece {
  authorization?: string;
  /** PEM. */
  clientCertificate?: { cert: string; key: string };
}

/** One way of authenticating. Both methods are single-flight and bounded in time; neither knows who waits for it. */
export interface Ingredient {
  current(): Promise<Piece>;
  /** After a 401: gets a new piece where that is possible, for the next `current`. */
  renew(): Promise<void>;
}

/** An ingredient that never changes. */
export function constant(piece: Piece): Ingredient {
  return { current: async () => piece, renew: async () => undefined };
}

/** The header for a bearer token; `origin` names where a malformed one came from. */
export function bearer(token: string, origin: string): string {
  if (token === '' || !/^[\x21-\x7e]+$/.test(token)) {
    throw new AppError(
      'credentials_failed',
      `The token from ${origin} is empty or holds characters that a header cannot carry.`,
      {
        remedy: 'Put a single token there, without blanks or line breaks inside.',
      },
    );
  }
  return `Bearer ${token}`;
}
