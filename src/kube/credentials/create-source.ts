import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { CredentialSource } from '../connection.ts';
import type { UserEntry } from '../kubeconfig/types.ts';
import { combineIngredients } from './combined-source.ts';
import type { ExecCluster } from './exec-credential.ts';
import { execPlugin } from './exec-plugin.ts';
import { createExpiring } from './expiring.ts';
import { clientCertificate, tokenFile } from './file-ingredients.ts';
import type { CredentialHost } from './host.ts';
import { bearer, constant, type Ingredient } from './ingredient.ts';
import { oidc } from './oidc.ts';

/** What a user entry says about authentication, as one source. `cluster` is for exec plugins that ask for it. Throws for entries that contradict themselves. */
export function createCredentialSource(
  user: UserEntry | undefined,
  cluster: () => Promise<ExecCluster>,
  host: CredentialHost,
): CredentialSource {
  if (user === undefined) return combineIngredients([]);
  const fetched = provided(user, cluster, host);
  // As in client-go, a static token or password keeps a plugin from being asked; certificates are independent of both.
  const all = [certificate(user, host.clock), staticHeader(user, host.clock) ?? fetched];
  return combineIngredients(all.filter((ingredient) => ingredient !== undefined));
}

/** A pod's own identity. */
export function serviceAccountSource(tokenPath: string, clock: Clock): CredentialSource {
  return combineIngredients([tokenFile(tokenPath, undefined, clock)]);
}

function certificate(user: UserEntry, clock: Clock): Ingredient | undefined {
  const { clientCertificate: cert, clientKey: key } = user;
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) {
    throw contradiction(user, `has a client ${cert ? 'certificate without a key' : 'key without a certificate'}`);
  }
  return clientCertificate(cert, key, clock);
}

function staticHeader(user: UserEntry, clock: Clock): Ingredient | undefined {
  const hasToken = user.token !== undefined || user.tokenFile !== undefined;
  const hasBasic = user.username !== undefined || user.password !== undefined;
  if (hasToken && hasBasic) throw contradiction(user, 'has both a token and a password');
  if (user.tokenFile !== undefined) return tokenFile(user.tokenFile, user.token, clock);
  if (user.token !== undefined) return constant({ authorization: bearer(user.token.trim(), 'the kubeconfig') });
  if (!hasBasic) return undefined;
  const pair = Buffer.from(`${user.username ?? ''}:${user.password ?? ''}`).toString('base64');
  return constant({ authorization: `Basic ${pair}` });
}

function provided(user: UserEntry, cluster: () => Promise<ExecCluster>, host: CredentialHost): Ingredient | undefined {
  const { exec, authProvider } = user;
  if (exec !== undefined && authProvider !== undefined) throw contradiction(user, 'has both exec and auth-provider');
  if (exec !== undefined) return createExpiring(execPlugin(user.name, exec, cluster, host), host.clock);
  if (authProvider === undefined) return undefined;
  if (authProvider.name === 'oidc') return oidc(user.name, authProvider.config, host);
  throw new AppError(
    'credentials_failed',
    `User "${user.name}" uses the auth-provider "${authProvider.name}", which Kubernetes has removed.`,
    {
      remedy: 'Configure an exec plugin for this user (for instance gke-gcloud-auth-plugin or kubelogin).',
    },
  );
}

function contradiction(user: UserEntry, problem: string): AppError {
  return new AppError(
    'kubeconfig_invalid',
    `${user.origin.file}, line ${user.origin.line}: user "${user.name}" ${problem}.`,
    {
      remedy: 'Keep one complete way of authentication for that user.',
    },
  );
}
