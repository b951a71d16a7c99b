import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { childEnvironment } from './child-environment.ts';
import { childKubeconfig } from './child-kubeconfig.ts';
import { createChildPrograms } from './child-programs.ts';
import { command, TICKET } from './child-testing.ts';
import { hintFor } from './hints.ts';

const FOLDER = { home: '/r/home', tmp: '/r/tmp', cache: '/c/dev', empty: '/e', kubeconfig: '/r/kubeconfig' };

describe('childEnvironment', () => {
  const surroundings = {
    folder: FOLDER,
    proxy: 'http://u:p@127.0.0.1:9',
    diff: '/usr/bin/diff',
    timeZone: undefined,
    extra: {},
  };

  it('is all that kubectl knows', () => {
    expect(childEnvironment('kubectl', surroundings)).toEqual({
      PATH: '/e',
      HOME: '/r/home',
      TMPDIR: '/r/tmp',
      XDG_CONFIG_HOME: '/r/home/.config',
      XDG_DATA_HOME: '/r/home/.local/share',
      XDG_STATE_HOME: '/r/home/.local/state',
      XDG_CACHE_HOME: '/c/dev',
      KUBECONFIG: '/r/kubeconfig',
      KUBECACHEDIR: '/c/dev/kube',
      KUBERC: 'off',
      KUBECTL_EXTERNAL_DIFF: '/usr/bin/diff -u -N',
      HTTP_PROXY: 'http://u:p@127.0.0.1:9',
      HTTPS_PROXY: 'http://u:p@127.0.0.1:9',
      http_proxy: 'http://u:p@127.0.0.1:9',
      https_proxy: 'http://u:p@127.0.0.1:9',
      LANG: 'C.UTF-8',
      TERM: 'dumb',
      NO_COLOR: '1',
      GOMEMLIMIT: '512MiB',
      GOGC: '400',
      GOMAXPROCS: '2',
    });
  });

  it('gives each tool what is its own, the time zone, and what the operator adds', () => {
    const helm = childEnvironment('helm', { ...surroundings, timeZone: 'Asia/Shanghai' });
    expect(helm).toMatchObject({
      TZ: 'Asia/Shanghai',
      HELM_PLUGINS: '/e',
      HELM_NO_PLUGINS: '1',
      HELM_DRIVER: 'secret',
      HELM_CACHE_HOME: '/c/dev/helm',
      HELM_CONFIG_HOME: '/r/home/.config/helm',
    });
    expect(helm['KUBECTL_EXTERNAL_DIFF']).toBeUndefined();
    expect(childEnvironment('argocd', { ...surroundings, extra: { ARGOCD_SERVER: 'cd.example.org' } })).toMatchObject({
      ARGOCD_BINARY_NAME: 'argocd',
      ARGOCD_SERVER: 'cd.example.org',
    });
    expect(childEnvironment('kubectl', { ...surroundings, diff: undefined })['KUBECTL_EXTERNAL_DIFF']).toBeUndefined();
  });
});

describe('childKubeconfig', () => {
  it('gives credentials and the way to the current context only', () => {
    const all = [
      { name: 'dev', cluster: 'c1', user: 'ada' },
      { name: 'prod', cluster: 'c2', user: 'bob', namespace: 'web' },
      { name: 'prod-ada', cluster: 'c2', user: 'ada' },
      { name: 'broken', cluster: '', user: '' },
    ];
    const authority = Buffer.from(TICKET.ca).toString('base64');
    const cluster = (server: string) => ({ server, 'certificate-authority-data': authority });
    expect(JSON.parse(childKubeconfig(TICKET, { current: 'prod', all }))).toEqual({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'prod',
      clusters: [
        { name: 'c1', cluster: cluster('https://127.0.0.1:45678/another-context') },
        { name: 'c2', cluster: cluster('https://127.0.0.1:45678/dev') },
      ],
      contexts: [
        { name: 'dev', context: { cluster: 'c1', user: 'ada' } },
        { name: 'prod', context: { cluster: 'c2', user: 'bob', namespace: 'web' } },
        { name: 'prod-ada', context: { cluster: 'c2', user: 'ada' } },
        { name: 'broken', context: { cluster: '', user: '' } },
      ],
      users: [
        { name: 'ada', user: {} },
        { name: 'bob', user: { token: TICKET.token } },
      ],
    });
  });

  it('takes the namespace of the call before that of the context, and a current context that is not listed', () => {
    const shown = { current: 'in-cluster', all: [], namespace: 'argocd' };
    expect(JSON.parse(childKubeconfig(TICKET, shown))).toMatchObject({
      'current-context': 'in-cluster',
      contexts: [{ name: 'in-cluster', context: { cluster: 'in-cluster', user: 'in-cluster', namespace: 'argocd' } }],
      users: [{ name: 'in-cluster', user: { token: TICKET.token } }],
    });
  });
});

