/** Services that do not exist, and whose fault that is: their own, or of whoever calls them by a wrong name. */
import type { GraphView, NodeId } from '../../graph/types.ts';
import { nearest } from '../../kernel/nearest.ts';
import type { ObjectName } from '../types.ts';
import { idOf, keyOf, nameOf, spoken } from './names.ts';

/** What a Service is commonly called after: where it is there, the name is right, and the Service was there or is to come. */
const NAMESAKES = ['Deployment.apps', 'StatefulSet.apps', 'DaemonSet.apps'] as const;

export interface MissingServices {
  /** One that a caller cannot do without and that is gone; those that are no slip of the pen come first. */
  of(callers: readonly NodeId[]): ObjectName | undefined;
  /** Its name is nearly that of another Service of its namespace, and no workload there bears it. */
  isMisnamed(service: ObjectName): boolean;
}

/** For one folding: what was found is remembered. */
export function createMissingServices(view: GraphView): MissingServices {
  const misnamed = new Map<string, boolean>();
  const isMisnamed = (service: ObjectName): boolean => {
    const key = keyOf(service);
    const known = misnamed.get(key) ?? looksMisnamed(view, service);
    misnamed.set(key, known);
    return known;
  };
  return {
    of(callers) {
      const missing = new Map<string, ObjectName>();
      for (const caller of callers) {
        view.out(caller, (target, { strength, optional }) => {
          const node = view.node(target);
          const needed = (strength === 'hard' || strength === 'soft') && !optional;
          if (needed && node.kind === 'Service' && view.whereabouts(target) === 'gone')
            missing.set(keyOf(node), nameOf(node));
          return undefined;
        });
      }
      const named = [...missing.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
      return named.find((service) => !isMisnamed(service)) ?? named[0];
    },
    isMisnamed,
  };
}

function looksMisnamed(view: GraphView, { namespace, name }: ObjectName): boolean {
  const hasNamesake = NAMESAKES.some((kind) => {
    const id = idOf(view, { kind, namespace, name });
    return id !== undefined && view.node(id).state === 'present';
  });
  if (hasNamesake) return false;
  const others: string[] = [];
  view.eachOfKind('Service', namespace, (id) => {
    others.push(view.node(id).name);
    return undefined;
  });
  return nearest(name, others, 1).length > 0;
}

/** How it is told what leads to it. */
export const missingText = (caller: ObjectName, service: ObjectName): string =>
  `${spoken(caller)} names ${spoken(service)}, which does not exist`;
