/** Objects that messages name, and references of a pod that lead nowhere. */
import type { GraphNode, GraphView, KindKey, NodeId } from '../../../../graph/types.ts';

const KINDS: Readonly<Record<string, KindKey>> = {
  configmap: 'ConfigMap',
  secret: 'Secret',
  persistentvolumeclaim: 'PersistentVolumeClaim',
  serviceaccount: 'ServiceAccount',
};

const NOT_FOUND = /\b(configmap|secret|persistentvolumeclaim|serviceaccount) "([^"]{1,253})" not found/i;
/** Of the kubelet, for a key of `configMapKeyRef` and `secretKeyRef`. */
const NO_KEY = /couldn't find key (\S{1,253}) in (ConfigMap|Secret) ([^/\s]{1,63})\/(\S{1,253})/;
const VOLUME = /(?:for volume|unable to attach or mount volumes?: unmounted volumes=\[)\s*"?([a-z0-9.-]{1,253})/i;

export interface Named {
  id: NodeId | undefined;
  /** `ConfigMap pricing-config does not exist`. */
  says: string;
}

/** What a message of the kubelet says is missing, unless it is there by now. */
export function missingIn(message: string, pod: GraphNode, view: GraphView): Named | undefined {
  const key = NO_KEY.exec(message);
  if (key !== null) {
    const [, word = '', kind = '', namespace = '', name = ''] = key;
    return { id: view.find(kind, namespace, name), says: `${kind} ${name} has no key ${word}` };
  }
  const gone = NOT_FOUND.exec(message);
  if (gone === null) return undefined;
  const [, word = '', name = ''] = gone;
  const kind = KINDS[word.toLowerCase()] ?? word;
  const id = view.find(kind, pod.namespace, name);
  if (id !== undefined && view.whereabouts(id) === 'present') return undefined;
  return { id, says: `${kind} ${name} does not exist` };
}

/** What a pod cannot start without and what is certainly not there. */
export function danglingOf(
  pod: GraphNode,
  view: GraphView,
  kinds: readonly KindKey[],
  below = 'spec.',
): Named | undefined {
  let found: Named | undefined;
  view.out(pod.id, (target, { optional, path, strength }) => {
    if (optional || strength === 'informational' || !path.startsWith(below)) return undefined;
    const node = view.node(target);
    if (!kinds.includes(node.kind) || view.whereabouts(target) !== 'gone') return undefined;
    found = { id: target, says: `${node.kind} ${node.name} does not exist (${path})` };
    return false;
  });
  return found;
}

/** What the volume of a pod is made from, by the volume's name in a message. */
export function volumeIn(message: string, pod: GraphNode, view: GraphView): Named | undefined {
  const name = VOLUME.exec(message)?.[1];
  if (name === undefined) return undefined;
  const volume = view.find('PersistentVolume', '', name);
  let found: Named | undefined;
  view.out(pod.id, (target, { path }) => {
    const claimed =
      volume !== undefined && view.node(target).kind === 'PersistentVolumeClaim' && leadsTo(target, volume, view);
    if (!claimed && !path.startsWith(`spec.volumes[${name}]`)) return undefined;
    const node = view.node(target);
    found = { id: target, says: `${node.kind} ${node.name}` };
    return false;
  });
  return found;
}

function leadsTo(from: NodeId, to: NodeId, view: GraphView): boolean {
  let reached = false;
  view.out(from, (target) => {
    reached = target === to;
    return !reached;
  });
  return reached;
}
