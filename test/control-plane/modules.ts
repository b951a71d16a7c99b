import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A program the control plane is made of. */
export type Tool = 'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'kubectl' | 'kwok';

/** A wrapper module under `modules/`, and what is built from it. */
export interface WrapperModule {
  readonly name: string;
  readonly folder: string;
  /** As pinned in its go.mod, with the leading v. */
  readonly version: string;
  readonly packages: Readonly<Partial<Record<Tool, string>>>;
  readonly ldflags: string;
}

const MODULES = join(import.meta.dirname, 'modules');

/** In the order they are built: the small one first, so that progress is seen early. */
export function wrapperModules(): readonly WrapperModule[] {
  const kubernetes = pinnedVersion('kubernetes', 'k8s.io/kubernetes');
  return [
    wrapper('etcd', pinnedVersion('etcd', 'go.etcd.io/etcd/server/v3'), { etcd: 'go.etcd.io/etcd/server/v3' }),
    wrapper(
      'kubernetes',
      kubernetes,
      {
        'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
        'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
        'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
        kubectl: 'k8s.io/kubernetes/cmd/kubectl',
      },
      kubernetesVersionFlags(kubernetes),
    ),
    wrapper('kwok', pinnedVersion('kwok', 'sigs.k8s.io/kwok'), { kwok: 'sigs.k8s.io/kwok/cmd/kwok' }),
  ];
}

function wrapper(
  name: string,
  version: string,
  packages: WrapperModule['packages'],
  versionFlags: readonly string[] = [],
): WrapperModule {
  // -s -w: no symbol table and no debug information, which nearly halves the files.
  const ldflags = ['-s -w', ...versionFlags].join(' ');
  return { name, folder: join(MODULES, name), version, packages, ldflags };
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
