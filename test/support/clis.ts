import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inject } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Clis } from '../control-plane/binaries.ts';
import type { Cli } from '../control-plane/modules.ts';
import { controlPlane } from './control-plane.ts';

/** How a command ended. */
export interface CliResult {
  /** The exit code; 137 when it did not end by itself. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface PlainCliOptions {
  readonly stdin?: string;
  /** The current context of the kubeconfig that the tool is given; the cluster's own choice when absent. */
  readonly context?: string;
  /** The namespace of that context. argocd in core mode knows no other way to be told. */
  readonly namespace?: string;
  /** Another kubeconfig than the cluster's. */
  readonly kubeconfig?: string;
  /** A home folder to keep, with its caches; one of its own, removed after the run, when absent. */
  readonly home?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Files of the working folder, by relative path. That folder is the home where there are none. */
  readonly files?: Readonly<Record<string, string>>;
}

const LIMIT_MS = 120_000;
const MAX_BYTES = 64 * 1024 * 1024;
/** What a shell says of a program that SIGKILL ended. */
const KILLED = 137;

/** Whether this run has the command line tools and a cluster: `describe.skipIf(!hasClis())`. */
export function hasClis(): boolean {
  return Boolean(inject('clis')) && Boolean(inject('controlPlane'));
}

/** Where the command line tools of this run are. */
export function clis(): Clis {
  const paths = inject('clis');
  if (!paths) throw new Error('this run has no command line tools; guard the suite with describe.skipIf(!hasClis())');
  return paths;
}

/**
 * Runs a tool as anybody would run it, without our product, for comparison: on the test cluster, with a kubeconfig, a home
 * and caches of its own and with nothing else from the environment.
 */
export function plainCli(name: Cli, args: readonly string[], options: PlainCliOptions = {}): Promise<CliResult> {
  return runPlain(clis()[name], args, options);
}

/**
 * Runs a line as anybody types it into bash, pipes to the real grep, sort and jq included. It ends with the code of the last stage
 * that failed; one whose reader had seen enough (SIGPIPE) did not fail.
 */
export function plainShell(line: string, options: PlainCliOptions = {}): Promise<CliResult> {
  const script = `${line}
for code in "\${PIPESTATUS[@]}"; do case $code in 0|141) ;; *) last=$code ;; esac; done; exit "\${last:-0}"`;
  return runPlain('/bin/bash', ['-c', script], { ...options, env: { LC_ALL: 'C.UTF-8', ...options.env } });
}

async function runPlain(program: string, args: readonly string[], options: PlainCliOptions): Promise<CliResult> {
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'k8s-mcp-plain-'));
  const work = options.files === undefined ? undefined : mkdtempSync(join(tmpdir(), 'k8s-mcp-work-'));
  try {
    for (const [name, text] of Object.entries(options.files ?? {})) {
      const file = join(work ?? home, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    const env = {
      HOME: home,
      TMPDIR: home,
      KUBECONFIG: privateKubeconfig(home, options),
      // kubectl diff and argocd app diff run diff.
      PATH: `${Object.values(clis()).map(dirname).join(':')}:/usr/bin:/bin`,
      ...options.env,
    };
    return await run(program, args, env, work ?? home, options.stdin ?? '');
  } finally {
    if (options.home === undefined) rmSync(home, { recursive: true, force: true });
    if (work !== undefined) rmSync(work, { recursive: true, force: true });
  }
}

function privateKubeconfig(home: string, { kubeconfig, context, namespace }: PlainCliOptions): string {
  const text = readFileSync(kubeconfig ?? controlPlane().kubeconfig, 'utf8');
  const folder = join(home, '.kube');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'config');
  writeFileSync(file, withContext(text, context, namespace), { mode: 0o600 });
  return file;
}

/** The parts of a kubeconfig that are changed; the rest is kept as it is. */
interface Kubeconfig {
  'current-context'?: string;
  contexts?: { name: string; context: { namespace?: string } }[];
}

function withContext(text: string, context: string | undefined, namespace: string | undefined): string {
  if (context === undefined && namespace === undefined) return text;
  const config = parse(text) as Kubeconfig;
  if (context !== undefined) config['current-context'] = context;
  const current = config.contexts?.find(({ name }) => name === config['current-context']);
  if (current === undefined) throw new Error(`the kubeconfig has no context "${config['current-context']}"`);
  if (namespace !== undefined) current.context.namespace = namespace;
  return stringify(config, { aliasDuplicateObjects: false, lineWidth: 0 });
}

function run(
  path: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
  stdin: string,
): Promise<CliResult> {
  const limits = { timeout: LIMIT_MS, killSignal: 'SIGKILL', maxBuffer: MAX_BYTES } as const;
  return new Promise((resolve) => {
    const child = execFile(path, args, { env, cwd, ...limits }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : KILLED;
      resolve({ code, stdout, stderr });
    });
    // A tool that does not read its input closes it early.
    child.stdin?.on('error', () => {});
    child.stdin?.end(stdin);
  });
}
