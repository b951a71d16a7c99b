/** A Job that fails as often as it may. */
import type { Incident } from '../../worlds/types.ts';
import { ownImage } from '../build/app.ts';
import { job } from '../build/workloads.ts';
import { added, behaviour } from './kit.ts';

const EXPORT = job({
  name: 'invoice-export',
  namespace: 'shop',
  component: 'batch',
  partOf: 'shop',
  version: '1.8.0',
  pod: {
    annotations: {
      [behaviour('crash-on-start')]: '2',
      [behaviour('crash-log')]: 'exporting invoices of last month\ns3://shop-invoices: AccessDenied (status 403)',
    },
    containers: [
      { name: 'export', image: ownImage('toolbox', '1.8.0'), args: ['export', 'invoices'], cpu: '50m', memory: '64Mi' },
    ],
    spec: { priorityClassName: 'shop-batch' },
  },
  spec: { backoffLimit: 2 },
});

export const JOB_FAILING: Incident = {
  name: 'job-failing',
  title: 'the Job invoice-export fails three times',
  symptom: 'its condition says BackoffLimitExceeded; its pods are in Error',
  root: { resource: 'job', namespace: 'shop', name: 'invoice-export' },
  look: ['describe', 'job', 'invoice-export', '-n', 'shop'],
  ...added([['jobs.batch', EXPORT]]),
};
