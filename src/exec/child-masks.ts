import { OTHER_CONTEXTS_PATH } from './child-kubeconfig.ts';
import type { Masks } from './child-output.ts';
import type { GuardTicket } from './guard/types.ts';
import type { CallFolder } from './workspace.ts';

/**
 * What a tool may say of its surroundings, and what it would have said without us: the guard's address is the cluster's, our
 * folders are the caller's own. Credentials of the command are for nobody.
 */
export function masksOf(ticket: GuardTicket, folder: CallFolder, realServer: string): Masks {
  const guard = new URL(ticket.server);
  const real = new URL(realServer);
  const proxy = new URL(ticket.proxy);
  const { work, home, tmp, root, cache, empty, kubeconfig } = folder;
  return [
    [ticket.token, '<command token>'],
    [ticket.proxy, '<egress proxy>'],
    [ticket.server, realServer.replace(/\/$/, '')],
    [`${guard.origin}${OTHER_CONTEXTS_PATH}`, 'https://server-of-another-context'],
    [guard.origin, real.origin],
    // As Go names an address it cannot connect to.
    [guard.host, real.port === '' ? `${real.hostname}:${real.protocol === 'http:' ? 80 : 443}` : real.host],
    ...(proxy.password === '' ? [] : [[proxy.password, '<proxy password>'] as const]),
    [proxy.host, '<egress proxy>'],
    [`${work}/`, ''],
    [work, '.'],
    [kubeconfig, '~/.kube/config'],
    [home, '~'],
    [tmp, '/tmp'],
    [cache, '~/.cache'],
    [empty, '/nonexistent'],
    [root, '~'],
  ];
}
