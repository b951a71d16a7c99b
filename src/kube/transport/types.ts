import type { ApiRequest, Decision } from '../../kernel/vocabulary.ts';

/** Whose call a request belongs to. The guard asks it about every request, whoever sends it. */
export interface CallScope {
  /** Policy's answer; a refused request is never sent. */
  decide(request: ApiRequest): Decision;
}

export interface TransportRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query as sent, starting with '/'. Percent-encoded by the caller. */
  path: string;
  /** Lower-case names. Authorization and impersonation are added by the transport and refused here. */
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
  scope: CallScope;
  signal: AbortSignal;
  /** Cap on the answer's decoded bytes for `json`/`text`; default 64 MiB. Beyond it: AppError `too_large`. */
  maxBytes?: number;
  /** No bytes for this long ends the request with `deadline_exceeded`; default 30_000 ms. */
  idleTimeoutMs?: number;
}

export interface TransportResponse {
  status: number;
  headers: Readonly<Record<string, string>>;
  /** Decoded (gunzipped) bytes. Breaking out of the loop cancels the request. */
  body: AsyncIterable<Uint8Array>;
}

export interface Transport {
  /** Sends and returns the answer whatever its status, after one retry on 401 (fresh credentials) and bounded ones on 429/503 with Retry-After. */
  send(request: TransportRequest): Promise<TransportResponse>;
  /** As `send`, for statuses below 300; any other becomes the typed AppError of its cause. */
  text(request: TransportRequest): Promise<string>;
  json(request: TransportRequest): Promise<unknown>;
  close(): Promise<void>;
}
