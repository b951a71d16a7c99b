/**
 * A ServiceAccount that pods run as and that nothing grants anything, while the Role that was written for it is bound to nobody:
 * the RoleBinding between the two is missing. What is gone leaves no trace of its own; these two ends of it stay.
 */
import { clusterRole, role as roleKind } from '../../../graph/project/role.ts';
import { clusterRoleBinding, roleBinding } from '../../../graph/project/role-binding.ts';
import type { GraphNode, GraphView, KindKey } from '../../../graph/types.ts';
import type { DetectContext, Detector } from '../../types.ts';
import { lookWith } from '../workloads/reading/looking.ts';
import { workloadAbove } from '../workloads/reading/owners.ts';
import { POD, WARNING } from '../workloads/reading/pods.ts';
import { count, MINUTE } from '../workloads/reading/times.ts';
import { known } from './reading/edges.ts';

const ACCOUNT = 'ServiceAccount';
const BINDINGS: readonly KindKey[] = [roleBinding.kind, clusterRoleBinding.kind];
/** A chart makes role, account and binding within it. */
const HOLD = 2 * MINUTE;

export const rightsLost: Detector = {
  id: 'rights-lost',
  class: 'incident',
  kinds: [ACCOUNT],
  reads: [...BINDINGS, roleKind.kind, clusterRole.kind, POD],
  affected(changed, view) {
    // Accounts that a binding names, or no longer names, are at an end of its edges; a role is known by its name only.
    const homes = changed.namespace === '' ? view.namespaces() : [changed.namespace];
    if (changed.kind !== roleKind.kind && changed.kind !== clusterRole.kind) return [];
    return homes.map((home) => view.find(ACCOUNT, home, changed.name)).filter((id) => id !== undefined);
  },
  detect(node, context) {
    // Every namespace has it, and it is to have no rights.
    if (node.deleting !== undefined || node.name === 'default') return [];
    return lookWith(context, { node }, look);
  },
};

function look({ node, view }: DetectContext & { node: GraphNode }) {
  if (isBound(node, view) || !known(view, ...BINDINGS, roleKind.kind, clusterRole.kind)) return undefined;
  const role = unboundRole(node, view);
  if (role === undefined) return undefined;
  const users = usersOf(node, view);
  if (users.length === 0) return undefined;
  const named = `${role.kind.split('.')[0]} ${role.name}`;
  const rules = (roleKind.of(role) ?? clusterRole.of(role))?.rules ?? 0;
  const cluster = role.namespace === '';
  return {
    severity: WARNING,
    title: `has no rights: no ${cluster ? 'ClusterRoleBinding' : 'RoleBinding'} gives it ${named}, which is bound to nobody`,
    evidence: [
      `no RoleBinding or ClusterRoleBinding names ServiceAccount ${node.namespace}/${node.name}`,
      `${named} has ${count(rules, 'rule')} and no binding refers to it`,
      `used by pods of ${users.slice(0, 3).join(', ')}`,
    ],
    holdMs: HOLD,
    // A binding of that name may be there, for another role.
    ...(isBindingNamed(role, view)
      ? {}
      : {
          advice: cluster
            ? `kubectl create clusterrolebinding ${role.name} --clusterrole=${role.name} --serviceaccount=${node.namespace}:${node.name}`
            : `kubectl create rolebinding ${role.name} -n ${node.namespace} --role=${role.name} --serviceaccount=${node.namespace}:${node.name}`,
        }),
  };
}

function isBindingNamed({ namespace, name }: GraphNode, view: GraphView): boolean {
  const id = view.find(namespace === '' ? clusterRoleBinding.kind : roleBinding.kind, namespace, name);
  return id !== undefined && view.node(id).state === 'present';
}

function isBound({ id }: GraphNode, view: GraphView): boolean {
  let bound = false;
  view.out(id, (_, { relation }) => {
    bound = relation.id === 'role-binding-subject';
    return !bound;
  });
  return bound;
}

/** A role of its name that no binding refers to. Roles that others are made of need no binding. */
function unboundRole({ namespace, name }: GraphNode, view: GraphView): GraphNode | undefined {
  for (const [kind, home] of [
    [roleKind.kind, namespace],
    [clusterRole.kind, ''],
  ] as const) {
    const id = view.find(kind, home, name);
    if (id === undefined || view.node(id).state === 'absent' || view.node(id).deleting !== undefined) continue;
    let used = false;
    view.in(id, () => {
      used = true;
      return false;
    });
    if (!used) return view.node(id);
  }
  return undefined;
}

/** What runs as it, by name. */
function usersOf({ id }: GraphNode, view: GraphView): string[] {
  const users = new Set<string>();
  let looked = 0;
  view.in(id, (source, { relation }) => {
    const pod = view.node(source);
    if (relation.id !== 'pod-service-account' || pod.kind !== POD || pod.state === 'absent' || pod.health === 'done')
      return undefined;
    const owner = workloadAbove(source, view) ?? pod;
    users.add(`${owner.kind.split('.')[0]} ${owner.name}`);
    return ++looked < 50;
  });
  return [...users].sort();
}
