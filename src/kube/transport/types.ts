import type { Duplex } from 'node:stream';
import type { ApiRequest, Decision } from '../../kernel/vocabulary.ts';
import type { Impersonation } from '../connection.ts';

/** Whose call a request belongs to. The guard asks it about every request, whoever sends it. */
export interface CallScope {
  /** Policy's answer; a refused request is never sent. */
  decide(request: ApiRequest): Decision;
  /** True where the caller may act as someone else (the escalation gate). Default false. */
  mayImpersonate?: boolean;
}

export interface TransportRequest {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query as sent, starting with '/'. Percent-encoded by the caller. */
  path: string;
  /** Lower-case names. Authorization and impersonation are added by the transport and refused here. */
  headers?: Readonly<Record<string, string>>;
  body?: string | Uint8Array;
  /** Whom the caller asks to act as. Refused without `scope.mayImpersonate`, and on a connection that impersonates already. */
  impersonate?: Impersonation;
  scope: CallScope;
  signal: AbortSignal;
  /** Cap on the answer's decoded bytes for `json`/`text`; default 64 MiB. Beyond it: AppError `too_large`. */
  maxBytes?: number;
  /** No bytes for this long ends the request with `deadline_exceeded`; default 30_000 ms. */
  idleTimeoutMs?: number;
  /** Asks for the answer as it is, not packed: where something on the way damages packed ones. */
  unpacked?: true;
}

export interface TransportResponse {
  status: number;
  headers: Readonly<Record<string, string>>;
  /** Decoded (gunzipped) bytes. Breaking out of the loop cancels the request. */
  body: AsyncIterable<Uint8Array>;
}

/** As TransportRequest without a body; its headers are to hold `connection: Upgrade` and `upgrade: SPDY/3.1` or `websocket`. */
export type UpgradeRequest = Omit<TransportRequest, 'body' | 'maxBytes'>;

/** The server agreed to switch protocols: raw bytes both ways, until either side ends or the request's signal aborts. Or its plain answer. */
export type TransportUpgrade =
  | { kind: 'switched'; headers: Readonly<Record<string, string>>; stream: Duplex }
  | { kind: 'refused'; response: TransportResponse };

export interface Transport {
  /** Sends and returns the answer whatever its status, after one retry on 401 (fresh credentials) and bounded ones on 429/503 with Retry-After. */
  send(request: TransportRequest): Promise<TransportResponse>;
  /** As `send`, for statuses below 300; any other becomes the typed AppError of its cause. */
  text(request: TransportRequest): Promise<string>;
  json(request: TransportRequest): Promise<unknown>;
  /** Over a connection of its own, by HTTP/1.1: exec, attach, port-forward. Credentials, guard and repeats as for `send`. */
  upgrade(request: UpgradeRequest): Promise<TransportUpgrade>;
  close(): Promise<void>;
}
