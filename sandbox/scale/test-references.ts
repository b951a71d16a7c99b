/** For tests: what in a store refers to something that is not there, or says of others what is not so. */
import type { Store } from '../store/types.ts';

// Objects of any kind are walked through here; their shapes are what the test is about.
// biome-ignore lint/suspicious/noExplicitAny: see above.
type Any = any;

const ID: Readonly<Record<string, string>> = {
  Node: 'nodes',
  Pod: 'pods',
  Service: 'services',
  Deployment: 'deployments.apps',
  ReplicaSet: 'replicasets.apps',
  StatefulSet: 'statefulsets.apps',
  DaemonSet: 'daemonsets.apps',
  Job: 'jobs.batch',
  CronJob: 'cronjobs.batch',
};

export function danglingReferences(store: Store, resources: readonly string[], withEvents: boolean): string[] {
  const problems: string[] = [];
  const objects = new Map(resources.map((id) => [id, store.list(id).map(({ body }) => body.object() as Any)]));
  const keys = new Map<string, Any>();
  for (const [id, all] of objects)
    for (const each of all) keys.set(keyOf(id, each.metadata.namespace, each.metadata.name), each);
  const find = (id: string, namespace: string | undefined, name: string) => keys.get(keyOf(id, namespace, name));
  const check = (found: unknown, who: Any, what: string) => {
    if (!found) problems.push(`${who.kind} ${who.metadata.namespace ?? ''}/${who.metadata.name}: ${what}`);
  };
  const all = (id: string) => objects.get(id) ?? [];

  for (const list of objects.values())
    for (const object of list) {
      const { namespace, ownerReferences = [] } = object.metadata;
      if (namespace !== undefined) check(find('namespaces', undefined, namespace), object, 'namespace');
      for (const owner of ownerReferences) {
        const id = ID[owner.kind] ?? '';
        const found = find(id, id === 'nodes' ? undefined : namespace, owner.name);
        check(found?.metadata.uid === owner.uid, object, `owner ${owner.kind} ${owner.name}`);
      }
    }
  for (const pod of all('pods')) checkPod(pod, find, check);
  for (const claim of all('persistentvolumeclaims')) {
    const volume = find('persistentvolumes', undefined, claim.spec.volumeName);
    check(volume?.spec.claimRef.uid === claim.metadata.uid, claim, 'volume');
    check(find('storageclasses.storage.k8s.io', undefined, claim.spec.storageClassName), claim, 'class');
  }
  const podsByNamespace = Map.groupBy(all('pods'), (pod: Any) => pod.metadata.namespace);
  const selected = (namespace: string, labels: Any): Any[] =>
    (podsByNamespace.get(namespace) ?? []).filter((pod: Any) =>
      Object.entries(labels).every(([key, value]) => pod.metadata.labels[key] === value),
    );
  for (const service of all('services')) {
    if (service.spec.selector === undefined) continue;
    const { namespace, name } = service.metadata;
    const slices = all('endpointslices.discovery.k8s.io').filter(
      (slice: Any) =>
        slice.metadata.namespace === namespace && slice.metadata.labels['kubernetes.io/service-name'] === name,
    );
    const shown = slices.flatMap((slice: Any) => slice.endpoints);
    const pods = selected(namespace, service.spec.selector);
    check(pods.length > 0, service, 'selects nothing');
    const addressed = pods.filter((pod) => pod.status.podIP !== undefined);
    check(shown.length === addressed.length, service, `shows ${shown.length} of ${addressed.length} pods`);
    for (const endpoint of shown) {
      const pod = find('pods', namespace, endpoint.targetRef.name);
      const ready = pod?.status.conditions.find((condition: Any) => condition.type === 'Ready').status === 'True';
      const terminating = pod?.metadata.deletionTimestamp !== undefined;
      check(
        pod?.metadata.uid === endpoint.targetRef.uid &&
          pod.status.podIP === endpoint.addresses[0] &&
          pod.spec.nodeName === endpoint.nodeName &&
          endpoint.conditions.ready === (ready && !terminating) &&
          endpoint.conditions.terminating === terminating,
        service,
        `endpoint ${JSON.stringify(endpoint)}`,
      );
    }
  }
  const owned = Map.groupBy(all('pods'), (pod: Any) => pod.metadata.ownerReferences[0].uid);
  for (const set of all('replicasets.apps')) {
    const pods = (owned.get(set.metadata.uid) ?? []).filter((pod: Any) => pod.metadata.deletionTimestamp === undefined);
    check(set.status.replicas === pods.length, set, `has ${set.status.replicas} of ${pods.length} pods`);
    check((set.status.readyReplicas ?? 0) === pods.filter(isReady).length, set, 'ready pods');
    check(
      pods.length === selectedOf(set, selected).filter((pod) => pod.metadata.deletionTimestamp === undefined).length,
      set,
      'selector',
    );
  }
  for (const set of [...all('deployments.apps'), ...all('statefulsets.apps')])
    check(set.spec.replicas <= selectedOf(set, selected).length, set, 'replicas');
  for (const autoscaler of all('horizontalpodautoscalers.autoscaling')) {
    const { kind, name } = autoscaler.spec.scaleTargetRef;
    check(find(ID[kind] ?? '', autoscaler.metadata.namespace, name), autoscaler, 'target');
  }
  for (const budget of all('poddisruptionbudgets.policy'))
    check(selectedOf(budget, selected).length > 0, budget, 'pods');
  for (const ingress of all('ingresses.networking.k8s.io')) {
    const { namespace } = ingress.metadata;
    check(find('services', namespace, ingress.spec.rules[0].http.paths[0].backend.service.name), ingress, 'backend');
    check(find('secrets', namespace, ingress.spec.tls[0].secretName), ingress, 'secret');
    check(find('ingressclasses.networking.k8s.io', undefined, ingress.spec.ingressClassName), ingress, 'class');
  }
  for (const binding of all('rolebindings.rbac.authorization.k8s.io')) {
    const { namespace } = binding.metadata;
    if (binding.roleRef.kind === 'Role')
      check(find('roles.rbac.authorization.k8s.io', namespace, binding.roleRef.name), binding, 'role');
  }
  for (const { spec, metadata, ...rest } of all('ownerships.platform.example.com'))
    check(
      find(ID[spec.workloadRef.kind] ?? '', metadata.namespace, spec.workloadRef.name),
      { metadata, ...rest },
      'workload',
    );
  if (withEvents)
    for (const event of all('events')) {
      const { kind, namespace, name, uid } = event.involvedObject;
      check(find(ID[kind] ?? '', namespace, name)?.metadata.uid === uid, event, 'object');
    }
  const addresses = all('pods')
    .filter((pod: Any) => !pod.spec.hostNetwork && pod.status.podIP !== undefined)
    .map((pod: Any) => pod.status.podIP);
  if (new Set(addresses).size !== addresses.length) problems.push('two pods have one address');
  return problems;
}

