/** A node that does not answer, that lacks something, or that has no network. */
import type { Condition } from '../../../graph/facts.ts';
import { node as nodeKind } from '../../../graph/project/node.ts';
import type { DetectContext, Detector, Found } from '../../types.ts';
import { CRITICAL, WARNING } from './reading/pods.ts';
import { MINUTE, SECOND, short, span } from './reading/times.ts';

const PRESSURES: Readonly<Record<string, string>> = {
  MemoryPressure: 'is short of memory',
  DiskPressure: 'is short of disk',
  PIDPressure: 'is short of process ids',
};
/** A node that has just joined is not ready yet. */
const JOINING = 3 * MINUTE;
const HOLD = 30 * SECOND;

export const nodeNotReady: Detector = {
  id: 'node-not-ready',
  class: 'incident',
  kinds: ['Node'],
  reads: [],
  detect(node, context) {
    const facts = nodeKind.of(node);
    if (facts === undefined || node.deleting !== undefined) return [];
    const hold = (since: number) => (since - node.created < MINUTE ? JOINING : HOLD);
    const found = facts.conditions.flatMap((condition) => foundOf(condition, context, hold(condition.since)));
    // It says nothing more of itself once it is silent.
    const silent = found.filter(({ key }) => key === 'Ready');
    return silent.length > 0 ? silent : found;
  },
};

function foundOf(condition: Condition, context: DetectContext, holdMs: number): Found[] {
  const { type, status, reason, message, since } = condition;
  if ((status === 'True') === (type === 'Ready')) return [];
  const evidence = [
    `condition ${type}: ${status} for ${span(context.now - since)}, ${reason}${message === '' ? '' : `, ${short(message, 200)}`}`,
  ];
  const base = { key: type, evidence, since, holdMs };
  if (type === 'Ready' && status !== 'True')
    return [
      {
        ...base,
        severity: CRITICAL,
        title: status === 'Unknown' ? 'NotReady: its kubelet does not answer' : `NotReady: ${short(message || reason)}`,
      },
    ];
  if (status !== 'True') return [];
  if (type === 'NetworkUnavailable') return [{ ...base, severity: CRITICAL, title: 'its network is not set up' }];
  const pressure = PRESSURES[type];
  return pressure === undefined ? [] : [{ ...base, severity: WARNING, title: `${type}: it ${pressure}` }];
}
