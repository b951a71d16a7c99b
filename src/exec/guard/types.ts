/** The guard listener's two sides: what a child asks, and what app composes to answer it. */
import type { Duplex } from 'node:stream';

/** One request of a child, credentials and listener path taken off. */
export interface GuardRequest {
  method: string;
  /** Path and query as the API server would see them. */
  path: string;
  /**
   * Lower-case names; `authorization`, `host`, `impersonate-*` and hop-by-hop ones are gone. `upgrade` and `connection` stay for
   * an upgrade. Repeated ones are joined by `, `.
   */
  headers: Readonly<Record<string, string>>;
  /** From the `impersonate-*` headers (`--as`): whom the child asks to act as. */
  impersonate?: GuardImpersonation;
  body: Uint8Array | undefined;
  /** Ends with the command and with the child's connection. */
  signal: AbortSignal;
}

export interface GuardImpersonation {
  user: string;
  uid?: string;
  groups: readonly string[];
  extra: Readonly<Record<string, readonly string[]>>;
}

export interface GuardResponse {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: AsyncIterable<Uint8Array>;
}

/** The server agreed to switch: bytes flow both ways from here on. Otherwise the plain answer that it gave instead. */
export type UpgradeOutcome =
  | { kind: 'switched'; headers: Readonly<Record<string, string>>; stream: Duplex }
  | { kind: 'refused'; response: GuardResponse };

/** One command's way to one cluster: policy, redaction and audit are inside. An AppError becomes a Status the tool can print. */
export interface GuardCall {
  forward(request: GuardRequest): Promise<GuardResponse>;
  upgrade(request: GuardRequest): Promise<UpgradeOutcome>;
  /** Whether the child may open a tunnel to this host (chart repositories); told of each attempt. */
  mayReach(host: string, port: number): boolean;
}

/** A command's access to the guard. Nothing of it works after `close`. */
export interface GuardTicket {
  /** `https://127.0.0.1:port/<handle>`: the same for every command of one handle, so that the tools' discovery caches stay warm. */
  server: string;
  /** PEM of the listener's own authority. */
  ca: string;
  /** Bearer token of this command. */
  token: string;
  /** For HTTP_PROXY and HTTPS_PROXY: refuses all that `mayReach` does not allow. Holds its own credentials. */
  proxy: string;
  close(): void;
}

export interface GuardListener {
  /** `handle`: lower-case letters, digits and dashes; stable for one cluster as one identity. */
  admit(handle: string, call: GuardCall): Promise<GuardTicket>;
  /** Ports that no caller's kubeconfig may point at. */
  ports(): readonly number[];
  close(): Promise<void>;
}
