/** Who a request comes from: a client certificate of our authority, a static token, a service account's token, or nobody. */
import type { Caller } from '../types.ts';
import type { ServiceAccountTokens } from './service-account-tokens.ts';

export interface Credentials {
  /** The `Authorization` header as sent. */
  authorization?: string;
  /** The subject of a client certificate that our authority signed and that is valid now. */
  certificate?: { commonName: string; organizations: readonly string[]; sha256?: string };
}

/** What says by which credential somebody signed in. */
const CREDENTIAL = 'authentication.kubernetes.io/credential-id';
const AUTHENTICATED = 'system:authenticated';
const ANONYMOUS: Caller = { user: 'system:anonymous', groups: ['system:unauthenticated'] };

/** Undefined, a 401, when what was shown is not valid; `system:anonymous` when nothing was. */
export function createAuthenticator(
  staticTokens: ReadonlyMap<string, Caller>,
  serviceAccounts: Pick<ServiceAccountTokens, 'verify'>,
): (credentials: Credentials) => Caller | undefined {
  return ({ authorization, certificate }) => {
    if (certificate !== undefined && certificate.commonName !== '')
      return {
        user: certificate.commonName,
        groups: [...certificate.organizations, AUTHENTICATED],
        ...(certificate.sha256 === undefined ? {} : { extra: { [CREDENTIAL]: [`X509SHA256=${certificate.sha256}`] } }),
      };
    if (authorization === undefined) return ANONYMOUS;
    const token = /^bearer +(\S+) *$/i.exec(authorization)?.[1];
    // Other schemes and an empty token are nobody's, as at the real server.
    if (token === undefined) return ANONYMOUS;
    const known = staticTokens.get(token);
    if (known !== undefined) return { ...known, groups: [...known.groups, AUTHENTICATED] };
    const account = serviceAccounts.verify(token);
    return account && serviceAccountCaller(account.namespace, account.name, account.uid);
  };
}

export function serviceAccountCaller(namespace: string, name: string, uid?: string): Caller {
  return {
    user: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, AUTHENTICATED],
    ...(uid === undefined ? {} : { uid }),
  };
}
