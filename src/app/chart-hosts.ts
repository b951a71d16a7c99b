import { type HostPattern, matchesHost, parseHostPattern } from '../kernel/address.ts';
import { AppError } from '../kernel/errors.ts';

/** K8S_MCP_HELM_REPO_ALLOW as patterns. Throws for an item that is no host. */
export function chartHosts(texts: readonly string[]): HostPattern[] {
  return texts.map((text) => {
    const pattern = parseHostPattern(text);
    if (pattern !== undefined) return pattern;
    throw new AppError('invalid_argument', `--helm-repo-allow: ${JSON.stringify(text.slice(0, 80))} is no host.`, {
      problems: [{ field: '--helm-repo-allow', problem: 'must be hosts or *.domains, with commas between them' }],
    });
  });
}

/** Refuses a command that names a chart of another host. The proxy refuses the connection too; here the caller is told before. */
export function requireChartHosts(hosts: readonly string[], allowed: readonly HostPattern[]): void {
  // A port is part of some patterns and of no name here: it is the proxy's to judge.
  const isAllowed = (host: string) =>
    allowed.some((pattern) =>
      matchesHost(pattern.kind === 'network' ? pattern : { ...pattern, port: undefined }, { host }),
    );
  const refused = hosts.filter((host) => !isAllowed(host));
  if (refused.length === 0) return;
  throw new AppError('command_refused', `Charts are not fetched from ${refused.join(', ')} here.`, {
    remedy:
      'Send the chart in `files` (its folder, or a .tgz as base64), or have the operator allow the host (K8S_MCP_HELM_REPO_ALLOW).',
  });
}
