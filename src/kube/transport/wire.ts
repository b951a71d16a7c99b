/** What HTTP/2 and HTTP/1.1 have in common for the layer above: one exchange on some connection. */
import type { Readable } from 'node:stream';

export type WireHeaders = Readonly<Record<string, string | string[]>>;

export interface WireRequest {
  method: string;
  /** Path and query on the server, its base path included. */
  path: string;
  headers: WireHeaders;
  body: Uint8Array | undefined;
  /** Ends the exchange at once, its answer's body included. Its reason is the error that everyone sees. */
  signal: AbortSignal;
  /** Called when the request has a connection: from now on silence is the server's. */
  onSent(): void;
}

export interface WireResponse {
  status: number;
  headers: Readonly<Record<string, string>>;
  /** Undecoded. */
  body: Readable;
  /** After the body has ended: whether it ended before the server said so. */
  truncated(): boolean;
}

export interface Wire {
  exchange(request: WireRequest): Promise<WireResponse>;
  /** Takes no new requests; connections end with their last one. */
  retire(): void;
  /** Ends everything at once. */
  destroy(): void;
}

/** The connection died before the first byte of an answer. */
export class DeadConnection extends Error {
  override readonly name = 'DeadConnection';
  /** True where the protocol says that the server did not look at the request: it may be repeated whatever its method. */
  readonly unprocessed: boolean;

  constructor(unprocessed: boolean, cause: unknown) {
    super('the connection died before an answer', { cause });
    this.unprocessed = unprocessed;
  }
}

/** Header values as one string each, the way fetch joins them. */
export function joinedHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !name.startsWith(':'))
      joined[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return joined;
}
