import { beforeAll, describe, expect, test } from 'vitest';
import { bindEditor, type CallerContext, callerConfig, editorAccount, encode } from '../../support/callers.ts';
import { CHART } from '../../support/cli-fixtures.ts';
import { hasClis, plainCli } from '../../support/clis.ts';
import {
  type AuditRecord,
  audited,
  type CommandAnswer,
  type CommandProduct,
  commandProduct,
} from '../../support/command-product.ts';
import { freshNamespace, hasTestUsers, kubectl } from '../../support/control-plane.ts';
import { seeded } from '../../support/seeded.ts';

/** One tenant. All of them call context, cluster and user the same, and their namespaces hold objects of the same names. */
interface Tenant {
  as: string;
  namespace: string;
  kubeconfig: string;
  /** In their ConfigMap, their pod's label, their release and their Secret: nobody else's answer may hold it. */
  mark: string;
}

const CALLS = 250;
/** At once: more than commands run at once, fewer than may wait. */
const LANES = 24;

describe.skipIf(!hasTestUsers() || !hasClis())('tenants with kubeconfigs of the same names', () => {
  let product: CommandProduct;
  let tenants: Tenant[];

  beforeAll(async () => {
    const gates = ['--enable-create', '--enable-update', '--enable-delete'];
    product = await commandProduct({ args: [...gates, '--command-concurrency', '8'] });
    const users: [string, (namespace: string) => Promise<CallerContext['as']>][] = [
      ['admin', async () => 'admin'],
      ['editor', async (namespace) => bindEditor(namespace, '--user=editor').then(() => 'editor')],
      ['token-admin', async () => 'token-admin'],
      ['account', (namespace) => editorAccount(namespace)],
      ['account', (namespace) => editorAccount(namespace)],
    ];
    tenants = await Promise.all(users.map(([as, credential], index) => makeTenant(as, credential, index)));
  });

  test('every answer is of the one who asked, a few hundred calls at once', async () => {
    const wrong: string[] = [];
    const random = seeded(20_261);
    const asked = new Map<string, number>();
    let left = CALLS;
    const lane = async () => {
      while (left-- > 0) {
        const tenant = tenants[Math.floor(random() * tenants.length)] as Tenant;
        const question = QUESTIONS[Math.floor(random() * QUESTIONS.length)] as Question;
        const byHeader = random() < 0.5;
        const args = JSON.parse(JSON.stringify(question.args).replaceAll('{home}', tenant.namespace)) as object;
        const { status, body } = await product.call(
          question.tool,
          { ...args, ...(byHeader ? {} : { kubeconfig: tenant.kubeconfig }) },
          byHeader ? { headers: { 'x-kubeconfig': tenant.kubeconfig } } : {},
        );
        const text = JSON.stringify(body);
        const own = status === 200 && question.proof(tenant).every((proof) => text.includes(proof));
        const crossed = tenants.filter((other) => other !== tenant && foreign(other, text));
        if (!own || crossed.length > 0)
          wrong.push(`${tenant.namespace} ${question.tool} ${JSON.stringify(question.args)}: ${status} ${text}`);
        asked.set(question.tool, (asked.get(question.tool) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    expect(wrong).toEqual([]);
    expect([...asked.keys()].sort()).toEqual([...new Set(QUESTIONS.map(({ tool }) => tool))].sort());
  });

  test('what only one may see stays theirs: others ask for it by name and are refused', async () => {
    const [, editor, , account] = tenants as [Tenant, Tenant, Tenant, Tenant, Tenant];
    const refused = (tenant: Tenant, target: Tenant) => [
      ['kubectl', { command: 'get secret mine -o yaml', namespace: target.namespace }, tenant],
      ['kubectl', { command: `get --raw /api/v1/namespaces/${target.namespace}/configmaps/who` }, tenant],
      ['helm', { command: 'get values app', namespace: target.namespace }, tenant],
      ['get_resource', { kind: 'secret', name: 'mine', namespace: target.namespace }, tenant],
    ];
    const attempts = [...refused(editor, account), ...refused(account, editor)] as [string, object, Tenant][];
    // The owner has just asked the same: nothing of that answer is kept for others.
    for (const [tool, args, tenant] of attempts) {
      const owner = tenant === editor ? account : editor;
      const asOwner = await product.call(tool, { ...args, kubeconfig: owner.kubeconfig });
      expect({ tool, args, asOwner }).toMatchObject({ asOwner: { status: 200 } });
      const { status, body } = await product.call(tool, { ...args, kubeconfig: tenant.kubeconfig });
      const succeeded = status === 200 && (body as CommandAnswer).success !== false;
      expect({ tool, args, succeeded, body: JSON.stringify(body) }).toEqual({
        tool,
        args,
        succeeded: false,
        body: expect.not.stringContaining(owner.mark),
      });
    }
  });

  test("fingerprints of one value differ from tenant to tenant: nobody learns that another's is the same", async () => {
    const prints = await Promise.all(
      tenants.map(async ({ kubeconfig }) => {
        const command = 'get secret mine -o jsonpath={.data.shared}';
        const { output } = await product.run('kubectl', command, { kubeconfig });
        const again = await product.run('kubectl', command, { kubeconfig });
        expect(again.output).toBe(output);
        return output;
      }),
    );
    expect(new Set(prints).size).toBe(tenants.length);
    for (const print of prints) expect(print).toMatch(/^(?:PHJlZGFjdGVk|<redacted )/);
  });

  test('a marker and a plan token of one tenant are worth nothing to another', async () => {
    const [admin, editor] = tenants as [Tenant, Tenant];
    const shown = await product.run('kubectl', 'get secret mine -o json', { kubeconfig: admin.kubeconfig });
    const secret = JSON.parse(shown.output) as { metadata: Record<string, unknown>; data: Record<string, string> };
    const stdin = JSON.stringify({ ...secret, metadata: { name: 'mine', namespace: editor.namespace } });
    const applied = await product.run('kubectl', 'apply -f -', {
      stdin,
      kubeconfig: editor.kubeconfig,
      namespace: editor.namespace,
    });
    expect(applied).toMatchObject({ status: 200, success: false });
    const stored = await kubectl(['get', 'secret', 'mine', '-n', editor.namespace, '-o', 'jsonpath={.data.mark}']);
    expect(Buffer.from(stored, 'base64').toString()).toBe(editor.mark);

    const remove = { command: 'delete configmap spare' };
    const plan = await product.run('kubectl', remove.command, { kubeconfig: admin.kubeconfig });
    expect(plan).toMatchObject({ status: 428, plan: { token: expect.any(String) } });
    const confirm = (plan.plan as unknown as { token: string }).token;
    const stolen = await product.run('kubectl', remove.command, { confirm, kubeconfig: editor.kubeconfig });
    expect(stolen.status).toBeGreaterThanOrEqual(400);
    expect(await kubectl(['get', 'configmap', 'spare', '-n', editor.namespace, '-o', 'name'])).toBe(
      'configmap/spare\n',
    );
    const own = await product.run('kubectl', remove.command, { confirm, kubeconfig: admin.kubeconfig });
    expect(own).toMatchObject({ status: 200, success: true });
    expect(await kubectl(['get', 'configmap', 'spare', '-n', admin.namespace, '--ignore-not-found'])).toBe('');
  });

  test('one kubeconfig in two encodings is one cluster; another token makes another', async () => {
    const handles = async (...kubeconfigs: string[]) => {
      // By the limit of its time one knows the call again.
      const timeout = 59;
      for (const kubeconfig of kubeconfigs) await product.run('kubectl', 'get configmap who', { kubeconfig, timeout });
      const asked = (records: AuditRecord[]) =>
        records.filter(({ type, arguments: args }) => type === 'call' && args.timeout === timeout);
      const records = await audited(product, (all) => asked(all).length >= kubeconfigs.length);
      return asked(records).map(({ cluster }) => cluster);
    };
    const [, , token] = tenants as [Tenant, Tenant, Tenant];
    const urlSafe = Buffer.from(token.kubeconfig, 'base64').toString('base64url');
    const [one, two, three] = await handles(token.kubeconfig, urlSafe, (tenants[0] as Tenant).kubeconfig);
    expect(two).toBe(one);
    expect(three).not.toBe(one);
    expect(one).toMatch(/^request:prod 127\.0\.0\.1:\d+ r-[0-9a-f]{20}$/);
  });
});

interface Question {
  tool: string;
  /** `{home}` stands for the tenant's namespace, where a tool means all namespaces without one. */
  args: Record<string, unknown>;
  /** What its answer must hold. */
  proof: (tenant: Tenant) => string[];
}

const ask = (tool: string, args: Record<string, unknown>, proof: Question['proof']): Question => ({
  tool,
  args,
  proof,
});
const mark = (tenant: Tenant) => [tenant.mark];
const home = (tenant: Tenant) => [tenant.namespace];

/** Those of commands name no tenant: whose answer it is depends on the kubeconfig alone. */
const QUESTIONS: readonly Question[] = [
  ask('kubectl', { command: 'auth whoami' }, ({ as, namespace }) => [
    as === 'account' ? `system:serviceaccount:${namespace}:tenant` : as,
  ]),
  ask('kubectl', { command: 'get configmap who -o jsonpath={.data.mark}' }, mark),
  ask('kubectl', { command: 'get configmaps -o yaml' }, mark),
  ask('kubectl', { command: 'get pods --show-labels' }, mark),
  ask('kubectl', { command: 'get pods -o json | jq -r .items[].metadata.labels.mark' }, mark),
  ask('kubectl', { command: 'get secret mine -o yaml' }, home),
  ask('kubectl', { command: 'describe configmap who | grep tenant' }, mark),
  ask(
    'kubectl',
    {
      command: 'apply --dry-run=server -f - -o yaml',
      stdin: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: spare, labels: {new: label}}\n',
    },
    home,
  ),
  ask('kubectl', { command: 'logs shop' }, () => ['GET /healthz 200']),
  ask('helm', { command: 'list' }, home),
  ask('helm', { command: 'get values app' }, mark),
  ask('helm', { command: 'status app' }, home),
  ask('get_resource', { kind: 'secret', name: 'mine' }, home),
  ask('list_resources', { kind: 'configmaps', namespace: '{home}' }, home),
  ask('list_resources', { kind: 'secrets', namespace: '{home}', output: 'names' }, () => ['mine']),
  ask('get_resource', { kind: 'configmap', name: 'who' }, mark),
  ask('k8s-get-pods', {}, home),
  ask('k8s-describe-pod', { pod_name: 'shop' }, mark),
  ask('k8s-get-logs', { pod_name: 'shop' }, home),
  ask('k8s-get-events', {}, home),
];

function foreign({ mark: theirs, namespace }: Tenant, text: string): boolean {
  return text.includes(theirs) || text.includes(namespace);
}

async function makeTenant(
  as: string,
  credential: (namespace: string) => Promise<CallerContext['as']>,
  index: number,
): Promise<Tenant> {
  const namespace = await freshNamespace(`tenant${index}`);
  const own = `mark-of-${namespace}-x`;
  const items = [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'who' }, data: { mark: own, tenant: own } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'spare' } },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'mine' },
      stringData: { mark: own, shared: 'the-same-for-all' },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'shop', labels: { mark: own } },
      spec: { containers: [{ name: 'app', image: 'shop:1' }] },
    },
  ];
  await kubectl(['apply', '-n', namespace, '-f', '-'], {
    stdin: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
  });
  await plainCli('helm', ['install', 'app', CHART, '-n', namespace, '--set', `greeting=${own}`]);
  await kubectl(['wait', '--for=condition=Ready', 'pod/shop', '-n', namespace, '--timeout=120s']);
  return { as, namespace, mark: own, kubeconfig: encode(callerConfig({ as: await credential(namespace), namespace })) };
}
