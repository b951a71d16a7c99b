import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { buildMissing } from './build.ts';
import { binariesRoot } from './cache.ts';
import { executableIn } from './executables.ts';
import { type Tool, type WrapperModule, wrapperModules } from './modules.ts';

/** Where every program of the control plane is. */
export type Binaries = Readonly<Record<Tool, string>>;

/** The outcome of looking for the programs: all of them, or one sentence on why not and how to get them. */
export type BinariesResult =
  | { readonly kind: 'ready'; readonly binaries: Binaries }
  | { readonly kind: 'unavailable'; readonly reason: string };

export const HOW_TO_GET_THEM =
  'install Go >= 1.26, or set KUBEBUILDER_ASSETS to a folder with etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kubectl and kwok, or set K8S_MCP_TEST_KUBECONFIG to a disposable cluster';

/** Go refuses the wrapper modules below this version. */
const GO_MINOR = 26;
const VERSION_CALL_LIMIT_MS = 20_000;
const run = promisify(execFile);

/** Finds every program, building once what neither KUBEBUILDER_ASSETS, PATH nor the cache has. */
export async function resolveBinaries(report: (line: string) => void): Promise<BinariesResult> {
  const found: Partial<Record<Tool, string>> = {};
  for (const module of wrapperModules()) {
    const problem = await resolveModule(module, programsOf(module), found, report);
    if (problem !== undefined) return { kind: 'unavailable', reason: problem };
  }
  return { kind: 'ready', binaries: complete(found) };
}

/** Finds kubectl alone: a cluster from elsewhere needs nothing more. */
export async function resolveKubectl(report: (line: string) => void): Promise<string | undefined> {
  const found: Partial<Record<Tool, string>> = {};
  for (const module of wrapperModules()) {
    if (module.packages.kubectl !== undefined) await resolveModule(module, ['kubectl'], found, report);
  }
  return found.kubectl;
}

/** Fills `found`; the answer is what stands in the way, if anything does. */
async function resolveModule(
  module: WrapperModule,
  tools: readonly Tool[],
  found: Partial<Record<Tool, string>>,
  report: (line: string) => void,
): Promise<string | undefined> {
  const folder = cacheFolder(module);
  const missing: Tool[] = [];
  for (const tool of tools) {
    const path = (await findOnMachine(tool, module.version)) ?? executableIn(folder, tool);
    if (path === undefined) missing.push(tool);
    else found[tool] = path;
  }
  if (missing.length === 0) return undefined;
  const problem = await goProblem();
  if (problem !== undefined) return `${problem}; ${HOW_TO_GET_THEM}`;
  await buildMissing(module, missing, folder, report);
  for (const tool of missing) found[tool] = join(folder, tool);
  return undefined;
}

function programsOf(module: WrapperModule): readonly Tool[] {
  // Object.keys forgets the key type of a Record.
  return Object.keys(module.packages) as Tool[];
}

async function findOnMachine(tool: Tool, version: string): Promise<string | undefined> {
  const folders = [process.env['KUBEBUILDER_ASSETS'], ...(process.env['PATH'] ?? '').split(delimiter)];
  for (const folder of folders) {
    const path = folder ? executableIn(folder, tool) : undefined;
    if (path !== undefined && sameMinor(await versionOf(tool, path), version)) return path;
  }
  return undefined;
}

async function versionOf(tool: Tool, path: string): Promise<string> {
  const args = tool === 'kubectl' ? ['version', '--client'] : ['--version'];
  try {
    return (await run(path, args, { timeout: VERSION_CALL_LIMIT_MS })).stdout;
  } catch {
    return '';
  }
}

/** Whether a program's version text names the same major and minor version as the pinned one. */
export function sameMinor(text: string, pinned: string): boolean {
  const [, major, minor] = /\bv?(\d+)\.(\d+)\.\d+/.exec(text) ?? [];
  return major !== undefined && pinned.startsWith(`v${major}.${minor}.`);
}

async function goProblem(): Promise<string | undefined> {
  try {
    const { stdout } = await run('go', ['env', 'GOVERSION'], { env: { ...process.env, GOTOOLCHAIN: 'local' } });
    const [, major, minor] = /^go(\d+)\.(\d+)/.exec(stdout) ?? [];
    const fits = major !== undefined && (Number(major) > 1 || Number(minor) >= GO_MINOR);
    return fits ? undefined : `the installed Go is ${stdout.trim()}`;
  } catch {
    return 'Go is not installed';
  }
}

function cacheFolder(module: WrapperModule): string {
  return join(binariesRoot(), `${module.name}-${module.version}-${process.platform}-${process.arch}`);
}

function complete(found: Partial<Record<Tool, string>>): Binaries {
  const path = (tool: Tool): string => {
    const value = found[tool];
    if (value === undefined) throw new Error(`no wrapper module builds ${tool}`);
    return value;
  };
  return {
    etcd: path('etcd'),
    'kube-apiserver': path('kube-apiserver'),
    'kube-controller-manager': path('kube-controller-manager'),
    'kube-scheduler': path('kube-scheduler'),
    kubectl: path('kubectl'),
    kwok: path('kwok'),
  };
}
