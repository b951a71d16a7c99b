import type { ParsedCommand } from '../exec/types.ts';
import { isCallersContext } from '../kernel/callers-context.ts';
import { AppError } from '../kernel/errors.ts';

/**
 * What argocd may not do with a caller's own cluster. The operator's Argo CD is reached with the operator's token: a caller who brought
 * a cluster did not mean it. And what comes through a forwarded port the guard does not see: argocd would name files by it (app diff), and
 * take the sign-in programs of clusters from it.
 */
export function refuseCallersArgocd(
  { tool, gates }: Pick<ParsedCommand, 'tool' | 'gates'>,
  context: string | undefined,
  hasServer: boolean,
): void {
  if (tool !== 'argocd' || !isCallersContext(context)) return;
  if (hasServer) {
    throw new AppError(
      'command_refused',
      "argocd uses this server's own Argo CD, which a caller's kubeconfig cannot be used with.",
      { remedy: 'Leave the kubeconfig out, or use kubectl for the Application objects of that cluster.' },
    );
  }
  if (!gates.includes('exec')) return;
  throw new AppError(
    'command_refused',
    "This argocd command talks to parts of Argo CD through forwarded ports, which is not done with a caller's kubeconfig.",
    { remedy: 'Use `argocd app list`, `app get` and `app history`, or kubectl for the Application objects.' },
  );
}
