/** Who may sign in to a sandbox, and as whom: each user is a context of its kubeconfig. */
import { randomBytes } from 'node:crypto';
import type { KubeconfigUser } from './server/kubeconfig.ts';
import type { Trust } from './server/ports.ts';
import { issueClientCertificate } from './server/trust.ts';
import type { Caller, KubeObject } from './types.ts';

export interface SandboxUser {
  /** The context, and the user's name unless `name` says another. */
  context: string;
  name?: string;
  groups?: readonly string[];
  /** `unknown`: a token that was never issued, as one that has expired. */
  signsInBy: 'certificate' | 'token' | 'unknown';
  /** The namespace of the context. */
  namespace?: string;
  /** A ClusterRole that the user has, in one namespace or in all. */
  role?: { clusterRole: string; namespace?: string };
}

export interface SignedIn {
  /** For the kubeconfig, in the order of the users. */
  users: readonly KubeconfigUser[];
  tokens: ReadonlyMap<string, Caller>;
}

/** Makes the credentials, anew with each start. */
export function issueCredentials(users: readonly SandboxUser[], trust: Trust, now: number): SignedIn {
  const tokens = new Map<string, Caller>();
  const issued = users.map(({ context, name = context, groups = [], signsInBy, namespace }): KubeconfigUser => {
    const place = { context, ...(namespace === undefined ? {} : { namespace }) };
    if (signsInBy === 'certificate') {
      const certificate = issueClientCertificate(trust, { commonName: name, organizations: groups }, now);
      return { ...place, credentials: { kind: 'certificate', certificate } };
    }
    const token = randomBytes(24).toString('base64url');
    if (signsInBy === 'token') tokens.set(token, { user: name, uid: name, groups });
    return { ...place, credentials: { kind: 'token', token } };
  });
  return { users: issued, tokens };
}

const RBAC = 'rbac.authorization.k8s.io';

/** The bindings that give users their roles. */
export function roleBindings(users: readonly SandboxUser[]): KubeObject[] {
  return users.flatMap(({ context, name = context, role }) => {
    if (role === undefined) return [];
    const { clusterRole, namespace } = role;
    return {
      apiVersion: `${RBAC}/v1`,
      kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
      metadata: { name: `sandbox-${name}`, ...(namespace === undefined ? {} : { namespace }) },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: clusterRole },
      subjects: [{ apiGroup: RBAC, kind: 'User', name }],
    };
  });
}
