import { z } from 'zod';
import { renderTable } from '../../kernel/text/table.ts';
import type { ApiResource } from '../../kube/types.ts';
import { defineOperation } from '../../operations/define.ts';
import { apiVersionOf } from '../../operations/manifests/targets.ts';
import { fitRows } from '../../operations/shape/fit.ts';

const resourceSchema = z.looseObject({
  name: z.string(),
  singularName: z.string(),
  shortNames: z.array(z.string()),
  namespaced: z.boolean(),
  kind: z.string(),
  group: z.string(),
  version: z.string(),
  verbs: z.array(z.string()),
});

type ResourceItem = z.infer<typeof resourceSchema>;

/** Callers come here for a kind that was unknown a moment ago: discovery may be this old, ms. */
const MAX_AGE_MS = 5_000;

/** The kinds a cluster serves. */
export const operation = defineOperation({
  name: 'get_api_resources',
  toolset: 'resources',
  title: 'API resources',
  description: 'Kinds the cluster serves, CRDs too.',
  effect: 'read',
  input: {
    includeNamespaceScoped: z.boolean().default(true),
    includeClusterScoped: z.boolean().default(true),
    filter: z.string().optional().describe('part of a name, kind or group'),
  },
  output: z.looseObject({
    resources: z.array(resourceSchema),
    total: z.number(),
    failures: z.array(z.looseObject({ groupVersion: z.string(), reason: z.string() })),
  }),
  aliases: {
    include_namespace_scoped: 'includeNamespaceScoped',
    include_cluster_scoped: 'includeClusterScoped',
    group: 'filter',
  },
  resolve: async () => [{ type: 'nonResource', method: 'GET', path: '/apis' }],
  async run(input, ctx) {
    const { resources, failures } = await ctx.cluster.mapper.snapshot(ctx.signal, { maxAgeMs: MAX_AGE_MS });
    const wanted = input.filter?.toLowerCase() ?? '';
    const found = resources
      .filter((r) => r.preferred && (r.namespaced ? input.includeNamespaceScoped : input.includeClusterScoped))
      .filter((r) => wordsOf(r).some((word) => word.toLowerCase().includes(wanted)))
      .map(itemOf)
      .sort(byGroup);
    const max = ctx.policy.maxResources ?? Number.POSITIVE_INFINITY;
    return {
      resources: fitRows(found, cellsOf, { budgetTokens: ctx.budgetTokens, max }),
      total: found.length,
      failures: failures.map((failure) => ({ ...failure })),
    };
  },
  render({ resources, total, failures }) {
    const down = failures.map(({ groupVersion, reason }) => `Not read: ${groupVersion} (${reason})`);
    if (total === 0) return ['No resource matches.', ...down].join('\n');
    const table = renderTable(
      ['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND', 'VERBS'],
      resources.map(cellsOf),
    );
    const rest = total - resources.length;
    const cut =
      rest > 0
        ? [`Shown ${resources.length} of ${total}; for the other ${rest} narrow with filter=<name or group>.`]
        : [];
    return [table, `(* = ${ALL_VERBS.join(',')})`, ...cut, ...down].join('\n');
  },
});

const ALL_VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

const wordsOf = (r: ApiResource) => [r.resource, r.singular, r.kind, r.group, ...r.shortNames, ...r.categories];

function itemOf(r: ApiResource): ResourceItem {
  return {
    name: r.resource,
    singularName: r.singular,
    shortNames: [...r.shortNames],
    namespaced: r.namespaced,
    kind: r.kind,
    group: r.group,
    version: r.version,
    verbs: [...r.verbs],
  };
}

function cellsOf(r: ResourceItem): string[] {
  const all = ALL_VERBS.every((verb) => r.verbs.includes(verb)) && r.verbs.length === ALL_VERBS.length;
  return [
    r.name,
    r.shortNames.join(',') || '-',
    apiVersionOf(r),
    String(r.namespaced),
    r.kind,
    all ? '*' : r.verbs.join(','),
  ];
}

function byGroup(a: ResourceItem, b: ResourceItem): number {
  const [left, right] = [`${a.group}/${a.name}`, `${b.group}/${b.name}`];
  return left < right ? -1 : left > right ? 1 : 0;
}
