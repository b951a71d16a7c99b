/** The state of a node in a few words; '' where there is nothing to say. */

import type { PodFacts } from '../facts.ts';
import { splitKindKey } from '../kind-key.ts';
import { claim } from '../project/claim.ts';
import { job } from '../project/job.ts';
import { node as nodeKind } from '../project/node.ts';
import { pod } from '../project/pod.ts';
import { workloadOf } from '../project/workloads.ts';
import type { GraphNode, GraphView, NodeId } from '../types.ts';

export function stateText(view: GraphView, id: NodeId): string {
  const node = view.node(id);
  switch (view.whereabouts(id)) {
    case 'gone':
      return 'MISSING';
    case 'unknown':
      return `unknown: ${unknownBecause(view, node)}`;
    case 'outside':
      return '';
    default:
      return node.deleting === undefined ? presentText(node) : joined('being deleted', presentText(node));
  }
}

function unknownBecause(view: GraphView, { kind }: GraphNode): string {
  const known = view.kindState(kind);
  if (known.state === 'forbidden') return 'its kind may not be read';
  if (known.state === 'syncing') return 'its kind is still being read';
  if (known.state === 'synced' || known.state === 'stale') return 'its namespace is not read';
  return known.state === 'missing' ? 'the cluster does not serve its kind' : 'its kind is not in the graph';
}

function presentText(node: GraphNode): string {
  const podFacts = pod.of(node);
  if (podFacts !== undefined) return podText(podFacts);
  const workload = workloadOf(node);
  if (workload !== undefined) {
    return workload.specReplicas === 0 && workload.desired === 0
      ? 'scaled to 0'
      : `${workload.ready}/${workload.desired} ready`;
  }
  const machine = nodeKind.of(node);
  if (machine !== undefined) {
    return joined(machine.ready === 'True' ? 'Ready' : 'NotReady', machine.unschedulable ? 'cordoned' : '');
  }
  const volume = claim.of(node);
  if (volume !== undefined) return volume.phase;
  const work = job.of(node);
  if (work !== undefined)
    return `${work.succeeded}/${work.completions} done${work.failed > 0 ? `, ${work.failed} failed` : ''}`;
  return node.health === 'ok' || node.health === 'unknown' ? '' : node.health;
}

/** As kubectl shows it: why it waits before what phase it is in. */
function podText({ phase, reason, ready, containers, conditions }: PodFacts): string {
  const trouble = containers.find(({ state, reason: why, exitCode }) =>
    state === 'waiting'
      ? why !== '' && why !== 'ContainerCreating' && why !== 'PodInitializing'
      : state === 'terminated' && exitCode !== 0,
  );
  if (trouble !== undefined) return trouble.reason || `exit ${trouble.exitCode}`;
  if (reason !== '') return reason;
  if (phase !== 'Running') return conditions.find(({ type }) => type === 'PodScheduled')?.reason || phase;
  return ready ? 'ready' : 'not ready';
}

function joined(...words: string[]): string {
  return words.filter((word) => word !== '').join(', ');
}

/** `Deployment shop/cart`, `Node worker-1`; the group only where it is not one of Kubernetes' own. */
export function nodeName({ kind, namespace, name }: Pick<GraphNode, 'kind' | 'namespace' | 'name'>): string {
  return `${kindName(kind)} ${namespace === '' ? name : `${namespace}/${name}`}`;
}

export function kindName(key: GraphNode['kind']): string {
  const { group, kind } = splitKindKey(key);
  return group === '' || !group.includes('.') || group.endsWith('.k8s.io')
    ? kind.replace(/^~/, '')
    : `${kind}.${group}`;
}

/** `3 Pods`, `1 Pod`; the plural of kinds as English has it. */
export function countOf(count: number, key: GraphNode['kind']): string {
  return `${count} ${count === 1 ? kindName(key) : pluralOf(kindName(key))}`;
}

function pluralOf(name: string): string {
  const [kind = name, ...group] = name.split('.');
  const many = /(?:s|x|ch|sh)$/.test(kind)
    ? `${kind}es`
    : /[^aeiou]y$/.test(kind)
      ? `${kind.slice(0, -1)}ies`
      : `${kind}s`;
  return [kind.endsWith('Endpoints') || kind.endsWith('Metrics') ? kind : many, ...group].join('.');
}
