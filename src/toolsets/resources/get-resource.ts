import { z } from 'zod';
import { apiRequest } from '../../kernel/api-request.ts';
import { AppError } from '../../kernel/errors.ts';
import { defineOperation } from '../../operations/define.ts';
import { apiVersionOf } from '../../operations/manifests/targets.ts';
import { parseColumns } from '../../operations/query/columns.ts';
import { orSuggest } from '../../operations/query/suggest.ts';
import { fitText } from '../../operations/shape/fit-text.ts';
import { outline } from '../../operations/shape/outline.ts';
import { prune } from '../../operations/shape/prune.ts';
import { trimObject } from '../../operations/shape/trim.ts';
import { toYaml } from '../../operations/shape/yaml.ts';
import type { CallContext } from '../../operations/types.ts';

interface Input {
  kind: string;
  name: string;
  namespace?: string | undefined;
  apiVersion?: string | undefined;
}

async function targetOf({ kind, namespace, apiVersion }: Input, ctx: CallContext) {
  const resource = await ctx.cluster.mapper.resolve(kind, apiVersion, ctx.signal);
  if (!resource.namespaced) return { resource, scope: {}, namespace: undefined };
  const used = namespace ?? ctx.cluster.defaultNamespace;
  return { resource, scope: { namespace: used }, namespace: used };
}

/** One object of any kind. */
export const operation = defineOperation({
  name: 'get_resource',
  toolset: 'resources',
  title: 'Get one object',
  description: 'One object of any kind as YAML.',
  effect: 'read',
  input: {
    kind: z.string().describe('or kind.group'),
    name: z.string(),
    namespace: z.string().optional(),
    apiVersion: z.string().optional(),
    fields: z.string().optional().describe('JSONPath list'),
    full: z.boolean().optional().describe('keep managedFields'),
    output: z.enum(['yaml', 'json']).optional(),
  },
  output: z.looseObject({
    apiVersion: z.string(),
    kind: z.string(),
    name: z.string(),
    namespace: z.string().optional(),
    /** The object in the format asked for, as much as fits. */
    text: z.string(),
    /** Lines of it that did not fit. */
    omittedLines: z.number(),
    notes: z.array(z.string()),
  }),
  aliases: {
    api_version: 'apiVersion',
    resource_type: 'kind',
    resource: 'kind',
    resource_name: 'name',
    field: 'fields',
  },
  async resolve(input, ctx) {
    const { resource, namespace } = await targetOf(input, ctx);
    return [apiRequest('get', resource, { name: input.name, namespace })];
  },
  async run(input, ctx) {
    const { resource, scope, namespace } = await targetOf(input, ctx);
    const { name, full = false } = input;
    const select = input.fields === undefined ? undefined : selection(input.fields);
    const work = ctx.cluster.client.get(resource, name, { ...scope, signal: ctx.signal });
    const object = await orSuggest(work, { resource, name, namespace }, ctx);
    const trimmed = trimObject(object, { full });
    const shown = select === undefined ? trimmed : select(object);
    // A leaf takes a line, and a line more than a token: what the budget cannot hold is not written out first.
    const { value, dropped } = prune(shown, ctx.budgetTokens);
    const whole = input.output === 'json' ? JSON.stringify(value, null, 1) : toYaml(value);
    const fitted = fitText(whole, ctx.budgetTokens);
    const { text } = fitted;
    const omitted = fitted.omitted + dropped;
    const ignored = input.namespace !== undefined && !resource.namespaced;
    const shortened = omitted > 0 || text.length + 1 < whole.length;
    return {
      apiVersion: apiVersionOf(resource),
      kind: resource.kind,
      name,
      ...(namespace === undefined ? {} : { namespace }),
      text,
      omittedLines: omitted,
      notes: [
        ...(ignored ? [`${resource.kind} is cluster-scoped: namespace was ignored.`] : []),
        ...(shortened ? [cutNote(omitted, trimmed)] : []),
      ],
    };
  },
  render: ({ text, notes }) => [text, ...notes].join('\n'),
});

function cutNote(omitted: number, object: unknown): string {
  const { text, largest } = outline(object);
  const cut = omitted > 0 ? `${omitted} more lines were cut` : 'Long lines were cut';
  return `${cut}. Sizes: ${text}. Call again with fields, for instance fields=${largest}`;
}

/** Picks the paths out of an object as a map from path to value. */
function selection(fields: string): (object: unknown) => Record<string, unknown> {
  const columns = parseColumns(fields);
  if (columns.type === 'server') {
    throw new AppError('invalid_argument', 'fields: expected paths such as .spec,.status.conditions.', {
      remedy: 'Begin each path with a dot.',
    });
  }
  return (object) =>
    Object.fromEntries(
      columns.columns.map(({ path, source }) => {
        const found = path.all(object).map((value) => trimObject(value));
        return [source, found.length <= 1 ? (found[0] ?? null) : found];
      }),
    );
}
