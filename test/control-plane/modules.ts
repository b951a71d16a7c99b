import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A program the control plane is made of or is set up with. */
export type ControlPlaneTool =
  | 'etcd'
  | 'kube-apiserver'
  | 'kube-controller-manager'
  | 'kube-scheduler'
  | 'kubectl'
  | 'kwok';

/** A command line tool that the product runs for its callers, and that tests run beside it. */
export type Cli = 'kubectl' | 'helm' | 'istioctl' | 'argocd';

export type Tool = ControlPlaneTool | Cli;

/** A wrapper module under `modules/`, and what is built from it. */
export interface WrapperModule {
  readonly name: string;
  readonly folder: string;
  /** As pinned in its go.mod, with the leading v. */
  readonly version: string;
  /** What its programs say they are, with the leading v: the pinned version, unless that is a commit's. */
  readonly release: string;
  readonly packages: Readonly<Partial<Record<Tool, string>>>;
  readonly ldflags: string;
}

const MODULES = join(import.meta.dirname, 'modules');

/** What the control plane needs, in the order it is built: the small one first, so that progress is seen early. */
export function controlPlaneModules(): readonly WrapperModule[] {
  return [
    wrapper('etcd', pinnedVersion('etcd', 'go.etcd.io/etcd/server/v3'), { etcd: 'go.etcd.io/etcd/server/v3' }),
    kubernetes(),
    wrapper('kwok', pinnedVersion('kwok', 'sigs.k8s.io/kwok'), { kwok: 'sigs.k8s.io/kwok/cmd/kwok' }),
  ];
}

/** What the command line tools are built from, the slowest last. */
export function cliModules(): readonly WrapperModule[] {
  return [kubernetes(), helm(), argocd(), istioctl()];
}

/** The programs of a module that are in this list. */
export function programsOf<T extends Tool>(module: WrapperModule, tools: readonly T[]): readonly T[] {
  return tools.filter((tool) => module.packages[tool] !== undefined);
}

function kubernetes(): WrapperModule {
  const version = pinnedVersion('kubernetes', 'k8s.io/kubernetes');
  const packages = {
    'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
    'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
    'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
    kubectl: 'k8s.io/kubernetes/cmd/kubectl',
  };
  return wrapper('kubernetes', version, packages, { versionFlags: kubernetesVersionFlags(version) });
}

function helm(): WrapperModule {
  const version = pinnedVersion('helm', 'helm.sh/helm/v3');
  const versionFlags = [`-X helm.sh/helm/v3/internal/version.version=${version}`];
  return wrapper('helm', version, { helm: 'helm.sh/helm/v3/cmd/helm' }, { versionFlags });
}

/** Its package is called cmd, and it goes by the name of its file: any name but argocd makes it another program. */
function argocd(): WrapperModule {
  const version = pinnedVersion('argocd', 'github.com/argoproj/argo-cd/v3');
  const versionFlags = [`-X github.com/argoproj/argo-cd/v3/common.version=${version.slice(1)}`];
  return wrapper('argocd', version, { argocd: 'github.com/argoproj/argo-cd/v3/cmd' }, { versionFlags });
}

function istioctl(): WrapperModule {
  const version = pinnedVersion('istioctl', 'istio.io/istio');
  const release = 'v1.31.0-dev';
  const versionFlags = [`-X istio.io/istio/pkg/version.buildVersion=${release.slice(1)}`];
  return wrapper('istioctl', version, { istioctl: 'istio.io/istio/istioctl/cmd/istioctl' }, { versionFlags, release });
}

function wrapper(
  name: string,
  version: string,
  packages: WrapperModule['packages'],
  { versionFlags = [], release = version }: { versionFlags?: readonly string[]; release?: string } = {},
): WrapperModule {
  // -s -w: no symbol table and no debug information, which nearly halves the files.
  const ldflags = ['-s -w', ...versionFlags].join(' ');
  return { name, folder: join(MODULES, name), version, release, packages, ldflags };
}

/** Without these the API server calls itself v0.0.0-master and kubectl complains about the version skew. */
function kubernetesVersionFlags(version: string): readonly string[] {
  const [major = '', minor = ''] = version.slice(1).split('.');
  const values = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
  return Object.entries(values).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
}

function pinnedVersion(folder: string, module: string): string {
  const goMod = readFileSync(join(MODULES, folder, 'go.mod'), 'utf8');
  const line = goMod
    .split('\n')
    .map((text) => text.replace(/^\s*(require\s+)?/, '').split(/\s+/))
    .find(([path, version]) => path === module && version?.startsWith('v'));
  const version = line?.[1];
  if (version === undefined) throw new Error(`modules/${folder}/go.mod does not require ${module}`);
  return version;
}
