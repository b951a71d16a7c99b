/** The Status of a request that made nothing to show. */
import type { KubeObject } from '../../types.ts';

export function success(): KubeObject {
  // A Status has no metadata of an object; the answer is one all the same.
  const metadata = {} as KubeObject['metadata'];
  return { kind: 'Status', apiVersion: 'v1', metadata, status: 'Success', code: 201 };
}
