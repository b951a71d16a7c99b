/** The default world as kubectl reads it. What the world fixes is literal; ages and addresses are patterns. */
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { AGE, hasKubectl, rows, type Shop, startShop } from '../shop.ts';

const DEPLOYMENTS =
  'cart catalog checkout fraud-check gateway inventory mailer media notifications order-worker orders payments pricing promotions recommendations reviews search sessions shipping storefront users';

describe.skipIf(!hasKubectl())('kubectl reads the shop', () => {
  let shop: Shop;
  const kubectl = (line: string) => shop.kubectl(line.split(' '));
  const run = (line: string) => shop.run(line.split(' '));
  beforeAll(async () => {
    shop = await startShop();
  });

  describe('get', () => {
    test('a table', async () => {
      expect(rows(await kubectl('get deployments'))).toContainEqual({
        NAME: 'checkout',
        READY: '3/3',
        'UP-TO-DATE': '3',
        AVAILABLE: '3',
        AGE: expect.stringMatching(AGE),
      });
    });

    test('-o wide', async () => {
      expect(rows(await kubectl('get pods -n data catalog-db-0 -o wide'))).toEqual([
        {
          NAME: 'catalog-db-0',
          READY: '2/2',
          STATUS: 'Running',
          RESTARTS: '0',
          AGE: expect.stringMatching(AGE),
          IP: expect.stringMatching(/^10\.244\.\d\.\d+$/),
          NODE: expect.stringMatching(/^worker-\d$/),
          'NOMINATED NODE': '<none>',
          'READINESS GATES': '<none>',
        },
      ]);
      expect(rows(await kubectl('get nodes -o wide'))).toContainEqual({
        NAME: 'worker-1',
        STATUS: 'Ready',
        ROLES: 'worker',
        AGE: '22d',
        VERSION: 'v1.36.3',
        'INTERNAL-IP': '10.0.0.11',
        'EXTERNAL-IP': '<none>',
        'OS-IMAGE': 'Debian GNU/Linux 13 (trixie)',
        'KERNEL-VERSION': '6.12.57-cloud-amd64 (amd64)',
        'CONTAINER-RUNTIME': 'containerd://2.1.5',
      });
    });

    test('-A', async () => {
      const found = rows(await kubectl('get statefulsets -A')).map(({ NAMESPACE, NAME, READY }) =>
        [NAMESPACE, NAME, READY].join(' '),
      );
      expect(found).toEqual([
        'data catalog-db 1/1',
        'data kafka 3/3',
        'data orders-db 1/1',
        'data payments-db 1/1',
        'data rabbitmq 1/1',
        'data redis 1/1',
        'data search-index 1/1',
        'data users-db 1/1',
        'platform alertmanager 1/1',
        'platform prometheus 1/1',
      ]);
    });

    test('-o yaml and -o json say the same', async () => {
      const object = parse(await kubectl('get service cart -o yaml'));
      expect(object).toMatchObject({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'cart', namespace: 'shop' },
        spec: { type: 'ClusterIP', ports: [{ name: 'http', port: 8080, protocol: 'TCP', targetPort: 'http' }] },
      });
      expect(JSON.parse(await kubectl('get service cart -o json'))).toEqual(object);
      expect(object.metadata.managedFields).toBeUndefined();
      expect(
        parse(await kubectl('get service cart -o yaml --show-managed-fields')).metadata.managedFields,
      ).toHaveLength(1);
    });

    test.each([
      ['get deployments -o jsonpath={.items[*].metadata.name}', DEPLOYMENTS],
      ['get deployment/cart service/cart -o name', 'deployment.apps/cart\nservice/cart\n'],
      [
        'get deployments -o name --chunk-size=4',
        `deployment.apps/${DEPLOYMENTS.replaceAll(' ', '\ndeployment.apps/')}\n`,
      ],
      [
        'get hpa -o custom-columns=NAME:.metadata.name,MAX:.spec.maxReplicas',
        'NAME         MAX\ngateway      8\nstorefront   10\n',
      ],
      ['get statefulset -n data kafka -o go-template={{.spec.replicas}}/{{.status.readyReplicas}}', '3/3'],
      [
        'get statefulsets -n data -l app.kubernetes.io/component=database -o name',
        'statefulset.apps/catalog-db\nstatefulset.apps/orders-db\nstatefulset.apps/payments-db\nstatefulset.apps/users-db\n',
      ],
      [
        'get services -l app.kubernetes.io/name!=cart,app.kubernetes.io/component=buying,!nope -o name',
        /^(service\/\S+\n)+$/,
      ],
      ['get deployments --field-selector=metadata.name=cart -o name', 'deployment.apps/cart\n'],
      [
        'get pods -A --field-selector=spec.nodeName=control-1,metadata.namespace=kube-system -o name',
        /^pod\/etcd-control-1\npod\/kindnet-\S+\npod\/kube-apiserver-control-1\n/,
      ],
      [
        'get priorityclasses --sort-by=.value -o name',
        'priorityclass.scheduling.k8s.io/shop-batch\npriorityclass.scheduling.k8s.io/shop-standard\npriorityclass.scheduling.k8s.io/shop-edge\npriorityclass.scheduling.k8s.io/data-critical\npriorityclass.scheduling.k8s.io/system-cluster-critical\npriorityclass.scheduling.k8s.io/system-node-critical\n',
      ],
      [
        'get nodes --show-labels --no-headers',
        /^control-1 .* kubernetes\.io\/arch=amd64,kubernetes\.io\/hostname=control-1,/,
      ],
      [
        'get nodes worker-4 -L shop.k8s-mcp.dev/pool --no-headers',
        /^worker-4 +Ready +worker +22d +v1\.36\.3 +burst\n$/,
      ],
      [
        'get po,svc -l app.kubernetes.io/name=shipping --no-headers',
        /^pod\/shipping-\S+ +1\/1 +Running .*\nservice\/shipping +ClusterIP /,
      ],
      [
        'get ingress --no-headers',
        /^api +public +api\.shop\.example +203\.0\.113\.10 +80, 443 +\S+\nstorefront +public /,
      ],
      [
        'get pvc -n data data-kafka-0 --no-headers',
        /^data-kafka-0 +Bound +pvc-\S+ +30Gi +RWO +standard +<unset> +4d\d+h\n$/,
      ],
      ['get hpa gateway --no-headers', /^gateway +Deployment\/gateway +cpu: \d+%\/70% +3 +8 +3 +\S+\n$/],
      [
        'get quota --no-headers',
        /^shop +persistentvolumeclaims: 0\/20, pods: \d+\/120, requests\.cpu: \d+m\/40, requests\.memory: \d+Mi\/48Gi, services: 17\/40/,
      ],
      ['get pdb checkout --no-headers', /^checkout +2 +N\/A +1 +\S+\n$/],
      ['get promo autumn-sale --no-headers', /^autumn-sale +20 +AUTUMN20 +Running +\S+\n$/],
      [
        'get shop -A -o name',
        /^certificate\.certs\.k8s-mcp\.dev\/grafana\n(.*\n)+promotion\.shop\.k8s-mcp\.dev\/winter-sale\n$/,
      ],
      ['get cronjobs cart-cleanup --no-headers', /^cart-cleanup +\*\/5 \* \* \* \* +<none> +False +\d +\S+ +\S+\n$/],
      ['get job search-reindex --no-headers', /^search-reindex +Complete +3\/3 +\d+s +\S+\n$/],
      [
        'get storageclass standard --no-headers',
        /^standard \(default\) +disk\.sandbox\.k8s-mcp\.dev +Delete +WaitForFirstConsumer +true +22d\n$/,
      ],
    ])('%s', async (line, printed) => {
      const text = await kubectl(line);
      if (typeof printed === 'string') expect(text).toBe(printed);
      else expect(text).toMatch(printed);
    });

    test('all', async () => {
      const text = await kubectl('get all -l app.kubernetes.io/name=checkout -o name');
      expect(text.replaceAll(/-[0-9a-z]{6,10}(-[0-9a-z]{5})?$/gm, '-X')).toBe(
        'pod/checkout-X\npod/checkout-X\npod/checkout-X\nservice/checkout\ndeployment.apps/checkout\nreplicaset.apps/checkout-X\n',
      );
    });

    test('-w shows what changes', async () => {
      const pods = await shop.run(['get', 'pods', '-n', 'data', '-w', '--output-watch-events'], {
        until: 'MODIFIED',
        meanwhile: () => shop.kubectl(['label', 'pod', 'kafka-0', '-n', 'data', 'seen=yes']),
      });
      expect(pods.stdout).toMatch(/^EVENT +NAME +READY .*\nADDED +catalog-db-0 /);
      await shop.kubectl(['create', 'configmap', 'seen', '-n', 'default', '--from-literal=a=b']);
      const line =
        'get configmaps -n default --field-selector=metadata.name!=kube-root-ca.crt -w --output-watch-events';
      const { stdout } = await shop.run(line.split(' '), {
        // kubectl writes a row in pieces.
        until: /DELETED.*\n/,
        meanwhile: () => shop.kubectl(['delete', 'configmap', 'seen', '-n', 'default']),
      });
      expect(stdout).toMatch(/^EVENT +NAME +DATA +AGE\nADDED +seen +1 +\S+\nDELETED +seen +1 +\S+\n$/);
    });

    test.each([
      ['get pods nope', 'Error from server (NotFound): pods "nope" not found\n'],
      ['get nopes', 'error: the server doesn\'t have a resource type "nopes"\n'],
      [
        'get pods --field-selector=spec.foo=bar',
        'Error from server (BadRequest): Unable to find "/v1, Resource=pods" that match label selector "", field selector "spec.foo=bar": field label not supported: spec.foo\n',
      ],
      ['get pods -n nowhere', 'No resources found in nowhere namespace.\n'],
      ['get --raw /apis/nope/v1', 'Error from server (NotFound): the server could not find the requested resource\n'],
    ])('%s says why not', async (line, said) => {
      expect((await run(line)).stderr).toBe(said);
    });
  });

  describe('what the API says of itself', () => {
    test('explain', async () => {
      expect(await kubectl('explain deployment.spec.replicas')).toMatch(
        /^GROUP: {6}apps\nKIND: {7}Deployment\nVERSION: {4}v1\n\nFIELD: replicas <integer>\n/,
      );
      const tree = await kubectl('explain pod --recursive');
      expect(tree).toContain('\n      imagePullPolicy\t<string>\n      enum: Always, IfNotPresent, Never\n');
      expect(await kubectl('explain promotions.spec')).toContain('  percentOff\t<integer> -required-\n');
      expect(await kubectl('explain hpa --api-version=autoscaling/v1')).toContain('VERSION:    v1\n');
      const unknown = await run('explain pod.nope');
      expect(unknown).toMatchObject({ code: 1, stderr: 'error: field "nope" does not exist\n' });
    });

    test('api-resources and api-versions', async () => {
      expect(rows(await kubectl('api-resources --api-group=apps -o wide'))).toContainEqual({
        NAME: 'deployments',
        SHORTNAMES: 'deploy',
        APIVERSION: 'apps/v1',
        NAMESPACED: 'true',
        KIND: 'Deployment',
        VERBS: 'create,delete,deletecollection,get,list,patch,update,watch',
        CATEGORIES: 'all',
      });
      expect((await kubectl('api-resources --api-group=shop.k8s-mcp.dev -o name')).trim()).toBe(
        'promotions.shop.k8s-mcp.dev',
      );
      const versions = (await kubectl('api-versions')).trim().split('\n');
      for (const version of ['apps/v1', 'autoscaling/v2', 'metrics.k8s.io/v1beta1', 'shop.k8s-mcp.dev/v1', 'v1'])
        expect(versions).toContain(version);
    });

    test('version and cluster-info', async () => {
      expect(await kubectl('version')).toMatch(/\nServer Version: v1\.36\.3\+k8s-mcp-sandbox\n$/);
      expect(await kubectl('cluster-info')).toContain('control plane');
      const dump = await kubectl('cluster-info dump --namespaces=data -o json');
      expect(dump).toContain('==== START logs for container postgres of pod data/catalog-db-0 ====');
    });

    test('events', async () => {
      expect(await kubectl('events --for=job/search-reindex --types=Normal')).toMatch(
        /^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n(\S+ +Normal +SuccessfulCreate +Job\/search-reindex +Created pod: search-reindex-\w+\n){3}\S+ +Normal +Completed +Job\/search-reindex +Job completed\n$/,
      );
      expect(await kubectl('get events --field-selector=reason=SawCompletedJob --no-headers')).toMatch(
        /cronjob\/sitemap +Saw completed job: sitemap-\d+, condition: Complete\n/,
      );
    });

    test('raw paths', async () => {
      expect(await kubectl('get --raw /healthz')).toBe('ok');
      expect(await kubectl('get --raw /readyz?verbose')).toMatch(/readyz check passed\n$/);
      expect(JSON.parse(await kubectl('get --raw /version')).minor).toBe('36');
      expect(JSON.parse(await kubectl('get --raw /apis/apps/v1')).kind).toBe('APIResourceList');
      expect((await run('get --raw /metrics')).stderr).toBe(
        'Error from server (NotImplemented): The k8s-mcp sandbox does not serve /metrics; a real cluster does.\n',
      );
    });
  });
});
