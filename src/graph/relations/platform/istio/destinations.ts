/** Where the routes of a VirtualService lead. */
import { fieldPath } from '../../field-path.ts';

export const DESTINATIONS = [
  'spec.http[].route[].destination',
  'spec.tls[].route[].destination',
  'spec.tcp[].route[].destination',
].map(fieldPath);

/** Copies of requests: nobody waits for their answers. */
export const MIRRORS = ['spec.http[].mirror', 'spec.http[].mirrors[].destination'].map(fieldPath);
