import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where built binaries and running instances live: outside the checkout, so that every clone shares them. */
function cacheRoot(env: NodeJS.ProcessEnv = process.env): string {
  const own = env['K8S_MCP_CACHE_DIR'];
  if (own) return own;
  const xdg = env['XDG_CACHE_HOME'];
  return join(xdg || join(homedir(), '.cache'), 'k8s-mcp');
}

/** One folder per module and version below this one. */
export function binariesRoot(): string {
  return join(cacheRoot(), 'control-plane');
}

/** One folder per running control plane below this one. */
export function instancesRoot(): string {
  return join(cacheRoot(), 'control-plane', 'instances');
}
