import { AppError } from '../../kernel/errors.ts';
import { nearest } from '../../kernel/nearest.ts';
import { isOutside } from '../kind-key.ts';
import { NOT_ASKED_FOR } from '../not-asked.ts';
import type { GraphView, KindKey, NodeId } from '../types.ts';
import { kindName, nodeName } from './state-text.ts';

export interface TargetName {
  kind: KindKey;
  namespace: string;
  name: string;
}

/** The node of an object, present or only referred to. Throws with the nearest names where it is neither, or with how far its kind is known. */
export function findTarget(view: GraphView, target: TargetName): NodeId {
  const { kind, namespace, name } = target;
  const id = view.find(kind, namespace, name);
  if (id !== undefined) return id;
  const shown = nodeName(target);
  if (isOutside(kind)) throw notNamed(view, target, shown);
  const known = view.kindState(kind);
  switch (known.state) {
    case 'forbidden':
      throw new AppError('cluster_forbidden', `${shown} cannot be looked up: ${known.reason}`, { remedy: ALLOW });
    case 'syncing': {
      const far = known.total === undefined ? `${known.done} read so far` : `${known.done} of ${known.total} read`;
      throw new AppError('cluster_unavailable', `${shown} is not known yet: its kind is still being read (${far}).`, {
        remedy: 'Ask again in some seconds.',
        retryAfterSeconds: 5,
      });
    }
    case 'off':
      throw new AppError('unsupported', `${shown} is not in the graph: ${offBecause(known.reason)}`, {
        remedy: 'get_resource reads it from the cluster.',
      });
    case 'synced':
    case 'stale':
      if (known.namespaces?.includes(namespace) === false) throw notVisible(target, shown, known.namespaces);
      throw notFound(view, target, shown, known);
    default:
      throw notFound(view, target, shown);
  }
}

/** Metrics and the like are served, and no objects of the cluster. */
const offBecause = (reason: string) => (reason === NOT_ASKED_FOR ? 'its kind is no part of it' : reason);

const ALLOW = 'Have the identity allowed to list and watch its kind; k8s-mcp doctor --role prints the rules.';
/** Namespaces named; the rest is counted. */
const NAMED = 3;

function notVisible({ kind, namespace }: TargetName, shown: string, read: readonly string[]): AppError {
  const rest = read.length - NAMED;
  const where = `${read.slice(0, NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  return new AppError(
    'cluster_forbidden',
    `${shown} is not visible to this identity: of the kind ${kindName(kind)} only namespace ${where} could be read, not ${namespace}.`,
    { remedy: ALLOW },
  );
}

/** Kinds whose objects name nearly all that is outside the API. */
const NAMING: readonly KindKey[] = ['Pod', 'Node', 'Service'];

/** What is outside the API is there as far as an object names it. */
function notNamed(view: GraphView, target: TargetName, shown: string): AppError {
  const all = NAMING.every((kind) => {
    const known = view.kindState(kind);
    return (known.state === 'synced' || known.state === 'stale') && known.namespaces === undefined;
  });
  const candidates = nearest(target.name, namesIn(view, target.kind, ''));
  return new AppError(
    'not_found',
    all ? `No object names ${shown}.` : `No object that could be read names ${shown}, and not all could be.`,
    {
      ...(candidates.length === 0 ? {} : { candidates }),
      remedy: candidates.length === 0 ? 'Ask about an object that names it.' : 'Send the name as objects have it.',
    },
  );
}

/** Names that are looked through for near ones: large namespaces have some thousand of a kind. */
const MAX_HERE = 5_000;
/** Objects of other namespaces that are looked through for one of the same name. */
const MAX_ELSEWHERE = 20_000;

function notFound(
  view: GraphView,
  { kind, namespace, name }: TargetName,
  shown: string,
  known?: { state: 'synced' | 'stale'; reason?: string },
): AppError {
  const same = sameNameElsewhere(view, { kind, namespace, name });
  const said =
    known?.state === 'stale'
      ? `There was no ${shown} when its kind was last read, which is not up to date: ${known.reason}`
      : `There is no ${shown}.`;
  return new AppError('not_found', said, {
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
