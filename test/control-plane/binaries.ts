import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { buildMissing } from './build.ts';
import { binariesRoot } from './cache.ts';
import { executableIn } from './executables.ts';
import {
  type Cli,
  type ControlPlaneTool,
  cliModules,
  controlPlaneModules,
  programsOf,
  type Tool,
  type WrapperModule,
} from './modules.ts';

/** Where every program of the control plane is. */
export type Binaries = Paths<ControlPlaneTool>;

/** Where the command line tools are. */
export type Clis = Paths<Cli>;

/** The outcome of looking for programs: all of them, or one sentence on why not and how to get them. */
export type Resolved<T extends Tool> =
  | { readonly kind: 'ready'; readonly binaries: Paths<T> }
  | { readonly kind: 'unavailable'; readonly reason: string };

type Paths<T extends Tool> = Readonly<Record<T, string>>;
type Report = (line: string) => void;

const CONTROL_PLANE_TOOLS: readonly ControlPlaneTool[] = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubectl',
  'kwok',
];

/** In the order they are shown. */
export const CLIS: readonly Cli[] = ['kubectl', 'helm', 'istioctl', 'argocd'];

export const HOW_TO_GET_THEM =
  'install Go >= 1.26, or set KUBEBUILDER_ASSETS to a folder with etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kubectl and kwok, or set K8S_MCP_TEST_KUBECONFIG to a disposable cluster';

const HOW_TO_GET_CLIS = 'install Go >= 1.26, or put kubectl 1.36, helm 3.21, istioctl 1.31 and argocd 3.2 on the PATH';

/** Go refuses the wrapper modules below this version. */
const GO_MINOR = 26;
const VERSION_CALL_LIMIT_MS = 20_000;

/** How each says its version without asking a cluster or a server; the others by --version. */
const VERSION_ARGS: Readonly<Partial<Record<Tool, readonly string[]>>> = {
  kubectl: ['version', '--client'],
  helm: ['version', '--short'],
  istioctl: ['version', '--remote=false', '--short'],
  argocd: ['version', '--client', '--short'],
};
const run = promisify(execFile);

/** Finds every program of the control plane, building once what neither KUBEBUILDER_ASSETS, PATH nor the cache has. */
export function resolveBinaries(report: Report): Promise<Resolved<ControlPlaneTool>> {
  return resolveAll(controlPlaneModules(), CONTROL_PLANE_TOOLS, HOW_TO_GET_THEM, report);
}

/** Finds the command line tools in the same way. The control plane starts without them: istioctl takes minutes to build. */
export function resolveClis(report: Report): Promise<Resolved<Cli>> {
  return resolveAll(cliModules(), CLIS, HOW_TO_GET_CLIS, report);
}

/** Finds kubectl alone: a cluster from elsewhere needs nothing more. */
export async function resolveKubectl(report: Report): Promise<string | undefined> {
  const found = await resolveAll(cliModules(), ['kubectl'], HOW_TO_GET_CLIS, report);
  return found.kind === 'ready' ? found.binaries.kubectl : undefined;
}

async function resolveAll<T extends Tool>(
  modules: readonly WrapperModule[],
  tools: readonly T[],
  remedy: string,
  report: Report,
): Promise<Resolved<T>> {
  const found = new Map<T, string>();
  for (const module of modules) {
    const problem = await resolveModule(module, programsOf(module, tools), found, report);
    if (problem !== undefined) return { kind: 'unavailable', reason: `${problem}; ${remedy}` };
  }
  return { kind: 'ready', binaries: complete(tools, found) };
}

/** Fills `found`; the answer is what stands in the way, if anything does. */
async function resolveModule<T extends Tool>(
  module: WrapperModule,
  tools: readonly T[],
  found: Map<T, string>,
  report: Report,
): Promise<string | undefined> {
  const folder = cacheFolder(module);
  const missing: T[] = [];
  for (const tool of tools) {
    const path = (await findOnMachine(tool, module.release)) ?? executableIn(folder, tool);
    if (path === undefined) missing.push(tool);
    else found.set(tool, path);
  }
  if (missing.length === 0) return undefined;
  const problem = await goProblem();
  if (problem !== undefined) return problem;
  await buildMissing(module, missing, folder, report);
  for (const tool of missing) found.set(tool, join(folder, tool));
  return undefined;
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
  try {
    return (await run(path, VERSION_ARGS[tool] ?? ['--version'], { timeout: VERSION_CALL_LIMIT_MS })).stdout;
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

function complete<T extends Tool>(tools: readonly T[], found: ReadonlyMap<T, string>): Paths<T> {
  const entries = tools.map((tool) => {
    const path = found.get(tool);
    if (path === undefined) throw new Error(`no wrapper module builds ${tool}`);
    return [tool, path];
  });
  // Object.fromEntries forgets the key type.
  return Object.fromEntries(entries) as Paths<T>;
}
