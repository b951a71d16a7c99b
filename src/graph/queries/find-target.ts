import { AppError } from '../../kernel/errors.ts';
import { nearest } from '../../kernel/nearest.ts';
import type { GraphView, KindKey, NodeId } from '../types.ts';
import { kindName } from './state-text.ts';

export interface TargetName {
  kind: KindKey;
  namespace: string;
  name: string;
}

/** The node of an object, present or only referred to. Throws with the nearest names where it is neither, or with how far its kind is known. */
export function findTarget(view: GraphView, { kind, namespace, name }: TargetName): NodeId {
  const id = view.find(kind, namespace, name);
  if (id !== undefined) return id;
  const shown = `${kindName(kind)} ${namespace === '' ? name : `${namespace}/${name}`}`;
  const known = view.kindState(kind);
  switch (known.state) {
    case 'forbidden':
      throw new AppError('cluster_forbidden', `${shown} cannot be looked up: ${known.reason}`, {
        remedy: `Have the identity allowed to list and watch its kind; k8s-mcp doctor --role prints the rules.`,
      });
    case 'syncing': {
      const far = known.total === undefined ? `${known.done} read so far` : `${known.done} of ${known.total} read`;
      throw new AppError('cluster_unavailable', `${shown} is not known yet: its kind is still being read (${far}).`, {
        remedy: 'Ask again in some seconds.',
        retryAfterSeconds: 5,
      });
    }
    case 'off':
      throw new AppError('unsupported', `${shown} is not in the graph: ${known.reason}`, {
        remedy: 'get_resource reads it from the cluster.',
      });
    default:
      throw notFound(view, { kind, namespace, name }, shown);
  }
}

/** Names that are looked through for near ones: large namespaces have some thousand of a kind. */
const MAX_HERE = 5_000;
/** Objects of other namespaces that are looked through for one of the same name. */
const MAX_ELSEWHERE = 20_000;

function notFound(view: GraphView, { kind, namespace, name }: TargetName, shown: string): AppError {
  const same = sameNameElsewhere(view, { kind, namespace, name });
  return new AppError('not_found', `There is no ${shown}.`, {
    candidates: same.length > 0 ? same : nearest(name, namesIn(view, kind, namespace)),
    remedy: `list_resources with kind ${kind} names them all.`,
  });
}

function sameNameElsewhere(view: GraphView, { kind, namespace, name }: TargetName): string[] {
  const found: string[] = [];
  let seen = 0;
  view.eachOfKind(kind, undefined, (id) => {
    const node = view.node(id);
    if (node.name === name && node.namespace !== namespace) found.push(`${node.namespace}/${node.name}`);
    return found.length < 3 && ++seen < MAX_ELSEWHERE;
  });
  return found;
}

function namesIn(view: GraphView, kind: KindKey, namespace: string): string[] {
  const names: string[] = [];
  view.eachOfKind(kind, namespace === '' ? undefined : namespace, (id) => {
    const node = view.node(id);
    if (node.namespace === namespace) names.push(node.name);
    return names.length < MAX_HERE;
  });
  return names;
}
