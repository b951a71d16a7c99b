import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface Contender {
  name: string;
  command: string;
  args: readonly string[];
  /** The same with every change allowed: for the cost of the whole tool list. */
  writeArgs: readonly string[];
  /** Arguments that list pods: of one namespace, and of all. */
  listPods(namespace: string | undefined): { name: string; arguments: Record<string, unknown> };
}

const VERSIONS = { 'kubernetes-mcp-server': '0.0.67', 'mcp-server-kubernetes': '4.1.7' };

/** The folder that holds the installed rivals, outside the checkout. */
function rivalsFolder(): string {
  const cache =
    process.env['K8S_MCP_CACHE_DIR'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'k8s-mcp');
  return join(cache, 'bench-rivals');
}

function install(): string {
  const folder = rivalsFolder();
  const wanted = JSON.stringify({ private: true, dependencies: VERSIONS });
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest) || readFileSync(manifest, 'utf8') !== wanted || !existsSync(join(folder, 'node_modules'))) {
    process.stderr.write('bench: installing the rivals from the package registry ...\n');
    mkdirSync(folder, { recursive: true });
    writeFileSync(manifest, wanted);
    const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', '--no-save'], {
      cwd: folder,
      stdio: ['ignore', 2, 2],
    });
    if (status !== 0) throw new Error('the rivals could not be installed');
    writeFileSync(manifest, wanted);
  }
  return join(folder, 'node_modules', '.bin');
}

/** k8s-mcp from dist/, then the two rivals, as an agent's host would start them. */
export function contenders(root: string, kubeconfig: string): Contender[] {
  const bin = install();
  const main = join(root, 'dist', 'main.js');
  const flux = join(bin, '..', 'mcp-server-kubernetes', 'dist', 'index.js');
  return [
    {
      name: 'k8s-mcp',
      command: process.execPath,
      args: [main, '--kubeconfig', kubeconfig],
      writeArgs: [main, '--kubeconfig', kubeconfig, '--enable-create', '--enable-update', '--enable-delete'],
      listPods: (namespace) => ({ name: 'k8s-get-pods', arguments: { namespace: namespace ?? 'all' } }),
    },
    {
      name: 'kubernetes-mcp-server (Go)',
      command: join(bin, 'kubernetes-mcp-server'),
      args: ['--read-only', '--kubeconfig', kubeconfig],
      writeArgs: ['--kubeconfig', kubeconfig],
      listPods: (namespace) =>
        namespace === undefined
          ? { name: 'pods_list', arguments: {} }
          : { name: 'pods_list_in_namespace', arguments: { namespace } },
    },
    {
      name: 'mcp-server-kubernetes (TS)',
      command: process.execPath,
      args: [flux],
      writeArgs: [flux],
      listPods: (namespace) => ({
        name: 'kubectl_get',
        arguments: { resourceType: 'pods', ...(namespace === undefined ? { allNamespaces: true } : { namespace }) },
      }),
    },
  ];
}

/** The folder of the client library that the TypeScript rival brings. */
export function clientNode(): string {
  return join(install(), '..', '@kubernetes', 'client-node');
}