const keyOf = (id: string, namespace: string | undefined, name: string) => `${id} ${namespace ?? ''}/${name}`;

const isReady = (pod: Any) =>
  pod.status.conditions?.some(({ type, status }: Any) => type === 'Ready' && status === 'True');

const selectedOf = (object: Any, selected: (namespace: string, labels: Any) => Any[]) =>
  selected(object.metadata.namespace, object.spec.selector.matchLabels);

type Find = (id: string, namespace: string | undefined, name: string) => Any;

function checkPod(pod: Any, find: Find, check: (found: unknown, who: Any, what: string) => void): void {
  const { namespace } = pod.metadata;
  const {
    nodeName,
    serviceAccountName,
    volumes,
    containers,
    initContainers = [],
    imagePullSecrets,
    priorityClassName,
  } = pod.spec;
  if (nodeName !== undefined) {
    const node = find('nodes', undefined, nodeName);
    check(node, pod, `node ${nodeName}`);
    check(
      node?.metadata.labels['topology.kubernetes.io/zone'] === pod.metadata.labels['topology.kubernetes.io/zone'],
      pod,
      'zone',
    );
    check(node?.status.addresses[0].address === pod.status.hostIP, pod, 'address of its node');
  } else check(pod.status.phase === 'Pending', pod, 'no node');
  check(find('serviceaccounts', namespace, serviceAccountName), pod, 'account');
  if (priorityClassName)
    check(find('priorityclasses.scheduling.k8s.io', undefined, priorityClassName), pod, 'priority');
  for (const { name } of imagePullSecrets) check(find('secrets', namespace, name), pod, `secret ${name}`);
  for (const volume of volumes) {
    if (volume.configMap) check(find('configmaps', namespace, volume.configMap.name), pod, 'volume of a ConfigMap');
    if (volume.secret) check(find('secrets', namespace, volume.secret.secretName), pod, 'volume of a Secret');
    if (volume.persistentVolumeClaim)
      check(find('persistentvolumeclaims', namespace, volume.persistentVolumeClaim.claimName), pod, 'claim');
    for (const source of volume.projected?.sources ?? [])
      if (source.configMap) check(find('configmaps', namespace, source.configMap.name), pod, 'root certificate');
  }
  for (const { env = [], envFrom = [], volumeMounts = [] } of [...containers, ...initContainers]) {
    for (const { configMapRef } of envFrom) check(find('configmaps', namespace, configMapRef.name), pod, 'environment');
    for (const { valueFrom } of env) {
      const { configMapKeyRef, secretKeyRef } = valueFrom ?? {};
      if (configMapKeyRef)
        check(
          configMapKeyRef.key in (find('configmaps', namespace, configMapKeyRef.name)?.data ?? {}),
          pod,
          'key of a ConfigMap',
        );
      if (secretKeyRef)
        check(secretKeyRef.key in (find('secrets', namespace, secretKeyRef.name)?.data ?? {}), pod, 'key of a Secret');
    }
    for (const { name } of volumeMounts)
      check(
        volumes.some((volume: Any) => volume.name === name),
        pod,
        `mount of ${name}`,
      );
  }
}
