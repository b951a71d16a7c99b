import type { GuardResponse } from '../exec/guard/types.ts';
import type { CliTool } from '../exec/types.ts';
import type { ApiRequest } from '../kernel/vocabulary.ts';
import { isSecret } from '../policy/transit/body.ts';
import { bytesOf } from './guard-status.ts';

/** The label of Secrets that hold kubeconfigs of the other clusters of a mesh. */
const REMOTE_CLUSTER = 'istio/multiCluster';

/**
 * Whether istioctl asks for the kubeconfigs of other clusters: it would run the programs that they name, read their files and connect to
 * their servers, past the guard. Redaction takes their content away; that there are none is simpler, and does not end the analysis.
 */
export function asksForKubeconfigs(tool: CliTool, api: ApiRequest, path: string): boolean {
  if (tool !== 'istioctl' || api.type === 'nonResource' || !isSecret(api)) return false;
  const selector = new URLSearchParams(path.split('?', 2)[1] ?? '').get('labelSelector');
  return api.verb === 'list' && selector?.includes(REMOTE_CLUSTER) === true;
}

export function noSecrets(): GuardResponse {
  const body = Buffer.from('{"kind":"SecretList","apiVersion":"v1","metadata":{},"items":[]}\n');
  return { status: 200, headers: { 'content-type': 'application/json' }, body: bytesOf(body) };
}
