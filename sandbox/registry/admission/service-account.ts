/** ServiceAccount: every pod runs as one that exists, gets its token mounted and its pull secrets. */
import { forbidden } from '../../api/failure.ts';
import type { KubeObject } from '../../types.ts';
import { ensureRecord, type Json, recordsAt, textAt, valueAt } from '../json.ts';
import { randomSuffix } from '../metadata/generate-name.ts';
import { stored } from '../parts.ts';
import type { Plugin } from './types.ts';

const MIRROR = 'kubernetes.io/config.mirror';
const VOLUME = 'kube-api-access-';
const MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
/** An hour, and seven seconds by which the kubelet knows a token that may live longer. */
const TOKEN_SECONDS = 3607;

export const serviceAccount: Plugin = {
  mutate({ operation, resource, subresource, namespace, name, object }, parts) {
    if (operation !== 'create' || resource.id !== 'pods' || subresource !== '') return;
    const spec = ensureRecord(object, 'spec');
    if (object.metadata.annotations?.[MIRROR] !== undefined) {
      if (textAt(spec, 'serviceAccountName') === '') return;
      throw forbidden(resource, name, 'a mirror pod may not reference service accounts');
    }
    const account = textAt(spec, 'serviceAccountName') || 'default';
    spec['serviceAccountName'] = account;
    // The old name of the field is kept in step.
    spec['serviceAccount'] = account;
    const found = stored(parts, 'serviceaccounts', namespace, account);
    if (found === undefined) {
      const why = `error looking up service account ${namespace}/${account}: serviceaccount ${JSON.stringify(account)} not found`;
      throw forbidden(resource, name, why);
    }
    if (automounts(spec, found)) mountToken(spec, parts.random);
    const secrets = recordsAt(found, 'imagePullSecrets');
    if (recordsAt(spec, 'imagePullSecrets').length === 0 && secrets.length > 0) {
      spec['imagePullSecrets'] = secrets.map((secret) => ({ name: textAt(secret, 'name') }));
    }
  },
};

function automounts(spec: Json, account: KubeObject): boolean {
  const wanted = spec['automountServiceAccountToken'] ?? account['automountServiceAccountToken'];
  return wanted !== false;
}

function mountToken(spec: Json, random: () => number): void {
  const volumes = recordsAt(spec, 'volumes');
  const existing = volumes.find((volume) => textAt(volume, 'name').startsWith(VOLUME));
  const name = existing === undefined ? VOLUME + randomSuffix(random) : textAt(existing, 'name');
  let mounted = false;
  for (const container of [...recordsAt(spec, 'initContainers'), ...recordsAt(spec, 'containers')]) {
    const mounts = recordsAt(container, 'volumeMounts');
    if (mounts.some((mount) => valueAt(mount, 'mountPath') === MOUNT_PATH)) continue;
    container['volumeMounts'] = [...mounts, { name, readOnly: true, mountPath: MOUNT_PATH }];
    mounted = true;
  }
  if (existing === undefined && mounted) spec['volumes'] = [...volumes, tokenVolume(name)];
}

function tokenVolume(name: string): Json {
  const namespace = { path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } };
  return {
    name,
    projected: {
      sources: [
        { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        { downwardAPI: { items: [namespace] } },
      ],
      defaultMode: 420,
    },
  };
}
