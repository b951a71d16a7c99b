import { join, resolve, delimiter as systemDelimiter } from 'node:path';

/** All that kubeconfig/ may know of the process: given, never looked up. */
export interface KubeconfigEnv {
  /** `--kubeconfig`. */
  explicitPath?: string | undefined;
  /** KUBECONFIG_PATH: one file. */
  kubeconfigPath?: string | undefined;
  /** KUBECONFIG: a list of files. */
  kubeconfig?: string | undefined;
  /** The home folder: for `~` and `~/.kube/config`. */
  home?: string | undefined;
  /** The operator's environment: for proxies, the in-cluster address, and as the environment of exec plugins. */
  processEnv: Readonly<Record<string, string | undefined>>;
  /** Where a pod finds its service account; a parameter for tests. */
  serviceAccountDir?: string | undefined;
  /** Between the files of KUBECONFIG; the system's own by default. */
  pathDelimiter?: string | undefined;
}

/** Files to read, and what asked for them. */
export interface SourcePlan {
  setBy: '--kubeconfig' | 'KUBECONFIG_PATH' | 'KUBECONFIG' | 'default';
  paths: readonly string[];
  /** True where a missing file is an error and not merely skipped. */
  required: boolean;
}

/** Which kubeconfig files count: the first of `--kubeconfig`, KUBECONFIG_PATH, KUBECONFIG and `~/.kube/config` that is set. */
export function planSources(env: KubeconfigEnv): SourcePlan {
  if (env.explicitPath) return { setBy: '--kubeconfig', paths: [expand(env.explicitPath, env.home)], required: true };
  if (env.kubeconfigPath)
    return { setBy: 'KUBECONFIG_PATH', paths: [expand(env.kubeconfigPath, env.home)], required: true };
  if (env.kubeconfig) {
    const parts = env.kubeconfig.split(env.pathDelimiter ?? systemDelimiter).filter((part) => part !== '');
    return { setBy: 'KUBECONFIG', paths: [...new Set(parts.map((part) => expand(part, env.home)))], required: false };
  }
  return { setBy: 'default', paths: env.home ? [join(env.home, '.kube', 'config')] : [], required: false };
}

function expand(path: string, home: string | undefined): string {
  if (home && (path === '~' || /^~[/\\]/.test(path))) return join(home, path.slice(1));
  return resolve(path);
}
