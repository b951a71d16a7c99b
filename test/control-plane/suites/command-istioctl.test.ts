import { beforeAll, describe, expect, test } from 'vitest';
import { installCrds } from '../../support/cli-fixtures.ts';
import { hasClis, plainCli } from '../../support/clis.ts';
import { type CommandAnswer, type CommandProduct, commandProduct } from '../../support/command-product.ts';
import { freshNamespace, hasTestUsers, kubectl } from '../../support/control-plane.ts';
import { meanwhile } from '../../support/meanwhile.ts';
import { createAuthority, issueServer } from '../pki.ts';

const ROUTE = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec: { hosts: [shop], http: [{ route: [{ destination: { host: nosuch } }] }] }
`;
const WRONG_ROUTE = ROUTE.replace('hosts: [shop]', 'hosts: ["a b"]');
const SHOP = `apiVersion: v1
kind: Pod
metadata: { name: shop, labels: { app: shop } }
spec: { containers: [{ name: shop, image: registry.invalid/shop, ports: [{ containerPort: 8080 }] }] }
---
apiVersion: v1
kind: Service
metadata: { name: shop }
spec: { selector: { app: shop }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: v1
kind: Secret
metadata: { name: shop }
stringData: { odd: canary-mesh-secret }
`;

const NOT_LOOKED_AT =
  'Whether the credentials of gateways are valid (IST0161) was not looked at, nor other clusters of the mesh: istioctl is not shown the values of Secrets.';

/** A gateway with a certificate that is valid, and the pod that serves it. */
function gateway(): string {
  const { cert, key } = issueServer(createAuthority('mesh'), 'shop', ['shop.example']);
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  return `apiVersion: v1
kind: Secret
metadata: { name: certificate }
type: kubernetes.io/tls
data: { tls.crt: ${base64(cert)}, tls.key: ${base64(key)} }
---
apiVersion: v1
kind: Pod
metadata: { name: gateway, labels: { istio: gateway } }
spec: { containers: [{ name: istio-proxy, image: registry.invalid/proxy }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: shop }
spec:
  selector: { istio: gateway }
  servers:
    - port: { number: 443, name: https, protocol: HTTPS }
      hosts: [shop.example]
      tls: { mode: SIMPLE, credentialName: certificate }
`;
}

describe.skipIf(!hasTestUsers() || !hasClis())('istioctl through the product', () => {
  let namespace: string;
  let product: CommandProduct;
  const istioctl = (command: string, args: Record<string, unknown> = {}): Promise<CommandAnswer> =>
    product.run('istioctl', command, args);
  const plain = (command: string, stdin?: string) =>
    plainCli('istioctl', command.split(' '), stdin === undefined ? {} : { stdin });

  beforeAll(async () => {
    const [fresh] = await Promise.all([freshNamespace('mesh'), installCrds('istio')]);
    namespace = fresh;
    await kubectl(['apply', '-n', namespace, '-f', '-'], { stdin: `${ROUTE}---\n${SHOP}` });
    await kubectl(['wait', '-n', namespace, '--for=condition=Ready', 'pod/shop', '--timeout=120s']);
  });

  describe('as it starts, without gates', () => {
    beforeAll(async () => {
      product = await commandProduct();
    });

    test('analyze finds what plain analyze finds; its exit code is told, and what that means', async () => {
      const [answer, was] = [await istioctl(`analyze -n ${namespace}`), await plain(`analyze -n ${namespace}`)];
      expect(was.code).toBe(79);
      expect(was.stdout).toContain('Referenced host not found: "nosuch"');
      expect(answer).toMatchObject({
        status: 200,
        success: false,
        exit_code: 79,
        output: was.stdout,
        error: was.stderr,
        hint: `It ran to its end: analyze says by its exit code that it found something, and the findings are its answer. ${NOT_LOOKED_AT}`,
      });
      expect(answer.reason).toBeUndefined();
    });

    test('a valid certificate is not called invalid because its key is hidden', async () => {
      const secured = await freshNamespace('mesh');
      await kubectl(['apply', '-n', secured, '-f', '-'], { stdin: gateway() });
      const [answer, was] = [await istioctl(`analyze -n ${secured}`), await plain(`analyze -n ${secured}`)];
      expect(was.stdout).toContain(`(Gateway ${secured}/shop)`);
      expect(answer).toMatchObject({ exit_code: was.code, output: was.stdout });
      expect(answer.hint).toContain(NOT_LOOKED_AT);
    });

    test('findings can be had as data, and filtered', async () => {
      const answer = await istioctl('analyze -o json | jq -r .[].code | sort -u', { namespace });
      expect(answer).toMatchObject({ success: true, output: 'IST0101\nIST0102\n' });
    });

    test.each(['version', 'version -o json', 'tag list', 'x precheck'])(
      '`istioctl %s` says what plain istioctl says',
      async (command) => {
        // They are about the whole cluster, of which other suites change theirs.
        const { ours: answer, plain: was } = await meanwhile(
          () => plain(command),
          () => istioctl(command),
        );
        expect(answer).toMatchObject({
          status: 200,
          exit_code: was.code,
          output: was.stdout,
          error: was.stderr === '' ? null : was.stderr,
        });
      },
    );

    test('a service is described', async () => {
      const command = `x describe svc shop -n ${namespace}`;
      const [answer, was] = [await istioctl(command), await plain(command)];
      expect(was.stdout).toContain('Service "shop" has no Istio pods');
      expect(answer).toMatchObject({ success: true, output: was.stdout });
    });

    test('what a description asks the proxy is refused with the gate, and ends', async () => {
      const answer = await istioctl(`x describe pod shop -n ${namespace}`);
      expect(answer).toMatchObject({
        status: 200,
        success: false,
        exit_code: 1,
        output: expect.stringContaining('WARNING: shop is not part of mesh'),
        reason: expect.stringContaining('pods/portforward, and the gate for that is closed: exec.'),
      });
    });

    test('manifests of the call are validated and analyzed, and no file of the server', async () => {
      expect(await istioctl('validate -f -', { stdin: ROUTE })).toMatchObject({
        success: true,
        error: expect.stringContaining('validation succeed'),
      });
      const files = { 'mesh/wrong.yaml': WRONG_ROUTE };
      const wrong = await istioctl('validate -f mesh/wrong.yaml', { files });
      expect(wrong).toMatchObject({ status: 200, success: false });
      expect(wrong.error).toContain('domain name "a b" invalid');
      expect(wrong.error).toBe((await plain('validate -f -', WRONG_ROUTE)).stderr);
      const offline = await istioctl('analyze --use-kube=false mesh/route.yaml', {
        files: { 'mesh/route.yaml': ROUTE },
      });
      expect(offline).toMatchObject({
        success: true,
        error: expect.stringContaining('No validation issues found when analyzing mesh/route.yaml.'),
      });
      for (const name of ['/etc/hostname', '../x.yaml', 'https://evil.example/x.yaml']) {
        expect((await istioctl(`analyze --use-kube=false ${name}`)).status, name).toBeGreaterThanOrEqual(400);
      }
    });

    test.each([
      'proxy-status',
      'proxy-config cluster shop',
      'proxy-config secret shop',
      'x authz check shop',
      'admin log',
      'x internal-debug syncz',
      'ztunnel-config workload',
      'remote-clusters',
    ])('`istioctl %s` reaches into pods: the gate is named before anything runs', async (command) => {
      expect(await istioctl(command, { namespace })).toMatchObject({
        status: 403,
        code: 'gate_closed',
        detail: expect.stringMatching(/closed: exec\.$/),
      });
    });

    test.each([
      ['install -y', 'create, update, escalation'],
      ['uninstall --purge -y', 'delete, escalation'],
      ['tag set prod --revision v1', 'create, update, escalation'],
    ])('`istioctl %s` needs its gates', async (command, gates) => {
      const answer = await istioctl(command);
      expect(answer).toMatchObject({ status: 403, code: 'gate_closed' });
      expect(answer.detail).toMatch(new RegExp(`closed: ${gates}\\.$`));
    });

    test.each(['dashboard kiali', 'bug-report', 'create-remote-secret', 'kube-inject -f -'])(
      '`istioctl %s` is never run',
      async (command) => {
        expect(await istioctl(command)).toMatchObject({ status: 403, code: 'command_refused' });
      },
    );
  });

  describe('with policy in its way', () => {
    /** Each with a product of its own, which is ended at once. */
    async function under(env: Record<string, string>, command: string, args: Record<string, unknown> = {}) {
      const bound = await commandProduct({ env });
      const answer = await bound.run('istioctl', command, args);
      await bound.stop();
      return answer;
    }

    test('a forbidden namespace is not analyzed, and nothing of it is seen from another', async () => {
      const other = await freshNamespace('mesh');
      const env = { K8S_FORBIDDEN_NAMESPACES: namespace };
      const refused = await under(env, `analyze -n ${namespace}`);
      expect(refused).toMatchObject({ status: 200, success: false });
      expect(refused.reason).toContain(`The namespace "${namespace}" is forbidden`);
      const all = await under(env, 'analyze -A -o json');
      expect(all.success).toBe(true);
      expect(all.output).not.toContain(`${namespace}/`);
      expect(all.output).not.toContain(`Namespace ${namespace}"`);
      expect(await under(env, `analyze -n ${other} -o json`)).toMatchObject({ success: true });
    });

    test('where only some namespaces are allowed, what it reads elsewhere is the reason', async () => {
      const answer = await under({ K8S_ALLOWED_NAMESPACES: namespace }, `analyze -n ${namespace}`);
      expect(answer).toMatchObject({ status: 200, success: false });
      expect(answer.reason).toContain('"istio-system" is not one of the allowed ones');
      const both = { K8S_ALLOWED_NAMESPACES: `${namespace},istio-system` };
      const found = await under(both, 'analyze -o json | jq -r .[].origin', { namespace });
      expect(found.output.split('\n')).toContain(`VirtualService ${namespace}/shop`);
      expect(found.output.split('\n').filter((line) => !line.includes(namespace))).toEqual(['']);
    });

    test.each(['secrets', 'pods'])(
      'denied %s are the reason, and the command ends instead of asking for ever',
      async (kind) => {
        const answer = await under({ K8S_MCP_DENIED_KINDS: kind }, `analyze -n ${namespace}`);
        expect(answer).toMatchObject({ status: 200, success: false });
        expect(answer.reason).toContain(`${kind} is denied (K8S_MCP_DENIED_KINDS).`);
      },
    );

    test('what the cluster itself refuses is told as well', async () => {
      const answer = await under({}, `analyze -n ${namespace}`, { context: 'nobody' });
      expect(answer).toMatchObject({ status: 200, success: false, exit_code: 1 });
      expect(answer.error).toContain('is forbidden: User "nobody" cannot get resource "namespaces"');
    });
  });

  test('with the gate exec the port is really forwarded, and fails as plainly: there is no proxy', async () => {
    const open = await commandProduct({ args: ['--enable-exec'] });
    const command = `proxy-config cluster shop.${namespace}`;
    const [answer, was] = [await open.run('istioctl', command), await plain(command)];
    expect(was.code).toBe(1);
    expect(answer).toMatchObject({ status: 200, success: false, exit_code: 1 });
    expect(answer.reason).toBeUndefined();
    expect(answer.error?.split(':', 2)).toEqual(was.stderr.split(':', 2));
  });
});
