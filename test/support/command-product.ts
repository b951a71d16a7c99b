/** The product with the command line tools of this run, driven over REST. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clis } from './clis.ts';
import { controlPlane } from './control-plane.ts';
import { settled } from './process-watch.ts';
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
  plan?: { title: string; effects: string[]; token: string };
}

export interface CommandProduct extends Served {
  /** POST /tools/<tool>. */
  run(
    tool: CommandTool,
    command: string,
    args?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<CommandAnswer>;
  /** Any tool, with the whole HTTP answer. Rejects where `signal` aborts. */
  call(
    tool: string,
    args: Record<string, unknown>,
    how?: { headers?: Record<string, string>; signal?: AbortSignal },
  ): Promise<RestAnswer>;
}

export interface RestAnswer {
  status: number;
  headers: Headers;
  body: unknown;
}

/** A line of audit.log: a call, a request that a command made for one, or a refusal. */
// biome-ignore lint/suspicious/noExplicitAny: what it holds is what tests are about
export type AuditRecord = Record<string, any>;

/** What is in audit.log once it has what is `wanted`: it is written after the answer, in the order of what happened. */
export async function audited(
  { logDir }: Pick<Served, 'logDir'>,
  wanted: (records: AuditRecord[]) => boolean,
): Promise<AuditRecord[]> {
  const file = join(logDir, 'audit.log');
  const read = () => {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    // What stands behind the last end of a line is not whole.
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as AuditRecord);
  };
  return settled(read, wanted);
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

/** For `shell` and `stdioClient`: the test cluster and the tools. */
export function commandOptions({ env = {}, ...options }: RunOptions = {}): RunOptions {
  return { kubeconfig: controlPlane().kubeconfig, ...options, env: { ...toolPaths(), ...env } };
}

/** `k8s-mcp serve` on the test cluster with the real tools; ended after the test file. */
export async function commandProduct({ args = [], ...options }: RunOptions = {}): Promise<CommandProduct> {
  const served = await serve(commandOptions({ ...options, args: ['--allow-unauthenticated-writes', ...args] }));
  const call: CommandProduct['call'] = async (tool, input, { headers = {}, signal } = {}) => {
    const response = await fetch(`${served.url}/tools/${tool}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(input),
      ...(signal === undefined ? {} : { signal }),
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  return {
    ...served,
    call,
    async run(tool, command, input = {}, headers = {}) {
      const { status, body } = await call(tool, { command, ...input }, { headers });
      return { ...(body as Omit<CommandAnswer, 'status'>), status };
    },
  };
}
