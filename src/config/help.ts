import type { Setting } from './setting.ts';
import { TABLE } from './table.ts';

const GROUPS = ['Cluster', 'Policy', 'Tools', 'Graph', 'Serving', 'Answers', 'Logging'] as const;

const HEAD = `k8s-mcp: a Kubernetes server for LLM agents (MCP) and for people (REST, shell).
Read-only until you open a gate.

Usage
  k8s-mcp [flags]                     MCP over stdio, as agents start it
  k8s-mcp serve [flags]               MCP (Streamable HTTP, SSE), REST and /docs on http://localhost:8766
  k8s-mcp tools [NAME]                list the tools, or show one's arguments
  k8s-mcp call NAME [--arg value]     run one tool; --json '{...}' gives all arguments at once
  k8s-mcp sandbox                     a Kubernetes API to try things on: run it alone, play incidents (sandbox --help)
  k8s-mcp serve --sandbox             the same server on the sandbox, which you may break
  k8s-mcp doctor                      what works, what is forbidden, what is missing
  k8s-mcp doctor --check-kubeconfig FILE   whether a server takes it with a request, and why not
  k8s-mcp --version | --help

Examples
  k8s-mcp call list_resources --kind deployments --namespace shop
  k8s-mcp call kubectl --command 'get pods -A | grep -v Running'
  k8s-mcp serve --enable-update --allowed-namespaces shop,web
  k8s-mcp --kubeconfig ~/prod.yaml --contexts 'prod-*'
`;

/** The text of --help, from the table. */
export function helpText(): string {
  const blocks = GROUPS.map((group) => `${group}\n${rowsOf(group).join('\n')}`);
  return `${HEAD}\n${blocks.join('\n\n')}\n\nFlags take one dash or two, '--flag value' or '--flag=value'; switches also '--no-flag'.\n`;
}

function rowsOf(group: string): string[] {
  const settings: Setting<unknown>[] = Object.values(TABLE);
  return settings.filter((setting) => setting.group === group).map(row);
}

function row(setting: Setting<unknown>): string {
  const name = `--${setting.flag}${setting.shape === '' ? '' : ` ${setting.shape}`}`;
  const facts = [
    setting.fallback === undefined || setting.fallback === false ? '' : `default ${String(setting.fallback)}`,
    setting.env.join(', '),
  ].filter((fact) => fact !== '');
  return `  ${name.padEnd(36)} ${setting.help}${facts.length > 0 ? ` (${facts.join('; ')})` : ''}`;
}
