/** A namespace with what policy is about: Secrets in every place, a workload, a release of helm, an Argo CD; and what it all is now. */

import { afterAll } from 'vitest';
import { atRest } from './at-rest.ts';
import { CHART, installArgocd } from './cli-fixtures.ts';
import { plainCli } from './clis.ts';
import { freshNamespace, kubectl } from './control-plane.ts';

/** Values that no answer may hold, each in one place. */
export const VALUES = {
  data: 'Policy-Data-0421-value',
  applied: 'Policy-Applied-0422-value',
  env: 'Policy-Env-0423-value',
} as const;

/** Cluster-scoped, of the name of their namespace. */
const roles: string[] = [];
afterAll(async () => {
  if (roles.length > 0) await kubectl(['delete', 'clusterrole', ...roles.splice(0)]);
});

export async function policyWorld(prefix: string, { mesh = false }: { mesh?: boolean } = {}): Promise<string> {
  const namespace = await freshNamespace(prefix);
  const apply = (objects: object[], ...how: string[]) =>
    kubectl(['apply', '-n', namespace, '-f', '-', ...how], {
      stdin: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
    });
  await apply([secret('db', VALUES.data), service(), workload()], '--server-side');
  // Client-side apply keeps what was sent in an annotation.
  await apply([secret('applied', VALUES.applied), settings()], '--server-side=false');
  await plainCli('helm', ['install', 'greeter', CHART, '-n', namespace, '--set', 'replicas=0']);
  if (mesh) await installArgocd(namespace);
  await atRest(namespace);
  // A second revision, to go back from.
  await kubectl(['set', 'image', 'deployment/web', 'app=registry.invalid/web:2', '-n', namespace]);
  await atRest(namespace);
  await kubectl(['create', 'clusterrole', namespace, '--verb=get', '--resource=pods']);
  roles.push(namespace);
  return namespace;
}

/** Every object of a namespace, and the cluster-scoped ones that a test could make: kind, name, uid and resourceVersion. */
export async function listing(namespace: string): Promise<string[]> {
  const kinds =
    'configmaps,secrets,serviceaccounts,services,pods,deployments,replicasets,jobs,cronjobs,hpa,ingresses,pdb,quota,roles,rolebindings';
  const global = 'namespaces,clusterroles,clusterrolebindings,validatingwebhookconfigurations,csr';
  const columns = 'custom-columns=K:.kind,N:.metadata.name,U:.metadata.uid,V:.metadata.resourceVersion';
  const [own, all] = await Promise.all([
    kubectl(['get', kinds, '-n', namespace, '-o', columns, '--no-headers']),
    kubectl(['get', global, '-o', 'custom-columns=K:.kind,N:.metadata.name,U:.metadata.uid', '--no-headers']),
  ]);
  // Others of this run come and go; what these tests make carries the namespace's own ending.
  const word = namespace.slice(-8);
  return [...own.split('\n'), ...all.split('\n').filter((line) => line.includes(word))].filter(Boolean).sort();
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

function secret(name: string, value: string) {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name }, data: { password: base64(value) } };
}

function settings() {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { a: 'b' } };
}

function service() {
  const spec = { selector: { app: 'web' }, ports: [{ port: 80 }] };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec };
}

function workload() {
  const env = [
    { name: 'DB_PASSWORD', value: VALUES.env },
    { name: 'FROM_SECRET', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
  ];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'app', image: 'registry.invalid/web:1', env }] },
      },
    },
  };
}
