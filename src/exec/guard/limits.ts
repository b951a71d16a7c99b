/** What one child may ask of the listener. */
export interface GuardLimits {
  /** Of a request, decoded. API servers take 3 MiB; helm's release Secrets with their charts stay below. */
  bodyBytes: number;
  bodyTimeoutMs: number;
  headerBytes: number;
  /** For the handshake, then for the headers of a request, then for a ticket to be shown. */
  headersTimeoutMs: number;
  /** How often the above is looked at for HTTP/1.1. */
  checkIntervalMs: number;
  connectionsPerTicket: number;
  requestsPerTicket: number;
}

export const LIMITS: GuardLimits = {
  bodyBytes: 16 * 1024 * 1024,
  bodyTimeoutMs: 60_000,
  headerBytes: 32 * 1024,
  headersTimeoutMs: 10_000,
  checkIntervalMs: 5_000,
  connectionsPerTicket: 64,
  requestsPerTicket: 128,
};
