import type { Finding } from '../types.ts';
import type { Nature } from './blame.ts';

/**
 * By detector: what its findings say of their cause. Those that are not here run and do not work, which anything that they depend on
 * can explain.
 */
const NATURES: Readonly<Record<string, Nature>> = {
  'image-pull': 'own',
  'create-container-config-error': 'own',
  'create-container-error': 'own',
  'oom-killed': 'own',
  'scheduling-gated': 'own',
  'replica-failure': 'own',
  cronjob: 'own',
  'zero-replicas-in-use': 'own',
  'node-cordoned': 'own',
  'node-not-ready': 'own',
  'claim-pending': 'own',
  'hpa-at-max': 'own',
  'hpa-broken': 'own',
  'ingress-backend-missing': 'own',
  'ingress-class-missing': 'own',
  'ingress-tls-secret-missing': 'own',
  'service-port-mismatch': 'own',
  'service-no-endpoints': 'own',
  'service-leads-nowhere': 'own',
  'load-balancer-pending': 'own',
  'gateway-not-ready': 'own',
  'claim-resize': 'own',
  'volume-failed': 'own',
  'volume-node-gone': 'own',
  'volume-attachment': 'own',
  'pdb-blocks': 'counting',
  'quota-exhausted': 'own',
  'namespace-stuck': 'own',
  'finalizer-stuck': 'own',
  'webhook-unavailable': 'own',
  'role-missing': 'own',
  'rights-lost': 'own',
  'rbac-denied': 'own',
  'mount-failed': 'placing',
  unschedulable: 'placing',
  'sandbox-creation': 'placing',
  evicted: 'placing',
  'stuck-terminating': 'placing',
};

export const natureOf = ({ detector, own }: Finding): Nature =>
  own === true ? 'own' : (NATURES[detector] ?? 'working');
