/** The default world of the sandbox through the real kubectl: each incident is played, seen as its user sees it, and healed. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../../sandbox/create-sandbox.ts';
import { SHOP } from '../../../sandbox/shop/shop.ts';
import { controlPlane, hasControlPlane } from '../../support/control-plane.ts';

interface Seen {
  /** How long after it was played, in minutes of the sandbox's clock. */
  minutes: number;
  /** What the command that the incident names prints; further commands with what they print. */
  look: RegExp;
  also?: readonly (readonly [args: string, printed: RegExp])[];
}

const POD = '-n shop get pods -l app.kubernetes.io/name=';
const LOGS = '-n shop logs --tail=5 -l app.kubernetes.io/name=';

const SEEN: Readonly<Record<string, Seen>> = {
  'bad-image': { minutes: 2, look: /recommendations-\S+ +0\/1 +ImagePullBackOff/ },
  'image-pull-secret-missing': {
    minutes: 2,
    look: /Warning +FailedToRetrieveImagePullSecret .*Unable to retrieve some image pull secrets \(partner-registry\)[\s\S]*401 Unauthorized/,
  },
  'missing-configmap': {
    minutes: 1,
    look: /pricing-\S+ +0\/1 +CreateContainerConfigError/,
    also: [['-n shop get events --field-selector reason=Failed', /Error: configmap "pricing-config" not found/]],
  },
  'missing-secret-key': {
    minutes: 1,
    look: /users-\S+ +0\/1 +CreateContainerConfigError/,
    also: [
      [
        '-n shop describe pods -l app.kubernetes.io/name=users --show-events',
        /couldn't find key session-key in Secret shop\/users-secrets/,
      ],
    ],
  },
  oom: {
    minutes: 2,
    look: /State: +Waiting\n +Reason: +CrashLoopBackOff\n +Last State: +Terminated\n +Reason: +OOMKilled\n +Exit Code: +137/,
  },
  'memory-leak': { minutes: 5, look: /sessions-\S+ +1\/1 +Running +1 \(/ },
  'crash-loop': {
    minutes: 2,
    look: /"level":"fatal".*unknown unit/,
    also: [[`${POD}cart`, /cart-\S+ +0\/1 +CrashLoopBackOff +\d+ \(/]],
  },
  'wrong-probe-port': {
    minutes: 1,
    look: /Warning +Unhealthy .*Readiness probe failed: Get "http:\/\/\S+:8081\/health\/ready": dial tcp \S+:8081: connect: connection refused/,
  },
  'liveness-kill': { minutes: 3, look: /Container search failed liveness probe, will be restarted/ },
  'init-container-failing': {
    minutes: 2,
    look: /orders-\S+ +0\/1 +Init:CrashLoopBackOff/,
    also: [
      ['-n shop logs -l app.kubernetes.io/name=orders -c migrate --tail=50', /relation "addresses" already exists/],
    ],
  },
  'unschedulable-cpu': { minutes: 1, look: /0\/6 nodes are available: .*5 Insufficient cpu/ },
  'node-down': {
    minutes: 7,
    look: /worker-3 +NotReady/,
    also: [['get pods -A --field-selector spec.nodeName=worker-3', /Terminating/]],
  },
  'node-pressure': { minutes: 1, look: /MemoryPressure +True .*KubeletHasInsufficientMemory/ },
  'cordoned-pool': {
    minutes: 1,
    look: /worker-4 +Ready,SchedulingDisabled[\s\S]*worker-5 +Ready,SchedulingDisabled/,
    also: [[`${POD}order-worker`, /order-worker-\S+ +0\/1 +Pending/]],
  },
  'pvc-pending': { minutes: 1, look: /Status: +Pending[\s\S]*storageclass\.storage\.k8s\.io "fast-ssd" not found/ },
  'quota-exceeded': {
    minutes: 1,
    look: /replicaset\/storefront-\S+ +.*is forbidden: exceeded quota: shop, requested: pods=1, used: pods=4\d, limited: pods=40/,
  },
  'bad-rollout': { minutes: 4, look: /error: deployment "catalog" exceeded its progress deadline/ },
  'selector-typo': {
    minutes: 1,
    look: /orders-\S+ +IPv4 +<unset> +<unset>/,
    also: [[`${LOGS}checkout`, /connect: connection refused/]],
  },
  'wrong-target-port': {
    minutes: 1,
    look: /TargetPort: +web\/TCP\nEndpoints: +[\d.]+\n/,
    also: [[`${POD}checkout`, /checkout-\S+ +0\/1 +Running/]],
  },
  'wrong-address': { minutes: 1, look: /lookup rabbit\.data\.svc on \S+: no such host/ },
  'dependency-down': {
    minutes: 1,
    look: /payments +0\/2 [\s\S]*checkout +0\/3 /,
    also: [[`${LOGS}payments`, /connect: connection refused/]],
  },
  'payment-errors': {
    minutes: 2,
    look: /"level":"error".*"status":500/,
    also: [[`${POD}payments`, /payments-\S+ +1\/1 +Running/]],
  },
  'job-failing': {
    minutes: 4,
    look: /BackoffLimitExceeded +Job has reached the specified backoff limit|BackoffLimitExceeded/,
  },
  'cronjob-suspended': { minutes: 12, look: /cart-cleanup +\*\/5 \* \* \* \* +<none> +True +0 +1\dm/ },
  'hpa-no-metrics': {
    minutes: 1,
    look: /"requests_per_second" on pods: +<unknown> \/ 200[\s\S]*ScalingActive +False +FailedGetPodsMetric/,
  },
  'hpa-at-max': { minutes: 6, look: /storefront +Deployment\/storefront +cpu: \d{3}%\/60% +3 +10 +10 / },
  'pdb-blocks-drain': {
    minutes: 1,
    look: /ingress-controller +2 +N\/A +0 /,
    also: [
      [
        'drain -l node-role.kubernetes.io/worker --pod-selector app.kubernetes.io/name=ingress-controller --timeout=6s',
        /Cannot evict pod as it would violate the pod's disruption budget\./,
      ],
      ['uncordon -l node-role.kubernetes.io/worker', /worker-1 uncordoned/],
    ],
  },
  'namespace-stuck': {
    minutes: 1,
    look: /shop\.k8s-mcp\.dev\/settle-redemptions\s+in 1\s+resource instances/,
    also: [['get namespaces', /campaign-spring +Terminating/]],
  },
  'statefulset-stuck': {
    minutes: 2,
    look: /timed out waiting for the condition/,
    also: [['-n data get pods -l app.kubernetes.io/name=kafka', /kafka-2 +0\/1 +ImagePullBackOff/]],
  },
  'ingress-backend-missing': { minutes: 1, look: /storefront-v2:http \(<error: services "storefront-v2" not found>\)/ },
  'tls-secret-missing': {
    minutes: 1,
    look: /MountVolume\.SetUp failed for volume "tls" : secret "gateway-tls" not found/,
  },
  'rbac-denied': { minutes: 1, look: /^no\n/ },
};

describe.skipIf(!hasControlPlane())('incidents of the sandbox as kubectl shows them', () => {
  let sandbox: Sandbox;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'k8s-mcp-incidents-'));
    sandbox = createSandbox({ world: SHOP });
    const { url } = await sandbox.listen(0);
    writeFileSync(join(folder, 'kubeconfig'), sandbox.kubeconfig(url), { mode: 0o600 });
  });

  afterAll(async () => {
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Both streams: what a person sees. */
  function kubectl(args: readonly string[], stdin = ''): Promise<string> {
    const places = [`--kubeconfig=${join(folder, 'kubeconfig')}`, `--cache-dir=${join(folder, 'cache')}`];
    return new Promise((resolve) => {
      const child = execFile(
        controlPlane().kubectl,
        [...places, ...args],
        { timeout: 90_000 },
        (_error, stdout, stderr) => resolve(stdout + stderr),
      );
      child.stdin?.end(stdin);
    });
  }

  /** As `k8s-mcp sandbox` asks, only that kubectl is the one to send it. */
  const post = async (path: string, body: object) =>
    JSON.parse(await kubectl(['create', `--raw=/sandbox/${path}`, '-f', '-'], JSON.stringify(body))) as unknown;

  const minutes = (count: number) => post('advance', { ms: count * 60_000 });

  async function unwell(): Promise<string[]> {
    // Those of Jobs come and go.
    const pods = await kubectl(['get', 'pods', '-A', '--no-headers', '-l', '!batch.kubernetes.io/job-name']);
    const workloads = await kubectl(['get', 'deployments,statefulsets,daemonsets', '-A', '--no-headers']);
    const isUp = (line: string) => / (\d+)\/\1 +Running /.test(line);
    return [
      ...pods.split('\n').filter((line) => line !== '' && !isUp(line)),
      ...workloads.split('\n').filter((line) => / (\d+)\/(?!\1 )\d+ /.test(line)),
    ];
  }

  test('at rest everything is up', async () => {
    expect(await unwell()).toEqual([]);
    expect(await kubectl(['get', 'nodes', '--no-headers'])).toMatch(
      /^(\S+ +Ready +(control-plane|worker) +\d+d +v1\.36\.3\n){6}$/,
    );
    expect(await kubectl(['get', 'events', '-A', '--field-selector', 'type=Warning'])).toBe('No resources found\n');
  });

  test('its users may do what their roles say', async () => {
    const can = async (context: string, ...what: string[]) =>
      (await kubectl(['auth', 'can-i', ...what, '--context', context])).split('\n')[0];
    expect([
      await can('sandbox', '*', '*', '-A'),
      await can('sandbox-viewer', 'list', 'pods', '-A'),
      await can('sandbox-viewer', 'get', 'secrets', '-n', 'shop'),
      await can('sandbox-developer', 'patch', 'deployments.apps', '-n', 'shop'),
      await can('sandbox-developer', 'patch', 'statefulsets.apps', '-n', 'data'),
    ]).toEqual(['yes', 'yes', 'no', 'yes', 'no']);
  });

  test('the list of incidents is the one that is tested here', async () => {
    const { incidents } = JSON.parse(await kubectl(['get', '--raw', '/sandbox/incidents'])) as {
      incidents: { name: string; broken: boolean }[];
    };
    expect(incidents.map(({ name }) => name).sort()).toEqual(Object.keys(SEEN).sort());
    expect(incidents.filter(({ broken }) => broken)).toEqual([]);
  });

  test.each((SHOP.incidents ?? []).map((incident) => [incident.name, incident] as const))(
    '%s',
    async (name, incident) => {
      const seen = SEEN[name];
      if (seen === undefined) throw new Error('nothing is said of what it shows');
      await post('break', { names: [name] });
      await minutes(seen.minutes);
      const looks = [await kubectl(incident.look)];
      for (const [args] of seen.also ?? []) looks.push(await kubectl(args.split(' ')));
      await post('heal', { names: [name] });
      await minutes(8);
      const left = await unwell();
      expect(looks[0]).toMatch(seen.look);
      for (const [index, [, printed]] of (seen.also ?? []).entries()) expect(looks[index + 1]).toMatch(printed);
      expect(left).toEqual([]);
    },
  );
});
