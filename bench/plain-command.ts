import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Where commands are measured. */
export interface CommandBench {
  root: string;
  kubeconfig: string;
  /** Absolute paths. */
  kubectl: string;
  helm: string;
}

/** For our server: the same programs. */
export function toolPaths({ kubectl, helm }: CommandBench): Record<string, string> {
  return { K8S_MCP_KUBECTL_PATH: kubectl, K8S_MCP_HELM_PATH: helm };
}

/** The tools as a person runs them: a home of their own with warm caches, nothing else from the environment. */
export interface PlainTools {
  /** What the command prints; throws where it fails. */
  run(file: string, args: readonly string[]): Promise<string>;
  /** As above, from an empty home. */
  runCold(file: string, args: readonly string[]): Promise<string>;
  /** Through bash, for pipes. */
  shell(line: string): Promise<string>;
  remove(): void;
}

/** `folders` are those of the tools. */
export function plainTools(kubeconfig: string, folders: readonly string[]): PlainTools {
  const root = mkdtempSync(join(tmpdir(), 'k8s-mcp-bench-plain-'));
  const path = [...folders, '/usr/bin', '/bin'].join(delimiter);
  let homes = 0;
  const newHome = (): Record<string, string> => {
    const home = join(root, `${homes++}`);
    mkdirSync(join(home, '.kube'), { recursive: true });
    copyFileSync(kubeconfig, join(home, '.kube', 'config'));
    return { HOME: home, KUBECONFIG: join(home, '.kube', 'config'), PATH: path };
  };
  const warm = newHome();
  return {
    run: (file, args) => run(file, args, warm),
    runCold: (file, args) => run(file, args, newHome()),
    shell: (line) => run('/bin/bash', ['-o', 'pipefail', '-c', line], warm),
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 3 }),
  };
}

function run(file: string, args: readonly string[], env: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(Buffer.concat(chunks).toString());
      else reject(new Error(`${file} ${args.join(' ')} ends with ${code}: ${said.slice(0, 500)}`));
    });
  });
}
