import type { Section } from './fit.ts';
import type { Performance, Usage } from './types.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

const percent = ({ used, allocatable }: Usage) =>
  allocatable === 0 ? '' : ` (${Math.round((100 * used) / allocatable)} %)`;
const cores = (usage: Usage) => `${usage.used.toFixed(2)} of ${usage.allocatable.toFixed(1)} cores${percent(usage)}`;
const memory = (usage: Usage) =>
  `${(usage.used / GIB).toFixed(1)} of ${(usage.allocatable / GIB).toFixed(1)} GiB${percent(usage)}`;

/** What is used, by whom, and what has happened lately. */
export function performanceSections(performance: Performance, namespace: string | undefined): readonly Section[] {
  const { nodes, in_namespace: inside, top_pods: pods = [], restarts, history, notes, time_range: range } = performance;
  const usage = [
    ...(nodes === undefined ? [] : [`cpu ${cores(nodes.cpu)}; memory ${memory(nodes.memory)}`]),
    ...(inside === undefined
      ? []
      : [
          `namespace ${namespace}: ${inside.cpu.toFixed(2)} cores, ${Math.round(inside.memory / MIB)} MiB by ${inside.pods} ${inside.pods === 1 ? 'pod' : 'pods'}`,
        ]),
  ];
  const busiest = (nodes?.busiest ?? []).map(
    (node) => `node ${node.name}: cpu ${cores(node.cpu)}; memory ${memory(node.memory)}`,
  );
  return [
    { heading: 'Usage:', lines: [...notes, ...usage, ...busiest], rank: 1, least: 4, more: 'a larger max_size_kb' },
    {
      heading: 'Pods that use most:',
      lines: pods.map(
        (pod) => `${pod.namespace}/${pod.name}: ${pod.cpu.toFixed(3)} cores, ${Math.round(pod.memory / MIB)} MiB`,
      ),
      rank: 2,
      least: 3,
      more: 'a larger max_size_kb',
    },
    {
      heading: 'Restarts:',
      lines: restarts.map(({ object, title }) => `${object}: ${title}`),
      rank: 3,
      least: 2,
      more: 'scope: anomalies',
    },
    {
      heading: `Within ${range}: ${history.began} findings began, ${history.ended} ended`,
      lines: history.latest.map(({ at, began, what }) => `${at} ${began ? 'began' : 'ended'}: ${what}`),
      rank: 4,
      least: 2,
      more: 'a larger max_size_kb',
    },
  ];
}
