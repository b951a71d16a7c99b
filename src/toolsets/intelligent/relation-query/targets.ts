import type { OpenGraph } from '../../../graph/access.ts';
import { kindKeyOf } from '../../../graph/kind-key.ts';
import type { TargetName } from '../../../graph/queries/find-target.ts';
import { namespaceNames } from '../../../graph/queries/topology.ts';
import type { GraphView } from '../../../graph/types.ts';
import { apiRequest } from '../../../kernel/api-request.ts';
import { AppError } from '../../../kernel/errors.ts';
import { nearest } from '../../../kernel/nearest.ts';
import type { ApiRequest } from '../../../kernel/vocabulary.ts';
import { listRequests } from '../../../operations/query/across-namespaces.ts';
import type { CallContext } from '../../../operations/types.ts';

/** The parts of the input that say which objects are meant. */
export interface TargetInput {
  query_type: string;
  target_resources?: string[] | undefined;
  resource_type?: string | undefined;
  resource_name?: string | undefined;
  namespace?: string | undefined;
  focus_namespace?: string | undefined;
}

/** Things that objects name and that are no objects: `image/nginx:1.29`. */
const OUTSIDE: Readonly<Record<string, string>> = {
  image: '~Image',
  host: '~Host',
  zone: '~Zone',
  helmrelease: '~HelmRelease',
};

interface Wanted {
  target: TargetName;
  /** Undefined for what is no object of the API. */
  request: ApiRequest | undefined;
}

/** What policy is asked before anything is looked up: reading the targets, or listing what a topology counts. */
export async function questionRequests(input: TargetInput, ctx: CallContext): Promise<ApiRequest[]> {
  const wanted = await wantedOf(input, ctx);
  const focus = focusNamespace(input);
  const named = wanted.flatMap(({ request }) => request ?? []);
  const counts = input.query_type === 'cluster_topology';
  if (named.length > 0 && focus === undefined && !counts) return named;
  const pods = await ctx.cluster.mapper.resolve('pods', 'v1', ctx.signal);
  // What is no object (an image, a host) is looked for among the pods.
  return [...named, ...listRequests(pods, focus, ctx.policy)];
}

/** The namespace that a question is about, in either form; undefined: all. With targets, `namespace` is only where those are. */
export function focusNamespace({
  target_resources: targets = [],
  resource_type: type,
  namespace,
  focus_namespace: focus,
}: TargetInput): string | undefined {
  const given = focus ?? (targets.length === 0 && type === undefined ? namespace : undefined);
  return given === undefined || given === '' || given === 'all' || given === '*' ? undefined : given;
}

/**
 * `focusNamespace`, of which something is known. Throws where there is no such namespace, or this identity sees none: nothing in it is
 * another thing.
 */
export function knownFocus({ view, coverage }: OpenGraph<unknown>, input: TargetInput): string | undefined {
  const name = focusNamespace(input);
  if (name === undefined || isHere(view, name) || coverage().namespaces?.includes(name)) return name;
  const { state } = view.kindState('Namespace');
  if (state === 'forbidden')
    throw new AppError('cluster_forbidden', `Namespace ${name} is not visible to this identity, if there is one.`, {
      remedy: 'Ask about a namespace that it may list, or use an identity with more rights.',
    });
  if (state === 'synced' || state === 'stale')
    throw new AppError('not_found', `There is no namespace ${name}.`, {
      candidates: nearest(name, namespaceNames(view)),
      remedy: 'list_resources with kind Namespace names them all.',
    });
  return name;
}

function isHere(view: GraphView, namespace: string): boolean {
  const id = view.find('Namespace', '', namespace);
  return (id !== undefined && view.whereabouts(id) === 'present') || view.namespaces().includes(namespace);
}

export async function targetsOf(input: TargetInput, ctx: CallContext): Promise<TargetName[]> {
  return (await wantedOf(input, ctx)).map(({ target }) => target);
}

async function wantedOf(input: TargetInput, ctx: CallContext): Promise<Wanted[]> {
  const texts = textsOf(input);
  checkCount(input.query_type, texts);
  return Promise.all(texts.map((text) => wantedFrom(text, input, ctx)));
}

/** Both forms: `target_resources`, and the seed's `resource_type` with `resource_name`, whose namespace is `namespace`. */
function textsOf({ target_resources: given = [], resource_type: type, resource_name: name }: TargetInput): string[] {
  if (type === undefined && name === undefined) return given;
  if (type === undefined || name === undefined) {
    const missing = type === undefined ? 'resource_type' : 'resource_name';
    throw new AppError('invalid_argument', `${missing} is missing: it goes with the other of the two.`, {
      problems: [{ field: missing, problem: 'is required with its partner' }],
      remedy: 'Send target_resources: ["kind/namespace/name"], or resource_type and resource_name.',
    });
  }
  return [...given, `${type}/${name}`];
}

function checkCount(queryType: string, texts: readonly string[]): void {
  const needed =
    queryType === 'cluster_topology' || queryType === 'anomaly_correlation' ? 0 : queryType === 'resource_path' ? 2 : 1;
  if (texts.length >= needed && (needed !== 2 || texts.length === 2)) return;
  throw new AppError(
    'invalid_argument',
    `${queryType} takes ${needed === 2 ? 'two targets, from and to' : 'at least one target'}.`,
    {
      problems: [{ field: 'target_resources', problem: `has ${texts.length}` }],
      remedy: 'Name them as kind/namespace/name, or kind/name for cluster-scoped objects and the default namespace.',
    },
  );
}

async function wantedFrom(text: string, input: TargetInput, ctx: CallContext): Promise<Wanted> {
  const [kind = '', ...rest] = text.split('/');
  const outside = OUTSIDE[kind.toLowerCase()];
  if (outside !== undefined && rest.length > 0) {
    const name = rest.join('/');
    return { target: { kind: outside, namespace: '', name }, request: undefined };
  }
  if (rest.length < 1 || rest.length > 2 || [kind, ...rest].some((part) => part === '')) throw unreadable(text);
  const resource = await ctx.cluster.mapper.resolve(kind, undefined, ctx.signal);
  const [first = '', second] = rest;
  if (!resource.namespaced && second !== undefined) {
    throw new AppError('invalid_argument', `${resource.kind} objects are in no namespace.`, {
      problems: [{ field: 'target_resources', problem: `send ${JSON.stringify(`${kind}/${second}`)}` }],
    });
  }
  const name = second ?? first;
  const home = second === undefined ? input.namespace || focusNamespace(input) || ctx.cluster.defaultNamespace : first;
  const namespace = resource.namespaced ? home : '';
  return {
    target: { kind: kindKeyOf(resource.group, resource.kind), namespace, name },
    request: apiRequest('get', resource, { name, ...(namespace === '' ? {} : { namespace }) }),
  };
}

function unreadable(text: string): AppError {
  return new AppError('invalid_argument', `${JSON.stringify(text.slice(0, 120))} names no object.`, {
    problems: [{ field: 'target_resources', problem: 'is kind/namespace/name or kind/name' }],
    remedy: 'For instance deployment/shop/cart, node/worker-1, certificates.cert-manager.io/shop/web.',
  });
}
