import { readFileSync } from 'node:fs';

declare const K8S_MCP_BUILD: { version: string; commit: string; date: string } | undefined;

/** Name and version as every surface states them. The bundle has them inlined; a checkout reads package.json. */
export function buildInfo(): { name: string; version: string; commit: string; date: string } {
  if (typeof K8S_MCP_BUILD !== 'undefined') return { name: 'k8s-mcp', ...K8S_MCP_BUILD };
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  return { name: 'k8s-mcp', version, commit: 'checkout', date: 'unreleased' };
}
