import { dict, list, word } from '../../project/read.ts';
import type { Reference, Relation } from '../../types.ts';

const ACCOUNT_PREFIX = 'system:serviceaccount:';

/** Whoever is bound depends on the binding, not the other way round: the pods of an account lose what it granted. */
export const roleBindingSubject: Relation = {
  id: 'role-binding-subject',
  rows: [42, 43],
  verb: 'is granted rights by',
  sources: ['RoleBinding.rbac.authorization.k8s.io', 'ClusterRoleBinding.rbac.authorization.k8s.io'],
  class: 'uses',
  strength: 'hard',
  inverse: true,
  fields: ['subjects'],
  references(object) {
    const own = word(dict(object.metadata)['namespace']);
    const found: Reference[] = [];
    for (const entry of list(object['subjects'])) {
      const { kind, name, namespace } = dict(entry);
      const subject = subjectOf(word(kind), word(name), word(namespace) || own);
      if (subject === undefined) continue;
      found.push({ by: 'name', ...subject, path: `subjects[${word(name).slice(0, 63)}]` });
    }
    return found;
  },
};

function subjectOf(
  kind: string,
  name: string,
  namespace: string,
): { kind: string; namespace: string; name: string } | undefined {
  if (kind === 'ServiceAccount') return { kind, namespace, name };
  if (kind === 'Group') return { kind: '~Group', namespace: '', name };
  if (kind !== 'User') return undefined;
  if (!name.startsWith(ACCOUNT_PREFIX)) return { kind: '~User', namespace: '', name };
  const [home = '', account = ''] = name.slice(ACCOUNT_PREFIX.length).split(':');
  return { kind: 'ServiceAccount', namespace: home, name: account };
}
