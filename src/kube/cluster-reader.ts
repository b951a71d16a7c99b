/** Single reads beside list and watch, for the graph: discovery, pages, objects, and which cluster it is. */
import { AppError } from '../kernel/errors.ts';
import type { KubeObject } from '../kernel/vocabulary.ts';
import { asObject } from './client/answers.ts';
import { objectPath } from './client/paths.ts';
import { createRawClient } from './client/raw-client.ts';
import { createClockCheck } from './clock-check.ts';
import type { CallScope, Transport } from './transport/types.ts';
import type { ApiResource, DiscoverySnapshot, RestMapper } from './types.ts';
import { isSignOfLife, type ServerClock } from './watch/server-clock.ts';
import { type WatchTarget, type Wire, WireError } from './watch/types.ts';

export interface ClusterReaderOptions {
  transport: Pick<Transport, 'json' | 'send' | 'text' | 'upgrade' | 'close'>;
  mapper: RestMapper;
  scope: CallScope;
  /** Also told by the wire over the same transport. */
  serverClock: ServerClock;
  wire: Pick<Wire, 'list'>;
}

export interface ObjectVersion {
  namespace: string;
  name: string;
  uid: string;
  resourceVersion: string;
}

/** What the graph asks beside its reflectors, with the same identity and the same guard. Throws AppError. */
export interface ClusterReader {
  discovery(signal: AbortSignal, options?: { maxAgeMs?: number }): Promise<DiscoverySnapshot>;
  /** One page. `total`: items and what remains, where the server says it. */
  list(
    target: WatchTarget,
    query: { limit: number; continue?: string; labelSelector?: string; fieldSelector?: string },
    signal: AbortSignal,
  ): Promise<{ items: readonly KubeObject[]; continue?: string; total: number | undefined; resourceVersion: string }>;
  /** undefined where there is none. */
  get(target: WatchTarget, name: string, signal: AbortSignal): Promise<KubeObject | undefined>;
  /** One page of names and versions, each told as it comes: for kinds with very many objects. Gives way to others every 8 ms of work. */
  versions(
    target: WatchTarget,
    query: { limit: number; continue?: string },
    each: (version: ObjectVersion) => void,
    signal: AbortSignal,
  ): Promise<{ continue?: string }>;
  /** OpenAPI v3 schemas of a CRD's versions: for references that only the schema shows. */
  customResourceSchemas(signal: AbortSignal): Promise<readonly KubeObject[]>;
  /** Server Date minus ours, ms. */
  clockOffset(): number;
  /** How long ago the server gave its last sign of life, ms; Infinity before the first. */
  silence(): number;
  /** Asks the server's clock where it has not been heard for some seconds. Never throws. */
  checkClock(signal: AbortSignal): Promise<void>;
  /** uid of the namespace kube-system: another one is another cluster. undefined where it may not be read. */
  clusterId(signal: AbortSignal): Promise<string | undefined>;
}

const METADATA_ACCEPT = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json';
/** Definitions are large (up to 1.5 MB each), so that few come at a time. */
const SCHEMAS_PER_PAGE = 20;
/** Of all definitions together; clusters with more have references of the first ones only. */
const MOST_SCHEMAS = 400;

const NAMESPACES: ApiResource = {
  group: '',
  version: 'v1',
  kind: 'Namespace',
  resource: 'namespaces',
  singular: 'namespace',
  shortNames: ['ns'],
  categories: [],
  namespaced: false,
  verbs: ['get', 'list', 'watch'],
  subresources: [],
  preferred: true,
};
const DEFINITIONS: ApiResource = {
  ...NAMESPACES,
  group: 'apiextensions.k8s.io',
  kind: 'CustomResourceDefinition',
  resource: 'customresourcedefinitions',
  singular: 'customresourcedefinition',
  shortNames: ['crd'],
};

export function createClusterReader({
  transport,
  mapper,
  scope,
  serverClock,
  wire,
}: ClusterReaderOptions): ClusterReader {
  const client = createRawClient(transport, scope);

  /** undefined where there is none. */
  const get = async (
    { resource, namespace, depth }: Pick<WatchTarget, 'resource' | 'namespace' | 'depth'>,
    name: string,
    signal: AbortSignal,
  ): Promise<KubeObject | undefined> => {
    try {
      const answer = await transport.json({
        method: 'GET',
        path: objectPath(resource, name, { namespace }),
        headers: { accept: depth === 'metadata' ? METADATA_ACCEPT : 'application/json' },
        scope,
        signal,
      });
      const object = asObject(answer, `get of ${resource.resource}`);
      return depth === 'metadata' ? onlyMetadata(object, resource) : object;
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'not_found') return undefined;
      throw thrown;
    }
  };

  return {
    discovery: (signal, options) => mapper.snapshot(signal, options),

    async list({ resource, namespace, depth }, query, signal) {
      const where = { ...query, ...(namespace === undefined ? {} : { namespace }) };
      const found =
        depth === 'metadata'
          ? await client.listMetadata(resource, where, signal)
          : await client.list(resource, where, signal);
      const { items, remainingItemCount } = found;
      const whole = found.continue === undefined && query.continue === undefined;
      return {
        items,
        ...(found.continue === undefined ? {} : { continue: found.continue }),
        total:
          remainingItemCount === undefined ? (whole ? items.length : undefined) : items.length + remainingItemCount,
        resourceVersion: found.resourceVersion ?? '',
      };
    },

    get,

    async versions(target, query, each, signal) {
      const tell = ({ metadata: { namespace = '', name = '', uid = '', resourceVersion = '' } = {} }: KubeObject) =>
        each({ namespace, name, uid, resourceVersion });
      try {
        const page = await wire.list({ ...target, depth: 'metadata', fields: [] }, query, tell, signal);
        return page.continue === undefined ? {} : { continue: page.continue };
      } catch (thrown) {
        if (!(thrown instanceof WireError)) throw thrown;
        throw new AppError(
          'cluster_unavailable',
          `${target.resource.resource} could not be compared: ${thrown.message}`,
        );
      }
    },

    async customResourceSchemas(signal) {
      const found: KubeObject[] = [];
      let token: string | undefined;
      do {
        const page = await client.list(
          DEFINITIONS,
          { limit: SCHEMAS_PER_PAGE, ...(token === undefined ? {} : { continue: token }) },
          signal,
        );
        found.push(...page.items);
        token = page.continue;
      } while (token !== undefined && found.length < MOST_SCHEMAS);
      return found;
    },

    clockOffset: serverClock.offset,
    silence: serverClock.silence,

    checkClock: createClockCheck(serverClock, async (signal) => {
      const { status, headers, body } = await transport.send({ method: 'GET', path: '/version', scope, signal });
      serverClock.hear(headers);
      if (isSignOfLife(status)) serverClock.lives();
      for await (const _ of body);
    }),

    async clusterId(signal) {
      const object = await get({ resource: NAMESPACES, depth: 'metadata' }, 'kube-system', signal);
      return object?.metadata?.uid;
    },
  };
}

/** Servers that know no PartialObjectMetadata send the whole object: nothing else of it is to go on. */
function onlyMetadata({ metadata = {} }: KubeObject, { group, version, kind }: ApiResource): KubeObject {
  return { apiVersion: group === '' ? version : `${group}/${version}`, kind, metadata };
}
