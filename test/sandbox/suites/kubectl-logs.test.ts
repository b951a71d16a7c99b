/** What runs in the default world, as kubectl shows it: logs and usage; and what the sandbox has no containers for. */
import { beforeAll, describe, expect, test } from 'vitest';
import { SHOP } from '../../../sandbox/shop/shop.ts';
import { hasKubectl, rows, type Shop, startShop } from '../shop.ts';

const REQUEST = /^\{"time":"[^"]+","level":"\w+","msg":"request",.*\}$/;
const CHECKPOINT = /^\d{4}-\d\d-\d\d \S+ UTC \[\d+\] LOG: {2}checkpoint complete: /;

describe.skipIf(!hasKubectl())('kubectl on what runs in the shop', () => {
  let shop: Shop;
  let cart: string;
  const run = (line: string) => shop.run(line.split(' '));
  const kubectl = (line: string) => shop.kubectl(line.split(' '));
  const lines = async (line: string) => (await kubectl(line)).trimEnd().split('\n');
  beforeAll(async () => {
    shop = await startShop();
    cart = (await lines('get pods -l app.kubernetes.io/name=cart -o name'))[0] ?? '';
  });

  describe('logs', () => {
    test('--tail', async () => {
      const found = await lines(`logs ${cart} --tail=3`);
      expect(found).toHaveLength(3);
      for (const line of found) expect(line).toMatch(REQUEST);
    });

    test('--timestamps stand before each line and agree with it', async () => {
      for (const line of await lines(`logs ${cart} --tail=3 --timestamps`)) {
        const [, stamp = '', rest = ''] = /^(\S+)\d{6}Z (.*)$/.exec(line) ?? [];
        expect(JSON.parse(rest).time).toBe(`${stamp}Z`);
      }
    });

    test('--since and --since-time cut off what is older', async () => {
      const minute = await lines(`logs ${cart} --since=1m`);
      const hour = await lines(`logs ${cart} --since=1h`);
      expect(minute.length).toBeGreaterThan(0);
      expect(hour.length).toBeGreaterThan(minute.length);
      const from = new Date(shop.sandbox.clock.now() - 30_000).toISOString().replace(/\.\d+Z/, 'Z');
      for (const line of await lines(`logs ${cart} --since-time=${from}`))
        expect(JSON.parse(line).time >= from.slice(0, -1)).toBe(true);
    });

    test('--limit-bytes', async () => {
      const text = await kubectl(`logs ${cart} --limit-bytes=100`);
      expect(text).toHaveLength(100);
      expect(text).toMatch(/^\{"level":"info","msg":"starting"/);
    });

    test('-c, and the container that is meant without it', async () => {
      const { stdout, stderr } = await run('logs -n data catalog-db-0 --tail=1');
      expect(stderr).toBe('Defaulted container "postgres" out of: postgres, exporter\n');
      expect(stdout).toMatch(CHECKPOINT);
      expect(await kubectl('logs -n data catalog-db-0 -c postgres --tail=1')).toMatch(CHECKPOINT);
      expect(await kubectl('logs -n data catalog-db-0 -c exporter --tail=1')).not.toMatch(CHECKPOINT);
    });

    test('--all-containers and --prefix', async () => {
      const found = await lines('logs -n data catalog-db-0 --all-containers --prefix --tail=1');
      expect(found.map((line) => line.split(' ')[0]).sort()).toEqual([
        '[pod/catalog-db-0/exporter]',
        '[pod/catalog-db-0/postgres]',
      ]);
    });

    test('-l reads every pod, a workload its first', async () => {
      expect(await lines('logs -l app.kubernetes.io/name=cart --tail=2')).toHaveLength(6);
      const { stdout, stderr } = await run('logs deployment/cart --tail=1');
      expect(stderr).toMatch(/^Found 3 pods, using pod\/cart-\S+\n$/);
      expect(stdout.trimEnd()).toMatch(REQUEST);
      expect(await kubectl('logs job/search-reindex')).toMatch(/^batch started\n(processed \d+ records\n)+/);
      expect(await lines('logs -n platform daemonset/log-agent --all-pods --tail=1')).toHaveLength(6);
    });

    test('-f goes on with what is written', async () => {
      const { stdout } = await shop.run(['logs', cart, '-f', '--tail=1'], {
        until: /(.*\n){3}/,
        meanwhile: () => setTimeout(() => shop.advance(60), 300),
      });
      // It was ended in the middle of what it wrote.
      const whole = stdout.slice(0, stdout.lastIndexOf('\n'));
      for (const line of whole.split('\n')) expect(line).toMatch(REQUEST);
    });

    test('-f of one that has ended ends', async () => {
      expect((await run('logs -f job/search-reindex')).code).toBe(0);
    });

    test('--previous is what the last one said before it died', async () => {
      expect((await run(`logs ${cart} --previous`)).stderr).toBe(
        `Error from server (BadRequest): previous terminated container "cart" in pod "${cart.slice('pod/'.length)}" not found\n`,
      );
      const incident = SHOP.incidents?.find(({ name }) => name === 'crash-loop');
      incident?.break(shop.sandbox.operator);
      shop.advance(60);
      const states = rows(await kubectl('get pods -l app.kubernetes.io/name=cart'));
      const dead = states.find(({ STATUS }) => STATUS === 'CrashLoopBackOff');
      expect(dead).toBeDefined();
      const said = await lines(`logs ${dead?.['NAME']} --previous`);
      expect(said.at(-1)).toMatch(/"level":"(error|fatal)"/);
      incident?.heal(shop.sandbox.operator);
      shop.advance(60);
    });

    test.each([
      ['logs nope', 'error: error from server (NotFound): pods "nope" not found in namespace "shop"\n'],
      [
        'logs -n data catalog-db-0 -c nope',
        'error: container nope is not valid for pod catalog-db-0 out of: postgres, exporter\n',
      ],
    ])('%s says why not', async (line, said) => {
      expect(await run(line)).toEqual({ code: 1, stdout: '', stderr: said });
    });
  });

  describe('top', () => {
    test('nodes', async () => {
      const found = rows(await kubectl('top nodes'));
      expect(found.map(({ NAME }) => NAME)).toEqual([
        'control-1',
        'worker-1',
        'worker-2',
        'worker-3',
        'worker-4',
        'worker-5',
      ]);
      for (const node of found) {
        expect(node).toMatchObject({
          'CPU(cores)': expect.stringMatching(/^\d+m$/),
          'CPU(%)': expect.stringMatching(/^\d+%$/),
          'MEMORY(bytes)': expect.stringMatching(/^\d+Mi$/),
          'MEMORY(%)': expect.stringMatching(/^\d+%$/),
        });
      }
    });

    test('pods', async () => {
      expect(rows(await kubectl('top pods'))).toContainEqual({
        NAME: cart.slice('pod/'.length),
        'CPU(cores)': expect.stringMatching(/^\d+m$/),
        'MEMORY(bytes)': expect.stringMatching(/^\d+Mi$/),
      });
      const bytes = rows(await kubectl('top pods -A --sort-by=memory')).map((row) =>
        Number.parseInt(row['MEMORY(bytes)'] ?? '', 10),
      );
      expect(bytes).toEqual([...bytes].sort((a, b) => b - a));
      expect(rows(await kubectl('top pod catalog-db-0 -n data --containers')).map(({ NAME }) => NAME)).toEqual([
        'exporter',
        'postgres',
      ]);
      expect(await lines('top pods -l app.kubernetes.io/name=cart --no-headers --sum')).toHaveLength(5);
    });
  });

  test.each([
    ['exec POD -- ls', 'pods/exec', 'error: unable to upgrade connection: '],
    ['attach POD', 'pods/attach', 'error: unable to upgrade connection: '],
    [
      'port-forward POD 0:8080',
      'pods/portforward',
      'error: error upgrading connection: unable to upgrade connection: ',
    ],
    [
      'port-forward service/cart 0:8080',
      'pods/portforward',
      'error: error upgrading connection: unable to upgrade connection: ',
    ],
    ['cp POD:/etc/hosts hosts', 'pods/exec', 'error: unable to upgrade connection: '],
    [
      'get --raw /api/v1/namespaces/shop/services/cart/proxy/',
      'services/proxy',
      'Error from server (NotImplemented): ',
    ],
    ['get --raw /api/v1/nodes/worker-1/proxy/metrics', 'nodes/proxy', 'Error from server (NotImplemented): '],
  ])('%s: nothing runs that could answer, and it says so', async (line, what, before) => {
    const { code, stdout, stderr } = await run(
      line.replace('POD', line.startsWith('cp') ? cart.slice('pod/'.length) : cart),
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(
      `${before}The k8s-mcp sandbox does not serve ${what}; a real cluster does.`,
    );
  });

  test('debug adds its container, which runs, and with which nobody can talk', async () => {
    const name = cart.slice('pod/'.length);
    const look = `debug ${name} --image=docker.io/library/busybox:1.37 -c look`;
    await kubectl(`${look} --attach=false -- sleep 3600`);
    shop.advance(10);
    const status = JSON.parse(await kubectl(`get pod ${name} -o jsonpath={.status.ephemeralContainerStatuses[0]}`));
    expect(status).toMatchObject({ name: 'look', restartCount: 0, state: { running: {} } });
    expect((await run(`logs ${name} -c look`)).code).toBe(0);
    // kubectl then falls back to the logs and ends well.
    const { stderr } = await run(`${look}-too -i -- sleep 3600`);
    expect(stderr).toContain('The k8s-mcp sandbox does not serve pods/attach; a real cluster does.');
  });
});