describe('createChildPrograms', () => {
  const specs = { helm: { install: 'Install helm.' } };

  it('remembers where a tool is until it is told to forget', async () => {
    let asked = 0;
    const programs = createChildPrograms(
      { search: { path: '/bin', extraDirs: [] }, paths: { kubectl: '/opt/kubectl' }, specs },
      async (name) => `${name}#${++asked}`,
    );
    expect([await programs.find('kubectl'), await programs.find('kubectl')]).toEqual([
      '/opt/kubectl#1',
      '/opt/kubectl#1',
    ]);
    programs.forget('kubectl');
    expect(await programs.find('kubectl')).toBe('/opt/kubectl#2');
  });

  it('says how to get a tool that is missing, and finds it once it is there', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'programs-'));
    const programs = createChildPrograms({ search: { path: dir, extraDirs: [] }, paths: { argocd: 'argocd' }, specs });
    await expect(programs.find('helm')).rejects.toMatchObject({
      code: 'program_missing',
      detail: { remedy: 'Install helm.' },
    });
    await expect(programs.find('argocd')).rejects.toMatchObject({
      message: expect.stringContaining('K8S_MCP_ARGOCD_PATH'),
    });
    await writeFile(join(dir, 'helm'), '', { mode: 0o755 });
    expect(await programs.find('helm')).toBe(join(dir, 'helm'));
    await rm(dir, { recursive: true });
  });

  it('has no use for a diff program in a folder with a space', async () => {
    const at = (path: string) =>
      createChildPrograms({ search: { path: '', extraDirs: [] }, paths: {}, specs }, async () => path).diff();
    expect(await at('/usr/bin/diff')).toBe('/usr/bin/diff');
    expect(await at('/my programs/diff')).toBeUndefined();
  });
});

describe('hintFor', () => {
  it.each([
    ['kubectl', 'Unable to connect to the server: dial tcp 10.0.0.1:443: i/o timeout', 'did not happen in time'],
    ['kubectl', 'Unable to connect to the server: dial tcp: lookup x: no such host', 'cannot be reached'],
    ['kubectl', 'error: You must be logged in to the server (Unauthorized)', 'did not accept the credentials'],
    ['kubectl', 'Unable to connect to the server: x509: certificate signed by unknown authority', 'certificate'],
    ['kubectl', 'Error from server (Forbidden): pods is forbidden: User "x" cannot list resource "pods"', 'RBAC'],
    ['kubectl', 'error: the server doesn\'t have a resource type "foos"', 'get_api_resources'],
    ['kubectl', 'error: resource mapping not found: no matches for kind "Foo" in version "a/v1"', 'CRD'],
    ['kubectl', 'Error from server (NotFound): pods "x" not found', 'default namespace'],
    ['helm', 'Error: release: not found', 'helm list'],
    ['helm', 'Error: repo foo not found', 'files'],
    ['helm', 'Error: INSTALLATION FAILED: cannot re-use a name that is still in use', 'helm upgrade'],
    [
      'argocd',
      'cannot find ready pod with selector: [app.kubernetes.io/name=argocd-repo-server]',
      'K8S_MCP_ARGOCD_NAMESPACE',
    ],
    ['argocd', '{"msg":"rpc error: code = PermissionDenied desc = permission denied"}', 'argocd app list'],
    ['istioctl', 'Error: Analyzers found issues when analyzing namespace: shop.', 'the findings are its answer'],
  ] as const)('%s: %s', (tool, stderr, hint) => {
    expect(hintFor(command({ tool }), stderr)).toContain(hint);
  });

  it('says nothing where it knows nothing', () => {
    expect(hintFor(command(), '')).toBeUndefined();
    // A crash says why first, and then where, for pages.
    const crash = (why: string) => `\n${why}\n\nSIGABRT: abort\n${'goroutine 1 [running]:\n'.repeat(3000)}`;
    for (const why of [
      'fatal error: out of memory allocating heap arena metadata',
      'runtime/cgo: pthread_create failed',
    ])
      expect(hintFor(command(), crash(why))).toContain('2 GiB');
    expect(hintFor(command(), 'something odd')).toBeUndefined();
  });
});
