import { apiRequest } from '../../kernel/api-request.ts';
import type { ApiRequest } from '../../kernel/vocabulary.ts';
import type { ApiResource } from '../../kube/types.ts';

interface Written {
  resource: Pick<ApiResource, 'group' | 'resource'>;
  namespace: string | undefined;
  name: string | undefined;
  /** A whole object or a patch. */
  body: unknown;
}

const SERVICE_ACCOUNTS = { group: '', version: 'v1', resource: 'serviceaccounts', namespaced: true };

/** The type `kubernetes.io/service-account-token` and the annotations that say whose token it is; `~1` is `/` in a JSON patch. */
const TOKEN_OF_ACCOUNT = /kubernetes\.io(?:\/|~1)service-account/;

/**
 * What writing these objects asks for besides the write itself. A Secret that names a service account is filled by the cluster
 * with a lasting token of that account, and a bootstrap token Secret is a login of the caller's own making: to write either
 * is to ask for a token, so policy is asked about that too.
 */
export function mintedTokens(written: readonly Written[], dryRun: boolean): ApiRequest[] {
  if (dryRun) return [];
  return written
    .filter(mintsToken)
    .map(({ namespace }) => apiRequest('create', SERVICE_ACCOUNTS, { namespace, subresource: 'token' }));
}

function mintsToken({ resource, namespace, name, body }: Written): boolean {
  if (resource.group !== '' || resource.resource !== 'secrets') return false;
  const isBootstrap = namespace === 'kube-system' && name?.startsWith('bootstrap-token-') === true;
  return isBootstrap || TOKEN_OF_ACCOUNT.test(JSON.stringify(headOf(body)));
}

/** All but the data of a Secret, which may hold any text. */
function headOf(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const { data: _, stringData: __, ...head } = body as Record<string, unknown>;
  return head;
}
