/** The intelligent tools on a real API server: what hangs together, what is wrong first, and what a viewer sees of it. */
import { beforeAll, describe, expect, test } from 'vitest';
import { controlPlane, freshNamespace, hasTestUsers, kubectl } from '../../support/control-plane.ts';
import { type GraphProduct, graphProduct } from '../../support/graph-product.ts';

describe.skipIf(!hasTestUsers())('the intelligent tools on a real server', () => {
  let namespace: string;
  let product: GraphProduct;

  beforeAll(async () => {
    namespace = await freshNamespace('g6-tools');
    await apply(configMap('settings'), deployment('cart', 'settings'), service('cart'));
    await kubectl(['rollout', 'status', 'deployment/cart', '-n', namespace, '--timeout=60s']);
    product = await graphProduct(controlPlane().kubeconfig);
  });

  const apply = (...objects: object[]) =>
    kubectl(['apply', '-n', namespace, '-f', '-'], {
      stdin: objects.map((object) => JSON.stringify(object)).join('\n---\n'),
    });
  const configMap = (name: string) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name },
    data: { color: 'blue' },
  });
  const service = (name: string) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app: name }, ports: [{ port: 80 }] },
  });
  const deployment = (name: string, settings: string, labels: Record<string, string> = {}) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name, ...labels } },
        spec: {
          containers: [
            {
              name: 'main',
              image: 'example.test/web:1',
              env: [{ name: 'LOGIN', valueFrom: { secretKeyRef: { name: 'login', key: 'user', optional: true } } }],
              envFrom: [{ configMapRef: { name: settings } }],
            },
          ],
        },
      },
    },
  });

  const relations = async (query_type: string, ...targets: string[]) => {
    const answer = await product.ask('k8s-relation-query', { query_type, target_resources: targets });
    expect(answer.ok, answer.text).toBe(true);
    return answer;
  };
  const nodeOfCart = () =>
    kubectl(['get', 'pods', '-n', namespace, '-l', 'app=cart', '-o', 'jsonpath={.items[0].spec.nodeName}']);

  test('what a Deployment depends on, with the fields that say so', async () => {
    const { text } = await relations('dependencies', `deployment/${namespace}/cart`);
    expect(text).toMatch(
      new RegExp(`ConfigMap ${namespace}/settings · spec\\.template\\.spec\\.containers\\[main\\]\\.envFrom`),
    );
    expect(text).toMatch(new RegExp(`Secret ${namespace}/login \\(MISSING\\) · .*\\(optional\\)`));
    expect(text).toMatch(/runs on (2 Nodes \(all Ready\): |Node )/);
    expect(text).toContain(await nodeOfCart());
  });

  test('whom it hurts when a Deployment, a ConfigMap or a Node goes', async () => {
    const ofDeployment = await relations('impact_analysis', `deployment/${namespace}/cart`);
    expect(ofDeployment.text).toMatch(new RegExp(`Service ${namespace}/cart .*down`));
    const ofSettings = await relations('impact_analysis', `configmap/${namespace}/settings`);
    expect(ofSettings.text).toContain(`Deployment ${namespace}/cart`);
    expect(ofSettings.text).toContain(`Service ${namespace}/cart`);
    const node = await nodeOfCart();
    const ofNode = await product.ask('k8s-relation-query', {
      query_type: 'failure_propagation',
      target_resources: [`node/${node}`],
      max_results: 1000,
    });
    expect(ofNode.shown).toContain(`Pod/${namespace}/cart-`);
  });

  test('the way from a Service to a ConfigMap', async () => {
    const { output } = await relations('resource_path', `svc/${namespace}/cart`, `cm/${namespace}/settings`);
    expect(output['summary']).toMatchObject({ found: true });
    const steps = (output['results'] as { kind: string }[]).map(({ kind }) => kind);
    expect(steps[0]).toBe('Service');
    expect(steps.at(-1)).toBe('ConfigMap');
  });

  test('a viewer is told what may not be seen, and never that it is missing', async () => {
    const { text } = await product.ask('k8s-relation-query', {
      query_type: 'dependencies',
      target_resources: [`deployment/${namespace}/cart`],
      context: 'viewer',
    });
    expect(text).toContain(`Secret ${namespace}/login (unknown: its kind may not be read)`);
    expect(text).toMatch(/not visible to this identity: .*Secret/);
    expect(text).toContain(`ConfigMap ${namespace}/settings`);
  });

  const summary = async () => {
    const { output } = await product.ask('k8s-cluster-summary', { focus_namespace: namespace });
    return output as { anomalies: { root: { kind: string; name: string } }[]; health_status: { overall: string } };
  };
  const firstRoot = async () => (await summary()).anomalies[0]?.root;
  /** Detectors hold back for some time what may be passing. */
  const SOON = { timeout: 100_000, interval: 1_000 };

  test('a crash is the first thing wrong in its namespace; once it is healed, nothing is', async () => {
    expect((await summary()).anomalies).toEqual([]);
    await apply(deployment('broken', 'settings', { 'k8s-mcp.test/fail': 'crashloop' }));
    await expect.poll(firstRoot, SOON).toEqual({ kind: 'Deployment.apps', namespace, name: 'broken' });
    const { text } = await product.ask('k8s-cluster-summary', { focus_namespace: namespace });
    expect(text.split('\n')[1]).toMatch(new RegExp(`^(CRITICAL|WARNING): namespace ${namespace}: `));
    const around = async () => (await relations('anomaly_correlation', `deployment/${namespace}/broken`)).text;
    await expect.poll(around, SOON).toContain('CrashLoopBackOff');
    await apply(deployment('broken', 'settings'));
    await expect.poll(async () => (await summary()).anomalies, SOON).toEqual([]);
  });

  test('a ConfigMap that is missing is named before the pods that wait for it', async () => {
    // A label that none of the machinery beneath knows: the pods stay as they are told.
    await apply(deployment('waiting', 'not-there', { 'k8s-mcp.test/fail': 'told' }));
    const pods = ['get', 'pods', '-n', namespace, '-l', 'app=waiting', '-o', 'jsonpath={.items[*].metadata.name}'];
    await expect.poll(async () => (await kubectl(pods)).split(' ').filter(Boolean).length, SOON).toBe(2);
    const names = (await kubectl(pods)).split(' ');
    const tell = async (status: object) => {
      for (const name of names)
        await kubectl([
          'patch',
          'pod',
          name,
          '-n',
          namespace,
          '--subresource=status',
          '-p',
          JSON.stringify({ status }),
        ]);
    };
    const ready = (status: 'True' | 'False') => [
      { type: 'Ready', status, lastTransitionTime: new Date().toISOString() },
    ];
    const container = (state: object, isReady: boolean) => [
      { name: 'main', image: 'example.test/web:1', imageID: '', restartCount: 0, ready: isReady, state },
    ];
    const message = 'configmap "not-there" not found';
    await tell({
      phase: 'Pending',
      startTime: new Date(Date.now() - 120_000).toISOString(),
      conditions: ready('False'),
      containerStatuses: container({ waiting: { reason: 'CreateContainerConfigError', message } }, false),
    });
    await expect.poll(firstRoot, SOON).toEqual({ kind: 'ConfigMap', namespace, name: 'not-there' });
    await apply(configMap('not-there'));
    const startedAt = new Date().toISOString();
    await tell({
      phase: 'Running',
      conditions: ready('True'),
      containerStatuses: container({ running: { startedAt } }, true),
    });
    await expect.poll(async () => (await summary()).anomalies, SOON).toEqual([]);
  });
});
