/** A certificate that pods mount is gone. */
import type { Incident } from '../../worlds/types.ts';
import { losePod, missing, secret, thenBreak } from './kit.ts';

export const TLS_SECRET_MISSING: Incident = {
  name: 'tls-secret-missing',
  title: 'the TLS Secret that gateway mounts is deleted, and one of its pods is replaced',
  symptom: 'a pod stays in ContainerCreating; event FailedMount: secret "gateway-tls" not found',
  root: { resource: 'secret', namespace: 'shop', name: 'gateway-tls' },
  look: ['get', 'events', '-n', 'shop', '--field-selector', 'reason=FailedMount'],
  ...thenBreak(missing(secret('shop', 'gateway-tls')), losePod('shop', 'gateway')),
};
