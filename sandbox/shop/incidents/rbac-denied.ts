/** Rights that were taken away. */
import type { Incident } from '../../worlds/types.ts';
import { missing, roleBinding } from './kit.ts';

export const RBAC_DENIED: Incident = {
  name: 'rbac-denied',
  title: 'the RoleBinding of the promotions operator is deleted',
  symptom: 'its ServiceAccount may no longer list promotions: kubectl auth can-i says no',
  root: { resource: 'rolebinding', namespace: 'shop', name: 'promotions' },
  look: [
    'auth',
    'can-i',
    'list',
    'promotions.shop.k8s-mcp.dev',
    '-n',
    'shop',
    '--as=system:serviceaccount:shop:promotions',
  ],
  ...missing(roleBinding('shop', 'promotions')),
};
