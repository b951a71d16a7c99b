/** Whose certificate a connection showed. */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import type { DetailedPeerCertificate, PeerCertificate } from 'node:tls';
import { TLSSocket } from 'node:tls';

export type Peer =
  | { kind: 'none' }
  | { kind: 'certificate'; commonName: string; organizations: readonly string[]; sha256: string }
  /** One that our authority did not sign, or whose time is over. */
  | { kind: 'invalid' };

const known = new WeakMap<object, Peer>();

/** A connection's peer never changes, so that it is read once. */
export function peerOf(request: IncomingMessage | Http2ServerRequest): Peer {
  const key = 'stream' in request ? request.stream.session : request.socket;
  if (key === undefined) return { kind: 'none' };
  const before = known.get(key);
  if (before !== undefined) return before;
  const socket: unknown = 'stream' in request ? request.stream.session?.socket : request.socket;
  const peer = readPeer(socket);
  known.set(key, peer);
  return peer;
}

function readPeer(socket: unknown): Peer {
  // A session's socket is a proxy that answers `instanceof` for what it stands for.
  if (!(socket instanceof TLSSocket)) return { kind: 'none' };
  const certificate: PeerCertificate | DetailedPeerCertificate = socket.getPeerCertificate();
  if (certificate?.subject === undefined) return { kind: 'none' };
  if (!socket.authorized) return { kind: 'invalid' };
  // Repeated attributes come as arrays, whatever the type says.
  const { CN, O }: { CN?: string | string[]; O?: string | string[] } = certificate.subject;
  return {
    kind: 'certificate',
    commonName: listOf(CN).at(-1) ?? '',
    organizations: listOf(O),
    sha256: createHash('sha256').update(certificate.raw).digest('hex'),
  };
}

function listOf(value: string | string[] | undefined): string[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
