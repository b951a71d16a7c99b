/** Changes of objects by the real kubectl: create of everything it offers, apply of every sort, edit, patch, set. */
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { hasKubectl, type Shop, startShop } from '../shop.ts';

const NGINX = 'docker.io/library/nginx';
/** A program of the shop that comes to an end. */
const TOOLBOX = 'registry.shop.example/shop/toolbox';

describe.skipIf(!hasKubectl())('kubectl changes objects in the shop', () => {
  let shop: Shop;
  const run = (line: string, stdin = '') => shop.run(['-n', 'try', ...line.split(' ')], { stdin });
  const kubectl = (line: string, stdin = '') => shop.kubectl(['-n', 'try', ...line.split(' ')], { stdin });
  const settings = (data: Record<string, string>, name = 'settings') =>
    JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels: { set: 'a' } }, data });
  beforeAll(async () => {
    shop = await startShop();
    shop.file('note.txt', 'hello\n');
    shop.file('edit.sh', '#!/bin/sh\nsed -i "s/one: .*/one: edited/" "$1"\n');
    await shop.kubectl(['create', 'namespace', 'try']);
  });

  describe('create', () => {
    test.each([
      [`deployment web --image=${NGINX}:1.28 --replicas=2 --port=8080`, 'deployment.apps/web'],
      ['configmap settings-file --from-literal=a=b --from-file=note.txt', 'configmap/settings-file'],
      ['secret generic password --from-literal=p=q', 'secret/password'],
      ['secret docker-registry pull --docker-server=r.example --docker-username=u --docker-password=p', 'secret/pull'],
      ['serviceaccount robot', 'serviceaccount/robot'],
      [`job once --image=${TOOLBOX}:1.8.0 -- echo hi`, 'job.batch/once'],
      [`cronjob nightly --image=${TOOLBOX}:1.8.0 --schedule=0_0_*_*_* -- echo hi`, 'cronjob.batch/nightly'],
      ['job now --from=cronjob/nightly', 'job.batch/now'],
      ['ingress way --class=public --rule=a.example/x*=web:8080', 'ingress.networking.k8s.io/way'],
      ['quota limit --hard=pods=20,services=10', 'resourcequota/limit'],
      ['poddisruptionbudget keep --selector=app=web --min-available=1', 'poddisruptionbudget.policy/keep'],
      ['role reader --verb=get,list --resource=pods,deployments.apps', 'role.rbac.authorization.k8s.io/reader'],
      ['rolebinding readers --role=reader --serviceaccount=try:robot', 'rolebinding.rbac.authorization.k8s.io/readers'],
      ['clusterrole nodes --verb=get --resource=nodes', 'clusterrole.rbac.authorization.k8s.io/nodes'],
      ['clusterrolebinding nodes --clusterrole=nodes --user=bob', 'clusterrolebinding.rbac.authorization.k8s.io/nodes'],
      ['priorityclass low --value=7 --description=x', 'priorityclass.scheduling.k8s.io/low'],
      ['service clusterip inside --tcp=80:8080', 'service/inside'],
      ['service nodeport node --tcp=80:8080', 'service/node'],
      ['service loadbalancer outside --tcp=80:8080', 'service/outside'],
      ['service externalname elsewhere --external-name=x.example', 'service/elsewhere'],
    ])('create %s', async (line, name) => {
      const args = [
        'create',
        ...line.split(' ').map((word) => (word.startsWith('--schedule') ? word.replaceAll('_', ' ') : word)),
      ];
      expect(await shop.kubectl(['-n', 'try', ...args])).toBe(`${name} created\n`);
    });

    test('they are what was asked for, and come to live', async () => {
      shop.advance(20);
      expect(await kubectl('get deployment web -o jsonpath={.status.availableReplicas}')).toBe('2');
      expect(await kubectl('get job now -o jsonpath={.status.conditions[?(@.type=="Complete")].status}')).toBe('True');
      expect(await kubectl('get service outside -o jsonpath={.status.loadBalancer.ingress[0].ip}')).toBe(
        '203.0.113.11',
      );
      expect(await kubectl('get ingress way -o jsonpath={.status.loadBalancer.ingress[0].ip}')).toBe('203.0.113.10');
      expect(await kubectl('get configmap settings-file -o jsonpath={.data}')).toBe('{"a":"b","note.txt":"hello\\n"}');
      expect(await kubectl('get resourcequota limit -o jsonpath={.status.used.services}')).toBe('4');
    });

    test('a token says whose it is', async () => {
      const token = (await kubectl('create token robot --duration=10m')).trim();
      const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
      expect(claims).toMatchObject({ sub: 'system:serviceaccount:try:robot', 'kubernetes.io': { namespace: 'try' } });
      expect(claims.exp - claims.iat).toBe(600);
    });

    test('run', async () => {
      expect(await kubectl(`run one --image=${TOOLBOX}:1.8.0 --restart=Never --labels=a=b -- sleep 1`)).toBe(
        'pod/one created\n',
      );
      const dry = parse(await kubectl(`run two --image=${TOOLBOX}:1.8.0 --dry-run=server -o yaml`));
      expect(dry.spec).toMatchObject({
        restartPolicy: 'Always',
        serviceAccountName: 'default',
        priorityClassName: 'shop-standard',
      });
      expect((await run('get pod two')).code).toBe(1);
    });

    test('expose and autoscale', async () => {
      expect(await kubectl('expose deployment web --name=web --port=80 --target-port=8080')).toBe(
        'service/web exposed\n',
      );
      expect(await kubectl('get service web -o jsonpath={.spec.selector}')).toBe('{"app":"web"}');
      expect(await kubectl('autoscale deployment web --min=2 --max=5 --cpu=50%')).toBe(
        'horizontalpodautoscaler.autoscaling/web autoscaled\n',
      );
      expect(await kubectl('get hpa web -o jsonpath={.spec.metrics[0].resource}')).toBe(
        '{"name":"cpu","target":{"averageUtilization":50,"type":"Utilization"}}',
      );
      await kubectl('delete hpa web');
    });

    test.each([
      [
        `deployment web --image=${NGINX}:1`,
        'error: failed to create deployment: deployments.apps "web" already exists\n',
      ],
      [
        'priorityclass high --value=2000000001',
        'error: failed to create priorityclass: PriorityClass.scheduling.k8s.io "high" is invalid: value: Forbidden: maximum allowed value of a user defined priority is 1000000000\n',
      ],
      ['role bad --verb=get --resource=nopes', 'the server doesn\'t have a resource type "nopes"\n'],
      [
        'service nodeport low --tcp=80:80 --node-port=1',
        'error: failed to create NodePort service: Service "low" is invalid: spec.ports[0].nodePort: Invalid value: 1: provided port is not in the valid range. The range of valid ports is 30000-32767\n',
      ],
    ])('create %s is refused in the words of the real one', async (line, said) => {
      expect(await run(`create ${line}`)).toEqual({ code: 1, stdout: '', stderr: said });
    });

    test('a manifest of an unknown kind, and one with an unknown field', async () => {
      const nope = JSON.stringify({ apiVersion: 'nope/v1', kind: 'Nope', metadata: { name: 'x' } });
      expect((await run('create -f -', nope)).stderr).toBe(
        'error: resource mapping not found for name: "x" namespace: "" from "STDIN": no matches for kind "Nope" in version "nope/v1"\nensure CRDs are installed first\n',
      );
      const typo = JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'x' },
        spec: { containers: [{ name: 'a', imagee: 'b' }] },
      });
      expect((await run('create -f -', typo)).stderr).toContain(
        'strict decoding error: unknown field "spec.containers[0].imagee"',
      );
    });
  });

  describe('apply', () => {
    test('client side: created, unchanged, configured, and what it compares with', async () => {
      expect(await kubectl('apply -f -', settings({ one: '1', two: '2' }))).toBe('configmap/settings created\n');
      expect(await kubectl('apply -f -', settings({ one: '1', two: '2' }))).toBe('configmap/settings unchanged\n');
      expect(await kubectl('apply -f - --dry-run=server', settings({ one: '2' }))).toBe(
        'configmap/settings configured (server dry run)\n',
      );
      expect(await kubectl('apply -f -', settings({ one: '2' }))).toBe('configmap/settings configured\n');
      expect(await kubectl('get configmap settings -o jsonpath={.data}')).toBe('{"one":"2"}');
      expect(parse(await kubectl('apply view-last-applied configmap/settings')).data).toEqual({ one: '2' });
    });

    test('diff asks with a dry run', async () => {
      const { code, stdout } = await run('diff -f -', settings({ one: '3' }));
      expect(code).toBe(1);
      expect(stdout).toContain('\n-  one: "2"\n+  one: "3"\n');
      expect(await run('diff -f -', settings({ one: '2' }))).toEqual({ code: 0, stdout: '', stderr: '' });
    });

    test('server side: whose a field is', async () => {
      expect(await kubectl('apply --server-side -f -', settings({ one: '2' }))).toBe(
        'configmap/settings serverside-applied\n',
      );
      const other = 'apply --server-side --field-manager=other -f -';
      const refused = await run(other, settings({ one: '4' }));
      expect(refused.code).toBe(1);
      expect(refused.stderr).toMatch(/^error: Apply failed with 1 conflict: conflict with "kubectl": \.data\.one\n/);
      expect(await kubectl(`${other} --force-conflicts`, settings({ one: '4' }))).toBe(
        'configmap/settings serverside-applied\n',
      );
      const { metadata, data } = parse(await kubectl('get configmap settings -o yaml --show-managed-fields'));
      expect(data).toEqual({ one: '4' });
      const managers: { manager: string; operation: string }[] = metadata.managedFields;
      expect(managers.map(({ manager, operation }) => `${manager} ${operation}`)).toEqual([
        'kubectl Apply',
        'kubectl-last-applied Apply',
        'other Apply',
      ]);
    });

    test('--prune by label, and by apply set', async () => {
      const both = (...names: string[]) => names.map((name) => settings({ a: 'b' }, name)).join('\n---\n');
      await kubectl('apply -f -', both('kept', 'gone'));
      const pruned = await kubectl('apply -f - --prune -l set=a --prune-allowlist=core/v1/ConfigMap', both('kept'));
      expect(pruned).toBe('configmap/kept unchanged\nconfigmap/gone pruned\nconfigmap/settings pruned\n');
      const env = { KUBECTL_APPLYSET: 'true' };
      const set = (...names: string[]) =>
        shop.kubectl('apply -f - --prune --applyset=mine -n try'.split(' '), { env, stdin: both(...names) });
      expect(await set('first', 'second')).toBe('configmap/first created\nconfigmap/second created\n');
      expect(await set('first')).toBe('configmap/first unchanged\nconfigmap/second pruned\n');
    });

    test('-k', async () => {
      shop.file(
        'kust/kustomization.yaml',
        'namePrefix: k-\nnamespace: try\nresources: [cm.yaml]\nconfigMapGenerator: [{ name: made, literals: [a=b] }]\n',
      );
      shop.file('kust/cm.yaml', settings({ a: 'b' }, 'plain'));
      expect(await kubectl('apply -k kust')).toBe('configmap/k-made-4h2mbtbbt6 created\nconfigmap/k-plain created\n');
      expect(await kubectl('delete -k kust')).toBe(
        'configmap "k-made-4h2mbtbbt6" deleted from try namespace\nconfigmap "k-plain" deleted from try namespace\n',
      );
    });
  });

  describe('change', () => {
    const value = () => kubectl('get configmap changed -o jsonpath={.data.one}');

    test('edit', async () => {
      await kubectl('create configmap changed --from-literal=one=1');
      const edit = (editor: string) =>
        shop.run('edit configmap changed -n try'.split(' '), { env: { KUBE_EDITOR: editor } });
      expect((await edit(`${shop.folder}/edit.sh`)).stdout).toBe('configmap/changed edited\n');
      expect(await value()).toBe('edited');
      expect((await edit('true')).stderr).toBe('Edit cancelled, no changes made.\n');
    });

    test('replace, with and without force', async () => {
      expect(await kubectl('replace -f -', settings({ one: 'r' }, 'changed'))).toBe('configmap/changed replaced\n');
      const uid = await kubectl('get configmap changed -o jsonpath={.metadata.uid}');
      expect(await kubectl('replace --force -f -', settings({ one: 's' }, 'changed'))).toContain(
        'configmap/changed replaced\n',
      );
      expect(await value()).toBe('s');
      expect(await kubectl('get configmap changed -o jsonpath={.metadata.uid}')).not.toBe(uid);
    });

    const patch = (...args: string[]) => shop.run(['patch', 'deployment', 'web', '-n', 'try', ...args]);
    const replicas = () => kubectl('get deployment web -o jsonpath={.spec.replicas}');

    test('patch of the three types, and of a subresource', async () => {
      const env = [{ name: 'nginx', env: [{ name: 'B', value: '2' }] }];
      expect((await patch('-p', JSON.stringify({ spec: { template: { spec: { containers: env } } } }))).stdout).toBe(
        'deployment.apps/web patched\n',
      );
      expect(await kubectl('get deployment web -o jsonpath={.spec.template.spec.containers[0].image}')).toBe(
        `${NGINX}:1.28`,
      );
      await patch('--type=merge', '-p', '{"spec":{"replicas":3}}');
      expect(await replicas()).toBe('3');
      await patch('--type=json', '-p', '[{"op":"replace","path":"/spec/replicas","value":2}]');
      expect(await replicas()).toBe('2');
      expect((await patch('--subresource=scale', '--type=merge', '-p', '{"spec":{"replicas":3}}')).stdout).toBe(
        'scale.autoscaling/web patched\n',
      );
      expect(await replicas()).toBe('3');
    });

    test.each([
      [
        ['--type=json', '-p', '[{"op":"test","path":"/spec/replicas","value":9}]'],
        'The request is invalid: the server rejected our request due to an error in our request\n',
      ],
      [
        ['--type=merge', '-p', '{"spec":{"replicas":-1}}'],
        'The Deployment "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0\n',
      ],
      [['-p', '{"spec":{"selector":{"matchLabels":{"a":"b"}}}}'], /field is immutable\n$/],
      [['-p', '{}'], ''],
    ])('patch %j', async (args, said) => {
      const { stderr } = await patch(...args);
      if (typeof said === 'string') expect(stderr).toBe(said);
      else expect(stderr).toMatch(said);
    });

    test.each([
      [`image deployment/web nginx=${NGINX}:1.29`, 'deployment.apps/web image updated\n'],
      ['env deployment/web A=1', 'deployment.apps/web env updated\n'],
      ['env deployment/web --list', '# Deployment web, container nginx\nB=2\nA=1\n'],
      ['resources deployment/web --limits=memory=64Mi', 'deployment.apps/web resource requirements updated\n'],
      ['serviceaccount deployment/web robot', 'deployment.apps/web serviceaccount updated\n'],
      ['selector service inside app=web', 'service/inside selector updated\n'],
      ['subject rolebinding readers --user=eve', 'rolebinding.rbac.authorization.k8s.io/readers subjects updated\n'],
    ])('set %s', async (line, printed) => {
      expect(await kubectl(`set ${line}`)).toBe(printed);
    });

    test('label and annotate', async () => {
      expect(await kubectl('label configmap changed x=y')).toBe('configmap/changed labeled\n');
      expect((await run('label configmap changed x=z')).stderr).toBe(
        "error: 'x' already has a value (y), and --overwrite is false\n",
      );
      expect(await kubectl('label configmap changed x=z --overwrite')).toBe('configmap/changed labeled\n');
      expect(await kubectl('label configmap changed x-')).toBe('configmap/changed unlabeled\n');
      expect(await kubectl('annotate configmap changed note=hello')).toBe('configmap/changed annotated\n');
      expect((await run('annotate configmap changed note=x --overwrite --resource-version=1')).stderr).toBe(
        'Error from server (Conflict): Operation cannot be fulfilled on configmaps "changed": the object has been modified; please apply your changes to the latest version and try again\n',
      );
    });
  });

  test('a quota that is used up refuses', async () => {
    await kubectl('create quota maps --hard=count/configmaps=1');
    await expect.poll(() => kubectl('get quota maps -o jsonpath={.status.hard}')).toBe('{"count/configmaps":"1"}');
    expect((await run('create configmap over')).stderr).toMatch(
      /^error: failed to create configmap: configmaps "over" is forbidden: exceeded quota: maps, requested: count\/configmaps=1, used: count\/configmaps=\d+, limited: count\/configmaps=1\n$/,
    );
  });
});
