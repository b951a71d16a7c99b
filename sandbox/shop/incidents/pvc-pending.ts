/** A volume of a class that does not exist. */
import type { Incident } from '../../worlds/types.ts';
import { ownImage } from '../build/app.ts';
import { object } from '../build/meta.ts';
import { deployment } from '../build/workloads.ts';
import { added } from './kit.ts';

const meta = { name: 'reports', namespace: 'data' };
const CLAIM = object('v1', 'PersistentVolumeClaim', meta, {
  spec: {
    storageClassName: 'fast-ssd',
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '20Gi' } },
  },
});
const REPORTS = deployment({
  name: 'reports',
  namespace: 'data',
  component: 'reporting',
  partOf: 'data',
  version: '0.4.0',
  pod: {
    containers: [
      {
        name: 'reports',
        image: ownImage('reports', '0.4.0'),
        ports: { http: 8080 },
        cpu: '100m',
        memory: '128Mi',
        mounts: { out: '/out' },
      },
    ],
    volumes: { out: { persistentVolumeClaim: { claimName: 'reports' } } },
  },
});

export const PVC_PENDING: Incident = {
  name: 'pvc-pending',
  title: 'reports is deployed with a volume of the StorageClass fast-ssd, which does not exist',
  symptom: 'a PersistentVolumeClaim stays Pending: storageclass.storage.k8s.io "fast-ssd" not found; so does its pod',
  root: { resource: 'persistentvolumeclaim', namespace: 'data', name: 'reports' },
  look: ['describe', 'pvc', 'reports', '-n', 'data'],
  ...added([
    ['persistentvolumeclaims', CLAIM],
    ['deployments.apps', REPORTS],
  ]),
};
