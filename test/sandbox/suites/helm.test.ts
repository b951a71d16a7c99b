/** Helm, and the product's own kubectl and helm tools, on the default world. */
import { beforeAll, describe, expect, test } from 'vitest';
import { chartFiles } from '../../support/charts.ts';
import { CHART } from '../../support/cli-fixtures.ts';
import { type CommandProduct, commandProduct } from '../../support/command-product.ts';
import { hasHelm, rows, type Shop, startShop } from '../shop.ts';

const IMAGE = 'docker.io/library/nginx:1.29';

describe.skipIf(!hasHelm())('helm in the shop', () => {
  let shop: Shop;
  const helm = (line: string) => shop.helm(line.split(' '));
  beforeAll(async () => {
    shop = await startShop();
  });

  test('a release is installed, upgraded, rolled back and taken away', async () => {
    const installed = await helm(
      `install hello ${CHART} -n greet --create-namespace --set image=${IMAGE} --wait --timeout 60s`,
    );
    expect(installed).toMatchObject({ code: 0, stderr: '' });
    expect(installed.stdout).toContain('\nSTATUS: deployed\nREVISION: 1\n');
    expect(rows(await shop.kubectl('get deployment hello -n greet'.split(' ')))[0]).toMatchObject({ READY: '1/1' });

    expect(
      (await helm(`upgrade hello ${CHART} -n greet --reuse-values --set greeting=bonjour,replicas=2`)).stdout,
    ).toContain('Release "hello" has been upgraded.');
    expect(await shop.kubectl('get configmap hello -n greet -o jsonpath={.data.greeting}'.split(' '))).toBe('bonjour');
    expect((await helm('get values hello -n greet')).stdout).toBe(
      `USER-SUPPLIED VALUES:\ngreeting: bonjour\nimage: ${IMAGE}\nreplicas: 2\n`,
    );
    expect((await helm('get manifest hello -n greet')).stdout).toContain('kind: Deployment');

    expect((await helm('rollback hello 1 -n greet')).stdout).toBe('Rollback was a success! Happy Helming!\n');
    expect(await shop.kubectl('get configmap hello -n greet -o jsonpath={.data.greeting}'.split(' '))).toBe('hello');
    const history = JSON.parse((await helm('history hello -n greet -o json')).stdout) as {
      revision: number;
      status: string;
      description: string;
    }[];
    expect(history.map(({ revision, status, description }) => `${revision} ${status} ${description}`)).toEqual([
      '1 superseded Install complete',
      '2 superseded Upgrade complete',
      '3 deployed Rollback to 1',
    ]);
    expect((await helm('status hello -n greet')).stdout).toContain('STATUS: deployed');
    expect(JSON.parse((await helm('list -A -o json')).stdout)).toMatchObject([
      { name: 'hello', namespace: 'greet', revision: '3', status: 'deployed' },
    ]);

    expect((await helm('uninstall hello -n greet --wait')).stdout).toBe('release "hello" uninstalled\n');
    expect(JSON.parse((await helm('list -A -o json')).stdout)).toEqual([]);
    expect((await shop.run('get deployment hello -n greet'.split(' '))).stderr).toBe(
      'Error from server (NotFound): deployments.apps "hello" not found\n',
    );
  });

  test('a release whose objects are refused fails in the words of the API', async () => {
    const { code, stderr } = await helm(`install bad ${CHART} -n nowhere`);
    expect(code).toBe(1);
    expect(stderr).toContain('namespaces "nowhere" not found');
  });

  describe('through the product', () => {
    let product: CommandProduct;
    beforeAll(async () => {
      product = await commandProduct({
        kubeconfig: shop.kubeconfig,
        args: ['--enable-create', '--enable-update', '--enable-delete', '--confirm=never'],
      });
    });

    test('kubectl reads and changes', async () => {
      const read = await product.run('kubectl', 'get deployments -n shop -o name');
      expect(read).toMatchObject({ status: 200, success: true });
      expect(read.output).toContain('deployment.apps/checkout');
      expect((await product.run('kubectl', 'top nodes')).output).toContain('control-1');
      expect((await product.run('kubectl', 'scale deployment mailer --replicas=2 -n shop')).output).toContain(
        'deployment.apps/mailer scaled',
      );
      expect((await product.run('kubectl', 'logs deployment/cart -n shop --tail=1')).output).toContain(
        '"msg":"request"',
      );
    });

    test('helm installs and lists', async () => {
      const installed = await product.run('helm', `install hi ./chart -n default --set image=${IMAGE}`, {
        files: chartFiles(),
      });
      expect(installed).toMatchObject({ success: true });
      const listed = await product.run('helm', 'list -n default');
      expect(listed).toMatchObject({ success: true, output: expect.stringMatching(/^hi\s+default\s+1\s.*deployed/m) });
      const gone = await product.run('helm', 'uninstall hi -n default --wait');
      expect(gone).toMatchObject({ success: true, output: expect.stringContaining('uninstalled') });
    });
  });
});
