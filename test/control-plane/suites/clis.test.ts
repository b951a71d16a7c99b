import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { CHART, CHART_PASSWORD, installArgocd, installCrds } from '../../support/cli-fixtures.ts';
import { hasClis, plainCli } from '../../support/clis.ts';
import { freshNamespace, hasTestUsers, kubectl } from '../../support/control-plane.ts';

/** The tools alone, without our product: what its own suites are compared with has to work first. */
describe.skipIf(!hasClis())('the command line tools on the test cluster', () => {
  test('each is the version that is pinned', async () => {
    const local = [
      plainCli('kubectl', ['version', '--client']),
      plainCli('helm', ['version', '--short']),
      plainCli('istioctl', ['version', '--remote=false', '--short']),
      plainCli('argocd', ['version', '--client', '--short']),
    ];
    const said = (await Promise.all(local)).map(({ stdout }) => stdout);
    expect(said[0]).toMatch(/^Client Version: v1\.36\./);
    expect(said[1]).toMatch(/^v3\.21\./);
    expect(said[2]).toMatch(/1\.31\./);
    expect(said[3]).toMatch(/^argocd: v3\.2\./);
  });

  test('kubectl reads its input, and its exit code is told', async () => {
    const namespace = await freshNamespace('plain');
    const manifest = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: told }\n';
    const applied = await plainCli('kubectl', ['apply', '-f', '-'], { stdin: manifest, namespace });
    expect(applied).toEqual({ code: 0, stdout: 'configmap/told created\n', stderr: '' });
    const missing = await plainCli('kubectl', ['get', 'configmap', 'other'], { namespace });
    expect(missing).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Error from server (NotFound): configmaps "other" not found\n',
    });
  });

  test.skipIf(!hasTestUsers())('a context decides who asks', async () => {
    const asked = await plainCli('kubectl', ['auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}'], {
      context: 'viewer',
    });
    expect(asked.stdout).toBe('viewer');
  });

  test('a home can be kept from run to run', async () => {
    const home = mkdtempSync(join(tmpdir(), 'k8s-mcp-home-'));
    try {
      await plainCli('helm', ['env'], { home, env: { HELM_NAMESPACE: 'there' } });
      const { stdout } = await plainCli('helm', ['env', 'HELM_CACHE_HOME'], { home });
      expect(stdout).toBe(`${home}/.cache/helm\n`);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });

  test('helm installs, upgrades, rolls back and removes the chart, and its schema is heeded', async () => {
    const namespace = await freshNamespace('helm');
    const helm = (...args: string[]) => plainCli('helm', args, { namespace });
    const installed = await helm('install', 'greeter', CHART, '--wait', '--timeout', '60s');
    expect(installed.stderr).toBe('');
    expect(installed.stdout).toContain(`greeter says "hello" in ${namespace}, revision 1.`);
    expect((await helm('get', 'manifest', 'greeter')).stdout).toContain(`password: "${CHART_PASSWORD}"`);
    expect((await helm('upgrade', 'greeter', CHART, '--set', 'replicas=2', '--wait')).code).toBe(0);
    expect(await kubectl(['get', 'deploy', 'greeter', '-n', namespace, '-o', 'jsonpath={.spec.replicas}'])).toBe('2');
    const refused = await helm('upgrade', 'greeter', CHART, '--set', 'replicas=9');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('maximum: got 9, want 5');
    expect((await helm('rollback', 'greeter', '1', '--wait')).stdout).toBe('Rollback was a success! Happy Helming!\n');
    const history = JSON.parse((await helm('history', 'greeter', '-o', 'json')).stdout) as { status: string }[];
    expect(history.map(({ status }) => status)).toEqual(['superseded', 'superseded', 'deployed']);
    expect((await helm('uninstall', 'greeter')).stdout).toBe('release "greeter" uninstalled\n');
  });

  describe('with the kinds of Istio', () => {
    beforeAll(() => installCrds('istio'));

    test('istioctl analyzes what is there, by an exit code of its own when it finds errors', async () => {
      const namespace = await freshNamespace('mesh');
      const manifest = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec: { hosts: [shop], http: [{ route: [{ destination: { host: nosuch } }] }] }
`;
      await kubectl(['apply', '-n', namespace, '-f', '-'], { stdin: manifest });
      const analyzed = await plainCli('istioctl', ['analyze', '-n', namespace]);
      expect(analyzed.code).toBe(79);
      expect(analyzed.stdout).toContain(
        `Error [IST0101] (VirtualService ${namespace}/shop) Referenced host not found: "nosuch"`,
      );
    });

    test('istioctl says that Istio itself is not there', async () => {
      const { code, stdout, stderr } = await plainCli('istioctl', ['version']);
      expect(code).toBe(0);
      expect(stdout + stderr).toContain('Istio is not present in the cluster');
    });

    test('istioctl describes a service', async () => {
      const namespace = await freshNamespace('mesh');
      await kubectl(['create', 'service', 'clusterip', 'shop', '--tcp=80', '-n', namespace]);
      const { stdout } = await plainCli('istioctl', ['x', 'describe', 'svc', 'shop', '-n', namespace]);
      expect(stdout).toContain('Service "shop" has no pods');
    });
  });

  describe('with the kinds of Argo CD', () => {
    let namespace: string;
    const argocd = (...args: string[]) => plainCli('argocd', [...args, '--core'], { namespace });
    beforeAll(async () => {
      namespace = await freshNamespace('argocd');
      await installArgocd(namespace);
    });

    test('argocd lists and shows applications without a server', async () => {
      expect(await argocd('app', 'list', '-o', 'name')).toEqual({
        code: 0,
        stdout: `${namespace}/guestbook\n${namespace}/payments\n`,
        stderr: '',
      });
      const shown = (await argocd('app', 'get', 'payments')).stdout;
      expect(shown).toContain('Sync Status:        OutOfSync from main (53e28ff)');
      expect(shown).toContain('Health Status:      Degraded');
    });

    test('argocd shows the history of an application', async () => {
      expect((await argocd('app', 'history', 'guestbook', '-o', 'id')).stdout).toBe('0\n1\n');
    });

    test('argocd lists projects, and writes nothing of its own by looking', async () => {
      expect((await argocd('proj', 'list', '-o', 'name')).stdout).toBe('default\n');
      const secrets = await kubectl(['get', 'secrets', '-n', namespace, '-o', 'name']);
      expect(secrets).toBe('secret/argocd-secret\n');
    });

    test('argocd compares nothing without its cache', async () => {
      const compared = await argocd('app', 'diff', 'guestbook');
      expect(compared.code).toBe(20);
      expect(compared.stderr).toContain('error getting cached app managed resources');
    });
  });
});
