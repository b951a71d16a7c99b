import { isAbsolute } from 'node:path';
import { expandHome, type HostEnv } from '../config/host-env.ts';
import type { Settings } from '../config/table.ts';
import type { CliTool } from '../exec/types.ts';
import { AppError } from '../kernel/errors.ts';

/** Where the operator says that the tools are. Throws for a path that is not absolute. */
export function programPaths(settings: Settings, { home }: HostEnv): Partial<Record<CliTool, string>> {
  const { kubectlPath, helmPath, istioctlPath, argocdPath } = settings;
  const given = { kubectl: kubectlPath, helm: helmPath, istioctl: istioctlPath, argocd: argocdPath };
  const paths: Partial<Record<CliTool, string>> = {};
  for (const [tool, path] of Object.entries(given) as [CliTool, string | undefined][]) {
    if (path === undefined) continue;
    const expanded = expandHome(path, home);
    if (!isAbsolute(expanded)) {
      throw new AppError('invalid_argument', `--${tool}-path is not an absolute path.`, {
        problems: [{ field: `--${tool}-path`, problem: 'must be the absolute path of the program' }],
      });
    }
    paths[tool] = expanded;
  }
  return paths;
}
