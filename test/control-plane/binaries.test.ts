import { describe, expect, it } from 'vitest';
import { CLIS, sameMinor } from './binaries.ts';
import { cliModules, controlPlaneModules, programsOf } from './modules.ts';

describe('a program found on the machine', () => {
  it.each([
    ['Kubernetes v1.36.0', 'v1.36.3', true],
    ['Client Version: v1.36.3\nKustomize Version: v5.8.1', 'v1.36.3', true],
    ['Client Version: v1.35.4\nKustomize Version: v1.36.1', 'v1.36.3', false],
    ['etcd Version: 3.6.14\nGo Version: go1.26.8', 'v3.6.14', true],
    ['kwok version v0.8.0 go1.26.8 (linux/amd64)', 'v0.8.0', true],
    ['kwok version v0.80.0', 'v0.8.0', false],
    ['v3.21.4+g1a2b3c4', 'v3.21.4', true],
    ['v3.22.0+g1a2b3c4', 'v3.21.4', false],
    ['client version: 1.31.0-dev', 'v1.31.0-dev', true],
    ['1.30.2', 'v1.31.0-dev', false],
    ['argocd: v3.2.11+unknown', 'v3.2.11', true],
    ['argocd: v3.20.1', 'v3.2.11', false],
    ['', 'v1.36.3', false],
  ])('that says %j fits %s: %s', (text, pinned, fits) => {
    expect(sameMinor(text, pinned)).toBe(fits);
  });
});

describe('the wrapper modules', () => {
  it('pin the versions of the control plane in go.mod', () => {
    expect(controlPlaneModules().map(({ name, version }) => `${name} ${version}`)).toEqual([
      'etcd v3.6.14',
      'kubernetes v1.36.3',
      'kwok v0.8.0',
    ]);
  });

  it('pin the versions of the command line tools in go.mod, istioctl by a commit of the 1.31 line', () => {
    expect(cliModules().map(({ name, version, release }) => `${name} ${version} ${release}`)).toEqual([
      'kubernetes v1.36.3 v1.36.3',
      'helm v3.21.4 v3.21.4',
      'argocd v3.2.11 v3.2.11',
      'istioctl v0.0.0-20260827124520-eed52ebb66ad v1.31.0-dev',
    ]);
  });

  it('build every command line tool once', () => {
    const built = cliModules().flatMap((module) => programsOf(module, CLIS));
    expect([...built].sort()).toEqual(['argocd', 'helm', 'istioctl', 'kubectl']);
  });

  it('leave the command line tools out of the start of a control plane, kubectl aside', () => {
    const built = controlPlaneModules().flatMap((module) => programsOf(module, CLIS));
    expect(built).toEqual(['kubectl']);
  });

  it('tell the tools their versions, as a program from the machine would say them', () => {
    const said = (name: string) => cliModules().find((module) => module.name === name)?.ldflags;
    expect(said('helm')).toBe('-s -w -X helm.sh/helm/v3/internal/version.version=v3.21.4');
    expect(said('argocd')).toBe('-s -w -X github.com/argoproj/argo-cd/v3/common.version=3.2.11');
    expect(said('istioctl')).toBe('-s -w -X istio.io/istio/pkg/version.buildVersion=1.31.0-dev');
  });
});
