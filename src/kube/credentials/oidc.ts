import { AppError } from '../../kernel/errors.ts';
import { createExpiring, type Fetched } from './expiring.ts';
import type { CredentialHost } from './host.ts';
import { bearer, type Ingredient } from './ingredient.ts';
import { type OidcClient, refreshIdToken } from './oidc-refresh.ts';

/**
 * The auth-provider `oidc`: the stored id-token until it expires, then refreshed ones.
 * A refreshed token is kept in memory only: the kubeconfig is the operator's, we never write to it.
 */
export function oidc(user: string, config: Readonly<Record<string, string>>, host: CredentialHost): Ingredient {
  const origin = `the OIDC sign-in of user "${user}"`;
  let stored = config['id-token'];
  let refreshToken = config['refresh-token'];
  const client: OidcClient = {
    issuer: config['idp-issuer-url'] ?? '',
    clientId: config['client-id'] ?? '',
    clientSecret: config['client-secret'],
    caFile: config['idp-certificate-authority'],
    caData: config['idp-certificate-authority-data'],
    origin,
    env: host.env,
    signal: host.shutdown,
  };

  const fetch = async (): Promise<Fetched> => {
    const first = stored;
    stored = undefined;
    if (first !== undefined) {
      const fetched = withExpiry(first, origin);
      if (!refreshToken || fetched.expiresAt === undefined || fetched.expiresAt - EXPIRY_SLACK_MS > host.clock.now()) {
        refuseExpired(fetched, host.clock.now(), origin);
        return fetched;
      }
    }
    if (!refreshToken) throw signInAgain(origin);
    const answer = await refreshIdToken(client, refreshToken);
    refreshToken = answer.refreshToken ?? refreshToken;
    return withExpiry(answer.idToken, origin);
  };
  const expiring = createExpiring(fetch, host.clock);
  return {
    current: expiring.current,
    // Without a refresh token a 401 changes nothing.
    renew: async () => (refreshToken ? expiring.renew() : undefined),
  };
}

/** As client-go: a token this close to its end is not used any more. */
const EXPIRY_SLACK_MS = 10_000;

function withExpiry(idToken: string, origin: string): Fetched {
  const expiresAt = expiryOf(idToken);
  return { piece: { authorization: bearer(idToken, origin) }, ...(expiresAt === undefined ? {} : { expiresAt }) };
}

/** The `exp` claim in ms. Only the API server verifies the token; this is about when to ask for a new one. */
function expiryOf(jwt: string): number | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8'));
    if (typeof claims !== 'object' || claims === null || !('exp' in claims)) return undefined;
    return typeof claims.exp === 'number' ? claims.exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}

function refuseExpired({ expiresAt }: Fetched, now: number, origin: string): void {
  if (expiresAt !== undefined && expiresAt <= now) throw signInAgain(origin);
}

function signInAgain(origin: string): AppError {
  return new AppError(
    'credentials_failed',
    `The id-token of ${origin} has expired and the kubeconfig has no refresh-token.`,
    {
      remedy:
        'Sign in again with the tool that wrote this user, or configure an exec plugin such as `kubectl oidc-login`.',
    },
  );
}
