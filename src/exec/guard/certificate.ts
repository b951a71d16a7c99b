/** The listener's certificate: an authority of its own, made anew with each run and long before it expires. */

import { type Certificate, createAuthority, issueCertificate } from '../../kernel/certificates/x509.ts';
import type { Clock } from '../../kernel/clock.ts';

const DAY_MS = 24 * 3_600_000;
const VALID_MS = 30 * DAY_MS;
/** From here on new tickets trust the next authority too. */
const ANNOUNCE_MS = 10 * DAY_MS;
/** From here on the next one serves. No command runs for a day: whoever still runs has been told of it. */
const SWITCH_MS = DAY_MS;

interface Generation {
  /** PEM of the authority. */
  ca: string;
  server: Certificate;
  expires: number;
}

export interface GuardIdentity {
  /** PEM of all authorities that the listener may show within a command's time. */
  ca: string;
  server: Certificate;
}

/** The identity to serve now. `onChange` is told of the certificate that serves from now on, the first one excepted. */
export function createIdentities(
  clock: Pick<Clock, 'now'>,
  onChange: (server: Certificate) => void,
): () => GuardIdentity {
  let current = generate(clock.now());
  let next: Generation | undefined;
  return () => {
    const left = current.expires - clock.now();
    if (left < ANNOUNCE_MS) next ??= generate(clock.now());
    if (left < SWITCH_MS && next !== undefined) {
      current = next;
      next = undefined;
      onChange(current.server);
    }
    return { ca: current.ca + (next?.ca ?? ''), server: current.server };
  };
}

/** The authority's key is not kept: nobody can make another certificate that a child would trust. */
function generate(now: number): Generation {
  const validity = { now, validMs: VALID_MS };
  const authority = createAuthority('k8s-mcp guard authority', validity);
  const server = issueCertificate(authority, {
    subject: { commonName: 'k8s-mcp guard' },
    usage: 'server',
    hosts: ['127.0.0.1'],
    ...validity,
  });
  return { ca: authority.cert, server, expires: now + VALID_MS };
}
