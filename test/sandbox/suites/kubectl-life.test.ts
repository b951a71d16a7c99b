/** The life of the default world under the real kubectl: rollouts, scale, deletes and what they take with them, waits, nodes. */
import { beforeAll, describe, expect, test } from 'vitest';
import { hasKubectl, rows, type Shop, startShop } from '../shop.ts';

const NGINX = 'docker.io/library/nginx';

describe.skipIf(!hasKubectl())('kubectl moves the shop', () => {
  let shop: Shop;
  const run = (line: string) => shop.run(['-n', 'try', ...line.split(' ')]);
  const kubectl = (line: string) => shop.kubectl(['-n', 'try', ...line.split(' ')]);
  /** Of a command that waits: time goes by as soon as it has said the first word. */
  const passing = (line: string) => shop.run(['-n', 'try', ...line.split(' ')], { meanwhile: () => shop.advance(120) });
  const names = async (line: string) => (await kubectl(`get ${line} -o name`)).trimEnd().split('\n').filter(Boolean);
  beforeAll(async () => {
    shop = await startShop();
    await shop.kubectl(['create', 'namespace', 'try']);
    await kubectl(`create deployment web --image=${NGINX}:1.28 --replicas=2`);
    await kubectl('rollout status deployment/web --timeout=60s');
  });

  describe('rollout', () => {
    test('status tells how far it is', async () => {
      await kubectl(`set image deployment/web nginx=${NGINX}:1.29`);
      const { code, stdout } = await passing('rollout status deployment/web --timeout=60s');
      expect(code).toBe(0);
      expect(stdout).toMatch(
        /^(Waiting for deployment "web" rollout to finish: .*\n)*deployment "web" successfully rolled out\n$/,
      );
    });

    test('history', async () => {
      await kubectl('annotate deployment/web kubernetes.io/change-cause=second');
      expect(await kubectl('rollout history deployment/web')).toBe(
        'deployment.apps/web \nREVISION  CHANGE-CAUSE\n1         <none>\n2         second\n\n',
      );
      expect(await kubectl('rollout history deployment/web --revision=2')).toContain(`    Image:\t${NGINX}:1.29\n`);
    });

    test('undo', async () => {
      expect(await kubectl('rollout undo deployment/web')).toBe('deployment.apps/web rolled back\n');
      expect(await kubectl('get deployment web -o jsonpath={.spec.template.spec.containers[0].image}')).toBe(
        `${NGINX}:1.28`,
      );
      expect(await run('rollout undo deployment/web --to-revision=7')).toEqual({
        code: 1,
        stdout: '',
        stderr: 'error: unable to find specified revision 7 in history\n',
      });
      await passing('rollout status deployment/web --timeout=60s');
      expect(await kubectl('rollout history deployment/web')).toMatch(/\n2 +second\n3 +<none>\n/);
    });

    test('pause, resume, restart', async () => {
      expect(await kubectl('rollout pause deployment/web')).toBe('deployment.apps/web paused\n');
      expect((await run('rollout pause deployment/web')).stderr).toBe(
        'error: deployments.apps "web" is already paused\n',
      );
      expect((await run('rollout restart deployment/web')).stderr).toBe(
        'error: deployments.apps "web" can\'t restart paused deployment (run rollout resume first)\n',
      );
      expect(await kubectl('rollout resume deployment/web')).toBe('deployment.apps/web resumed\n');
      const before = await names('pods -l app=web');
      expect(await kubectl('rollout restart deployment/web')).toBe('deployment.apps/web restarted\n');
      expect((await passing('rollout status deployment/web --timeout=60s')).code).toBe(0);
      shop.advance(60);
      const after = await names('pods -l app=web');
      expect(after).toHaveLength(2);
      for (const pod of after) expect(before).not.toContain(pod);
    });

    test.each([
      [
        'statefulset/redis',
        'data',
        'statefulset.apps/redis',
        /partitioned roll out complete: 1 new pods have been updated\.\.\.\n$/,
      ],
      [
        'daemonset/log-agent',
        'platform',
        'daemonset.apps/log-agent',
        /daemon set "log-agent" successfully rolled out\n$/,
      ],
    ])('of %s', async (name, namespace, full, done) => {
      expect(await kubectl(`rollout history ${name} -n ${namespace}`)).toBe(
        `${full} \nREVISION  CHANGE-CAUSE\n1         <none>\n\n`,
      );
      expect(await kubectl(`rollout restart ${name} -n ${namespace}`)).toBe(`${full} restarted\n`);
      shop.advance(240);
      expect((await run(`rollout status ${name} -n ${namespace} --timeout=60s`)).stdout).toMatch(done);
      expect(await kubectl(`rollout undo ${name} -n ${namespace}`)).toBe(`${full} rolled back\n`);
      shop.advance(240);
      expect((await run(`rollout status ${name} -n ${namespace} --timeout=60s`)).code).toBe(0);
    });

    test('one that does not get on says so, and which', async () => {
      await kubectl(`set image deployment/web nginx=${NGINX}:nope`);
      shop.advance(700);
      expect((await run('rollout status deployment/web --timeout=60s')).stderr).toBe(
        'error: deployment "web" exceeded its progress deadline\n',
      );
      const pods = rows(await kubectl('get pods -l app=web'));
      expect(pods.map(({ STATUS }) => STATUS)).toContain('ImagePullBackOff');
      expect(await kubectl('events --types=Warning')).toMatch(/ Failed +Pod\/web-\S+ +Error: ErrImagePull\n/);
      await kubectl('rollout undo deployment/web');
      shop.advance(60);
    });
  });

  test('scale, and only when it is as large as one thinks', async () => {
    expect(await kubectl('scale deployment/web --replicas=4 --current-replicas=2')).toBe(
      'deployment.apps/web scaled\n',
    );
    expect((await run('scale deployment/web --replicas=4 --current-replicas=2')).stderr).toBe(
      'error: Expected replicas to be 2, was 4\n',
    );
    shop.advance(30);
    expect(rows(await kubectl('get deployment web'))[0]).toMatchObject({ READY: '4/4' });
    expect(await kubectl('scale statefulset/kafka --replicas=4 -n data')).toBe('statefulset.apps/kafka scaled\n');
    shop.advance(120);
    expect(rows(await kubectl('get pvc data-kafka-3 -n data'))[0]).toMatchObject({ STATUS: 'Bound' });
    await kubectl('scale statefulset/kafka --replicas=3 -n data');
    shop.advance(120);
    expect(await names('pod -n data -l app.kubernetes.io/name=kafka')).toEqual([
      'pod/kafka-0',
      'pod/kafka-1',
      'pod/kafka-2',
    ]);
  });

  describe('wait', () => {
    test('for conditions, paths, creation and the end', async () => {
      expect(await kubectl('wait --for=condition=Available deployment/web --timeout=10s')).toBe(
        'deployment.apps/web condition met\n',
      );
      expect(await kubectl('wait --for=jsonpath={.status.phase}=Active namespace/try --timeout=10s')).toBe(
        'namespace/try condition met\n',
      );
      expect((await run('wait --for=condition=Paused deployment/web --timeout=1s')).stderr).toBe(
        'error: timed out waiting for the condition on deployments/web\n',
      );
      const created = run('wait --for=create configmap/late --timeout=20s');
      await kubectl('create configmap late');
      expect((await created).stdout).toBe('configmap/late condition met\n');
      const deleted = run('wait --for=delete configmap/late --timeout=20s');
      await kubectl('delete configmap late');
      expect((await deleted).code).toBe(0);
    });
  });

  describe('delete', () => {
    test('a pod that belongs to somebody comes back', async () => {
      const [pod = ''] = await names('pods -l app=web');
      const { stdout } = await run(`delete ${pod} --wait=false`);
      expect(stdout).toBe(`pod "${pod.slice('pod/'.length)}" deleted from try namespace\n`);
      shop.advance(60);
      const after = await names('pods -l app=web');
      expect(after).toHaveLength(4);
      expect(after).not.toContain(pod);
    });

    test('waits for what it deletes', async () => {
      const [pod = ''] = await names('pods -l app=web');
      expect((await passing(`delete ${pod} --timeout=60s`)).code).toBe(0);
      expect(await names('pods -l app=web')).not.toContain(pod);
    });

    test('--force does not wait', async () => {
      const [pod = ''] = await names('pods -l app=web');
      const { stdout, stderr } = await run(`delete ${pod} --force --grace-period=0`);
      expect(stderr).toMatch(/^Warning: Immediate deletion does not wait for confirmation/);
      expect(stdout).toBe(`pod "${pod.slice('pod/'.length)}" force deleted from try namespace\n`);
    });

    test.each([
      ['orphan', 1, 1],
      ['background', 0, 0],
      ['foreground', 0, 0],
    ])('--cascade=%s', async (cascade, sets, pods) => {
      await kubectl(`create deployment ${cascade} --image=${NGINX}:1.28`);
      shop.advance(20);
      expect((await passing(`delete deployment ${cascade} --cascade=${cascade} --timeout=60s`)).stdout).toBe(
        `deployment.apps "${cascade}" deleted from try namespace\n`,
      );
      shop.advance(120);
      expect(await names(`replicasets -l app=${cascade}`)).toHaveLength(sets);
      expect(await names(`pods -l app=${cascade}`)).toHaveLength(pods);
    });

    test('what is not there', async () => {
      expect((await run('delete pod nope')).stderr).toBe('Error from server (NotFound): pods "nope" not found\n');
      expect(await kubectl('delete pod nope --ignore-not-found')).toBe('');
    });

    test('--dry-run=server deletes nothing', async () => {
      expect(await kubectl('delete deployment web --dry-run=server')).toBe(
        'deployment.apps "web" deleted from try namespace (server dry run)\n',
      );
      expect(await names('deployments')).toContain('deployment.apps/web');
    });

    test('a namespace goes with all that is in it', async () => {
      await kubectl('create namespace going');
      await kubectl(`create deployment web -n going --image=${NGINX}:1.28`);
      shop.advance(20);
      await kubectl('delete namespace going --wait=false');
      const late = await run('create configmap late -n going');
      expect(late.stderr).toContain('because it is being terminated');
      shop.advance(120);
      expect((await run('get namespace going')).stderr).toBe(
        'Error from server (NotFound): namespaces "going" not found\n',
      );
    });
  });

  describe('nodes', () => {
    const node = async (name: string) => rows(await kubectl(`get node ${name}`))[0]?.['STATUS'];

    test('cordon, drain, uncordon', async () => {
      expect(await kubectl('cordon worker-5')).toBe('node/worker-5 cordoned\n');
      expect(await node('worker-5')).toBe('Ready,SchedulingDisabled');
      const moving = setInterval(() => shop.advance(20), 200);
      const { code, stdout, stderr } = await run(
        'drain worker-5 --ignore-daemonsets --delete-emptydir-data --force --timeout=50s',
      );
      clearInterval(moving);
      expect(code).toBe(0);
      expect(stderr).toContain('Warning: ignoring DaemonSet-managed Pods: kube-system/kindnet-');
      expect(stdout).toMatch(/pod\/\S+ evicted\nnode\/worker-5 drained\n$/);
      const left = await kubectl(
        'get pods -A --field-selector=spec.nodeName=worker-5 -o jsonpath={.items[*].metadata.ownerReferences[0].kind}',
      );
      expect(new Set(left.split(' '))).toEqual(new Set(['DaemonSet']));
      expect(await kubectl('uncordon worker-5')).toBe('node/worker-5 uncordoned\n');
      expect(await node('worker-5')).toBe('Ready');
    });

    test('a taint keeps away, NoExecute sends away', async () => {
      expect(await kubectl('taint node worker-4 gone=yes:NoExecute')).toBe('node/worker-4 tainted\n');
      shop.advance(60);
      const left = await kubectl(
        'get pods -A --field-selector=spec.nodeName=worker-4 -o jsonpath={.items[*].metadata.ownerReferences[0].kind}',
      );
      expect(new Set(left.split(' '))).toEqual(new Set(['DaemonSet']));
      expect(await kubectl('taint node worker-4 gone-')).toBe('node/worker-4 untainted\n');
    });
  });

  test('a budget that allows none refuses an eviction, and drain says so', async () => {
    await kubectl('patch pdb checkout -n shop --type=merge -p {"spec":{"minAvailable":3}}');
    shop.advance(30);
    const where = await kubectl(
      'get pods -n shop -l app.kubernetes.io/name=checkout -o jsonpath={.items[0].spec.nodeName}',
    );
    const refused = await run(
      `drain ${where} --ignore-daemonsets --pod-selector=app.kubernetes.io/name=checkout --timeout=5s`,
    );
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("Cannot evict pod as it would violate the pod's disruption budget.");
    await kubectl(`uncordon ${where}`);
  });

  test('an autoscaler scales what is under load', async () => {
    expect(rows(await kubectl('get hpa storefront -n shop'))[0]).toMatchObject({
      REFERENCE: 'Deployment/storefront',
      REPLICAS: '3',
    });
  });
});
