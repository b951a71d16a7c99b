import { expect, test } from 'vitest';
import { parseFlags, readSettings } from '../config/read.ts';
import { minimalRole } from './role.ts';

const roleFor = (...flags: string[]) => minimalRole(readSettings(parseFlags(flags).values, {}));

test('read-only: no verb that writes, no Secret, no wildcard', () => {
  const role = roleFor();
  expect(role).toContain('  resources: ["pods/log"]\n  verbs: ["get"]');
  expect(role).not.toMatch(/^ .*(create|update|patch|delete|\*|"secrets"|exec)/m);
});

test('each gate adds its verbs and no subresource that escalates', () => {
  const role = roleFor('--enable-create', '--enable-update', '--enable-delete');
  expect(role).toContain('verbs: ["get","list","watch","create","update","patch","delete"]');
  expect(role).toContain('  resources: ["deployments/scale"]');
  expect(role).not.toMatch(/pods\/exec|serviceaccounts\/token|rbac\.authorization\.k8s\.io"\]|\*/);
});

test('with allowed namespaces, one Role for each', () => {
  const role = roleFor('--allowed-namespaces', 'shop,web');
  expect(role.match(/^kind: .*$/gm)).toEqual(['kind: ClusterRole', 'kind: Role', 'kind: Role']);
  expect(role.match(/^ {2}namespace: .*$/gm)).toEqual(['  namespace: shop', '  namespace: web']);
});
