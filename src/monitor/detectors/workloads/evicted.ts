/** Pods that were made to go: evicted for the node's sake, preempted, out of time. */
import { node as nodeKind } from '../../../graph/project/node.ts';
import type { Detector } from '../../types.ts';
import { because, MINOR, onPods, podsOn } from './reading/pods.ts';
import { EVENT_WINDOW, short, span } from './reading/times.ts';

const REASONS: ReadonlySet<string> = new Set([
  'Evicted',
  'Preempting',
  'NodeShutdown',
  'NodeAffinity',
  'OutOfcpu',
  'OutOfmemory',
  'OutOfpods',
]);

export const evicted: Detector = onPods({
  id: 'evicted',
  reads: ['Node'],
  affected: podsOn,
  look(seen) {
    const { node, pod } = seen;
    if (pod.phase !== 'Failed' || !REASONS.has(pod.reason)) return undefined;
    const target = pod.conditions.find(({ type, status }) => type === 'DisruptionTarget' && status === 'True');
    const since = target?.since || pod.readySince || pod.started || node.created;
    // Its remains stay; what counts is that it happened just now.
    if (seen.now - since > EVENT_WINDOW) return undefined;
    const on = pod.node === '' ? undefined : seen.view.find('Node', '', pod.node);
    const facts = on === undefined ? undefined : nodeKind.of(seen.view.node(on));
    const pressed =
      facts?.conditions.some(({ type, status }) => type.endsWith('Pressure') && status === 'True') === true;
    return {
      severity: MINOR,
      title: `${pod.reason}: ${short(pod.message)}`,
      evidence: [
        `status.reason: ${pod.reason}, ${span(seen.now - since)} ago`,
        short(pod.message, 240),
        ...(pod.node === '' ? [] : [`spec.nodeName: ${pod.node}`]),
      ],
      since,
      ...because(pressed ? on : undefined),
    };
  },
});
