import type { Settings } from '../config/table.ts';
import type { KubeconfigState } from '../kube/kubeconfig/store.ts';
import { gatesOf } from './rules.ts';
import type { RunningSandbox } from './sandbox.ts';
import type { Token } from './serve-files.ts';
import { buildInfo } from './version.ts';

interface Facts {
  url: string;
  settings: Settings;
  state: KubeconfigState;
  token: Token;
  tools: number;
  sandbox: RunningSandbox | undefined;
}

/** What `serve` says when it is up: where it listens, which cluster, what it may change. To stderr. */
export function banner({ url, settings, state, token, tools, sandbox }: Facts): string {
  const rows: [string, string][] = [
    ['MCP', `${url}${settings.endpointPath}   SSE ${url}/sse`],
    ['REST', `${url}/tools   docs ${url}/docs   health ${url}/health`],
    ['cluster', clusterLine(state, settings)],
    ['gates', gatesLine(settings)],
    ['tools', `${tools}`],
  ];
  if (settings.securityMode === 'permissive')
    rows.push(['WARNING', 'security mode permissive: kubectl, helm, istioctl and argocd write without the gates']);
  if (token?.generated === true)
    rows.push(['token', `${token.value}   (send: Authorization: Bearer <token>; shown once)`]);
  if (sandbox !== undefined) rows.splice(2, 1, ...sandboxRows(sandbox));
  const lines = rows.map(([name, value]) => `  ${name.padEnd(8)} ${value}`);
  const missing = state.kind === 'none' ? NO_CLUSTER : '';
  return `k8s-mcp is listening on ${url}\n${lines.join('\n')}\n${missing}${sandbox === undefined ? '' : nextSteps(url, token)}  Stop with Ctrl-C.\n`;
}

function sandboxRows({ summary, kubeconfig, attached }: RunningSandbox): [string, string][] {
  return [
    [
      'cluster',
      `the sandbox: ${summary}${attached ? '; another server or terminal started it, and it ends with that' : ''}`,
    ],
    ['kubectl', `kubectl --kubeconfig ${kubeconfig} get pods -A`],
  ];
}

/** What somebody who has just started it types next. */
function nextSteps(url: string, token: Token): string {
  const key = token === undefined ? '' : ` -H 'Authorization: Bearer ${token.value}'`;
  const command = buildInfo().commit === 'checkout' ? 'npm run sandbox --' : 'npx k8s-mcp sandbox';
  return `
  Nothing here is real, so break it. Try next
    curl -s ${url}/tools/k8s-get-pods${key} -H 'content-type: application/json' -d '{"namespace": "all"}'
    ${command} incidents        then: ${command} break NAME, look for it, and heal it
  For a cluster of yours set one of --kubeconfig <path>, KUBECONFIG_PATH, KUBECONFIG, or create ~/.kube/config.
`;
}

const NO_CLUSTER = `
  No cluster is configured: the handshake, the tool list and /docs work, calls do not. Set one of
    --kubeconfig <path>   KUBECONFIG_PATH   KUBECONFIG   or create ~/.kube/config
  and start again, or start with --sandbox for one of our own to try things on.
`;

function clusterLine(state: KubeconfigState, settings: Settings): string {
  if (state.kind !== 'loaded') return 'none';
  const current = settings.context ?? state.currentContext ?? '(no current context)';
  const others = state.contexts.length - 1;
  return `${current}${others > 0 ? ` and ${others} more contexts` : ''}`;
}

function gatesLine(settings: Settings): string {
  const open = Object.entries(gatesOf(settings)).filter(([, isOpen]) => isOpen);
  const writes = open.map(([name]) => name).filter((name) => name !== 'list');
  return writes.length === 0 ? 'read-only' : `open: ${writes.join(', ')}`;
}
