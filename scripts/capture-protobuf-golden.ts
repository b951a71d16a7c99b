/**
 * Writes src/kube/protobuf/golden.jsonl: what a real API server answers for a few kinds of one namespace, as JSON and as protobuf, listed and
 * watched. `kubectl proxy --port=<port>`, then `node scripts/capture-protobuf-golden.ts http://127.0.0.1:<port> <namespace>`. The namespace is
 * to hold no secrets, and one or two objects of each kind.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [server = '', namespace = ''] = process.argv.slice(2);
const KINDS = [
  ['', 'v1', 'pods', 'Pod'],
  ['', 'v1', 'services', 'Service'],
  ['', 'v1', 'configmaps', 'ConfigMap'],
  ['', 'v1', 'events', 'Event'],
  ['', 'v1', 'persistentvolumeclaims', 'PersistentVolumeClaim'],
  ['apps', 'v1', 'deployments', 'Deployment'],
  ['apps', 'v1', 'replicasets', 'ReplicaSet'],
  ['batch', 'v1', 'cronjobs', 'CronJob'],
  ['autoscaling', 'v2', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler'],
  ['policy', 'v1', 'poddisruptionbudgets', 'PodDisruptionBudget'],
  ['discovery.k8s.io', 'v1', 'endpointslices', 'EndpointSlice'],
  ['networking.k8s.io', 'v1', 'ingresses', 'Ingress'],
  ['networking.k8s.io', 'v1', 'networkpolicies', 'NetworkPolicy'],
  ['rbac.authorization.k8s.io', 'v1', 'rolebindings', 'RoleBinding'],
] as const;
const PROTOBUF = 'application/vnd.kubernetes.protobuf';
/** ms: as long as the server takes to send what there is. */
const WATCH_MS = 700;

async function answer(path: string, accept: string): Promise<Buffer> {
  const stop = new AbortController();
  const response = await fetch(server + path, { headers: { accept }, signal: stop.signal });
  if (response.status !== 200 || response.body === null) throw new Error(`HTTP ${response.status} to ${path}`);
  const watching = path.includes('watch=1');
  const timer = watching ? setTimeout(() => stop.abort(), WATCH_MS) : undefined;
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of response.body) chunks.push(chunk);
  } catch (thrown) {
    if (!stop.signal.aborted) throw thrown;
  }
  clearTimeout(timer);
  return Buffer.concat(chunks);
}

const lines: string[] = [];
for (const [group, version, resource, kind] of KINDS) {
  const path = `${group === '' ? '/api' : `/apis/${group}`}/${version}/namespaces/${namespace}/${resource}`;
  const watch = `${path}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`;
  const metadata = `${PROTOBUF};as=PartialObjectMetadataList;v=v1;g=meta.k8s.io`;
  const golden = {
    group,
    version,
    resource,
    kind,
    list: JSON.parse((await answer(path, 'application/json')).toString('utf8')) as unknown,
    protobufList: (await answer(path, PROTOBUF)).toString('base64'),
    protobufMetadata: (await answer(path, metadata)).toString('base64'),
    protobufWatch: (await answer(watch, PROTOBUF)).toString('base64'),
  };
  lines.push(JSON.stringify(golden));
}
const file = join(import.meta.dirname, '..', 'src', 'kube', 'protobuf', 'golden.jsonl');
writeFileSync(file, `${lines.join('\n')}\n`);
process.stdout.write(`${lines.length} kinds, ${lines.join('').length} characters\n`);
