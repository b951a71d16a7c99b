import { z } from 'zod';
import { logSources } from '../../operations/container-logs/containers.ts';
import { fitSections } from '../../operations/container-logs/fit.ts';
import { filterOf, readSources, sinceOf } from '../../operations/container-logs/read.ts';
import { logRequests, logTarget, podsOf } from '../../operations/container-logs/target.ts';
import { defineOperation } from '../../operations/define.ts';
import { UNTRUSTED } from '../../operations/views/event.ts';

/** Logs of a pod or of all pods of a workload. */
export const operation = defineOperation({
  name: 'k8s-get-logs',
  toolset: 'cluster',
  title: 'Logs',
  description: 'Logs of a pod or workload, all containers; repeats folded.',
  effect: 'read',
  input: {
    pod_name: z.string().describe('or kind/name: deployment/web'),
    namespace: z.string().optional(),
    container: z.string().optional(),
    lines: z.int().min(1).max(1000).default(100).describe('per container'),
    since: z.string().optional().describe('10m, or RFC 3339'),
    previous: z.boolean().optional(),
    include: z.string().optional().describe('RE2'),
    exclude: z.string().optional(),
    timestamps: z.boolean().optional(),
  },
  output: z.looseObject({
    target: z.string(),
    namespace: z.string(),
    sections: z.array(
      z.looseObject({
        pod: z.string(),
        container: z.string(),
        lines: z.array(z.string()),
        cut: z.number(),
        note: z.string(),
      }),
    ),
    notes: z.array(z.string()),
  }),
  aliases: {
    pod: 'pod_name',
    name: 'pod_name',
    podName: 'pod_name',
    tail: 'lines',
    tail_lines: 'lines',
    tailLines: 'lines',
    since_time: 'since',
    container_name: 'container',
    grep: 'include',
  },
  async resolve(input, ctx) {
    return logRequests(await logTarget(input.pod_name, input.namespace, ctx));
  },
  async run(input, ctx) {
    const { previous = false, timestamps = false, lines } = input;
    const since = sinceOf(input.since);
    const filter = filterOf(input.include, input.exclude);
    const target = await logTarget(input.pod_name, input.namespace, ctx);
    const { pods, of } = await podsOf(target, ctx);
    const sources = pods.flatMap((pod) => logSources(pod, input.container, previous));
    const options = { namespace: target.namespace, lines, previous, timestamps, since, filter };
    const sections = fitSections(await readSources(sources, options, ctx), ctx.budgetTokens);
    const cut = sections.reduce((sum, section) => sum + section.cut, 0);
    return {
      target: input.pod_name,
      namespace: target.namespace,
      sections,
      notes: [
        ...(pods.length === 0 ? [`${input.pod_name} has no pods in namespace ${target.namespace}.`] : []),
        ...(of > pods.length
          ? [`Read ${pods.length} of ${of} pods, those in trouble first; name a pod for the others.`]
          : []),
        ...(cut > 0
          ? [`${cut} earlier lines did not fit: narrow by container, include, exclude, since or lines.`]
          : []),
      ],
    };
  },
  render({ target, namespace, sections, notes }) {
    const head = `Logs of ${target} in namespace ${namespace} ${UNTRUSTED}`;
    return [head, ...sections.flatMap((section) => sectionLines(section)), ...notes].join('\n');
  },
});

function sectionLines(section: {
  pod: string;
  container: string;
  lines: string[];
  cut: number;
  note: string;
}): string[] {
  const { pod, container, lines, cut, note } = section;
  const heading = `== ${pod}/${container}${note === '' ? '' : ` (${note})`}`;
  return [heading, ...(cut > 0 ? [`[${cut} earlier lines cut]`] : []), ...lines];
}
