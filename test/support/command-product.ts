/** The product with the command line tools of this run, driven over REST. */
import { clis } from './clis.ts';
import { controlPlane } from './control-plane.ts';
import { type RunOptions, type Served, serve } from './product.ts';

export type CommandTool = 'kubectl' | 'helm' | 'istioctl' | 'argocd';

/** The answer to a command that ran, or the problem of one that did not. */
export interface CommandAnswer {
  /** 200 for all that ran, whatever came of it. */
  status: number;
  success: boolean;
  output: string;
  error: string | null;
  exit_code: number;
  truncated?: boolean;
  changed?: string[];
  /** Why policy refused part of it; of a problem its code. */
  reason?: string;
  hint?: string;
  /** Of a problem. */
  code?: string;
  detail?: string;
  remedy?: string;
  plan?: { title: string; effects: string[]; confirm: string };
}

export interface CommandProduct extends Served {
  /** POST /tools/<tool>. */
  run(
    tool: CommandTool,
    command: string,
    args?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<CommandAnswer>;
}

/** What a product process needs to find the tools of this run. */
export function toolPaths(): Record<string, string> {
  const { kubectl, helm, istioctl, argocd } = clis();
  return {
    K8S_MCP_KUBECTL_PATH: kubectl,
    K8S_MCP_HELM_PATH: helm,
    K8S_MCP_ISTIOCTL_PATH: istioctl,
    K8S_MCP_ARGOCD_PATH: argocd,
  };
}

/** `k8s-mcp serve` on the test cluster with the real tools; ended after the test file. */
export async function commandProduct({ args = [], env = {}, kubeconfig }: RunOptions = {}): Promise<CommandProduct> {
  const served = await serve({
    kubeconfig: kubeconfig ?? controlPlane().kubeconfig,
    args: ['--allow-unauthenticated-writes', ...args],
    env: { ...toolPaths(), ...env },
  });
  return {
    ...served,
    async run(tool, command, input = {}, headers = {}) {
      const response = await fetch(`${served.url}/tools/${tool}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ command, ...input }),
      });
      return { ...((await response.json()) as Omit<CommandAnswer, 'status'>), status: response.status };
    },
  };
}
