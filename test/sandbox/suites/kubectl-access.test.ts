/** Who may do what in the default world, as the real kubectl asks and as it is refused. */
import { beforeAll, describe, expect, test } from 'vitest';
import { hasKubectl, rows, type Shop, startShop } from '../shop.ts';

const USERS = ['sandbox', 'sandbox-viewer', 'sandbox-developer'] as const;

describe.skipIf(!hasKubectl())('the three users of the shop', () => {
  let shop: Shop;
  const as = (context: string, line: string, stdin = '') => shop.run(line.split(' '), { context, stdin });
  beforeAll(async () => {
    shop = await startShop();
  });

  test('are the contexts of the kubeconfig, the administrator the current one', async () => {
    expect(
      rows(await shop.kubectl(['config', 'get-contexts'])).map((row) =>
        [row['CURRENT'], row['NAME'], row['NAMESPACE']].join(' '),
      ),
    ).toEqual(['* sandbox shop', ' sandbox-developer shop', ' sandbox-viewer shop']);
  });

  test.each([
    ['sandbox', '[system:masters system:authenticated]'],
    ['sandbox-viewer', '[system:authenticated]'],
    ['sandbox-developer', '[system:authenticated]'],
  ])('auth whoami as %s', async (user, groups) => {
    const said = rows((await as(user, 'auth whoami')).stdout);
    expect(said).toContainEqual({ ATTRIBUTE: 'Username', VALUE: user });
    expect(said).toContainEqual({ ATTRIBUTE: 'Groups', VALUE: groups });
  });

  test.each([
    ['get pods', 'yes yes yes'],
    ['get pods -n data', 'yes yes no'],
    ['get secrets', 'yes no yes'],
    ['get nodes', 'yes no no'],
    ['delete deployments', 'yes no yes'],
    ['create pods --subresource=exec', 'yes no yes'],
    ['get pods --subresource=log', 'yes yes yes'],
    ['create clusterroles', 'yes no no'],
    ['get /healthz', 'yes yes yes'],
    ['get /logs/', 'yes no no'],
    ['* *', 'yes no no'],
    ['delete namespaces', 'yes no no'],
  ])('auth can-i %s', async (what, wanted) => {
    const answers = await Promise.all(USERS.map((user) => as(user, `auth can-i ${what}`)));
    expect(answers.map(({ stdout }) => stdout.trim()).join(' ')).toBe(wanted);
    for (const { code, stdout } of answers) expect(code).toBe(stdout === 'yes\n' ? 0 : 1);
  });

  test('auth can-i --list', async () => {
    expect((await as('sandbox', 'auth can-i --list')).stdout).toMatch(/\n\*\.\* +\[\] +\[\] +\[\*\]\n/);
    const found = rows((await as('sandbox-viewer', 'auth can-i --list')).stdout);
    const verbs = (name: string) => found.find(({ Resources }) => Resources === name)?.['Verbs'];
    expect(verbs('pods')).toBe('[get list watch]');
    expect(verbs('deployments.apps')).toBe('[get list watch]');
    expect(verbs('secrets')).toBeUndefined();
  });

  test('auth can-i asks for others, as --as does', async () => {
    expect(
      await shop.kubectl(
        'auth can-i get promotions.shop.k8s-mcp.dev --as=system:serviceaccount:shop:promotions'.split(' '),
      ),
    ).toBe('yes\n');
    expect(
      (await as('sandbox', 'auth can-i delete promotions.shop.k8s-mcp.dev --as=system:serviceaccount:shop:promotions'))
        .stdout,
    ).toBe('no\n');
    expect(rows((await as('sandbox', 'auth whoami --as=bob --as-group=crew')).stdout)).toEqual([
      { ATTRIBUTE: 'Username', VALUE: 'bob' },
      { ATTRIBUTE: 'Groups', VALUE: '[crew system:authenticated]' },
    ]);
  });

  test.each([
    [
      'sandbox-viewer',
      'delete pod x',
      'Error from server (Forbidden): pods "x" is forbidden: User "sandbox-viewer" cannot delete resource "pods" in API group "" in the namespace "shop"\n',
    ],
    [
      'sandbox-viewer',
      'get secrets',
      'Error from server (Forbidden): secrets is forbidden: User "sandbox-viewer" cannot list resource "secrets" in API group "" in the namespace "shop"\n',
    ],
    [
      'sandbox-viewer',
      'scale deployment/cart --replicas=1',
      'Error from server (Forbidden): deployments.apps "cart" is forbidden: User "sandbox-viewer" cannot patch resource "deployments/scale" in API group "apps" in the namespace "shop"\n',
    ],
    [
      'sandbox-developer',
      'get pods -A',
      'Error from server (Forbidden): pods is forbidden: User "sandbox-developer" cannot list resource "pods" in API group "" at the cluster scope\n',
    ],
    [
      'sandbox-developer',
      'cordon worker-1',
      'Error from server (Forbidden): nodes "worker-1" is forbidden: User "sandbox-developer" cannot get resource "nodes" in API group "" at the cluster scope\n',
    ],
    ['sandbox-developer', 'create role r --verb=get --resource=nodes', 'Error from server (Forbidden)'],
  ])('%s: %s is refused', async (user, line, said) => {
    const { code, stderr } = await as(user, line);
    expect(code).toBe(1);
    expect(stderr).toContain(said.slice(0, 40));
    expect(stderr).toContain(said.slice(said.indexOf('is forbidden') === -1 ? 0 : said.indexOf('is forbidden')));
  });

  test('what they may they can', async () => {
    expect((await as('sandbox-developer', 'scale deployment/mailer --replicas=2')).stdout).toBe(
      'deployment.apps/mailer scaled\n',
    );
    expect((await as('sandbox-viewer', 'get deployment mailer -o jsonpath={.spec.replicas}')).stdout).toBe('2');
    expect((await as('sandbox-developer', 'rollout restart deployment/mailer')).stdout).toBe(
      'deployment.apps/mailer restarted\n',
    );
    expect((await as('sandbox-viewer', 'logs deployment/mailer --tail=1')).code).toBe(0);
  });

  test('a binding that is added or taken away counts at once', async () => {
    const may = () => as('sandbox-viewer', 'auth can-i list secrets').then(({ stdout }) => stdout);
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'secrets', namespace: 'shop' },
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['list'] }],
    };
    expect((await as('sandbox', 'auth reconcile -f -', JSON.stringify(role))).stdout).toMatch(
      /^role\.rbac\.authorization\.k8s\.io\/secrets reconciled\n/,
    );
    expect(await may()).toBe('no\n');
    await as('sandbox', 'create rolebinding secrets --role=secrets --user=sandbox-viewer');
    expect(await may()).toBe('yes\n');
    await as('sandbox', 'delete rolebinding secrets');
    expect(await may()).toBe('no\n');
  });

  test('the token of a service account signs in', async () => {
    const token = (await shop.kubectl(['create', 'token', 'promotions'])).trim();
    const { stdout } = await shop.run(
      ['auth', 'whoami', `--token=${token}`, '-o', 'jsonpath={.status.userInfo.username}'],
      { context: 'sandbox-viewer' },
    );
    expect(stdout).toBe('system:serviceaccount:shop:promotions');
    expect((await shop.run(['get', 'pods', '--token=nonsense'], { context: 'sandbox-viewer' })).stderr).toBe(
      'error: You must be logged in to the server (Unauthorized)\n',
    );
  });
});
