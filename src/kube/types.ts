/** What the rest of the server may know of kube/: shapes only. Toolsets, operations and graph import these as types. */
import type { JsonObject, KubeObject } from '../kernel/vocabulary.ts';

/** One served resource, from discovery. `group` is '' for core. */
export interface ApiResource {
  group: string;
  version: string;
  kind: string;
  /** Plural, the word in URLs. */
  resource: string;
  singular: string;
  shortNames: readonly string[];
  categories: readonly string[];
  namespaced: boolean;
  verbs: readonly string[];
  /** Names only: 'status', 'scale', 'log', 'exec'… */
  subresources: readonly string[];
  /** True when this version is the one its group prefers. */
  preferred: boolean;
}

export interface DiscoverySnapshot {
  resources: readonly ApiResource[];
  /** Groups that could not be read (an aggregated API that is down): said, never hidden. */
  failures: readonly { groupVersion: string; reason: string }[];
}

export interface RestMapper {
  /** `maxAgeMs`: how old it may be; ten minutes where it is not given. */
  snapshot(signal: AbortSignal, options?: { maxAgeMs?: number }): Promise<DiscoverySnapshot>;
  /**
   * The resource meant by a Kind, plural, singular, short name, `resource.group`, `Kind.group`, `resource.version.group` or `group/version/Kind`.
   * Throws `unknown_kind` with the nearest names, or `ambiguous_kind` with the candidates. Looks again once on a miss.
   */
  resolve(kind: string, apiVersion: string | undefined, signal: AbortSignal): Promise<ApiResource>;
  invalidate(): void;
}

export interface KubeList {
  /** Items; each has apiVersion and kind filled in, as LIST leaves them out. */
  items: KubeObject[];
  continue?: string;
  remainingItemCount?: number;
  resourceVersion?: string;
}

export interface TableColumn {
  name: string;
  type: string;
  /** 0 = shown by default, above = wide. */
  priority: number;
  /** The field that a custom kind's column shows, where the server says it. */
  field?: string;
}

export interface KubeTable {
  columns: TableColumn[];
  rows: { cells: unknown[]; name: string; namespace?: string }[];
  continue?: string;
  remainingItemCount?: number;
  resourceVersion?: string;
}

export interface ListQuery {
  /** Absent: all namespaces (or a cluster-scoped kind). */
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
  limit?: number;
  continue?: string;
  /** Read exactly this version (`resourceVersionMatch=Exact`): a first page that is read again as it was. */
  resourceVersion?: string;
}

export interface WriteOptions {
  namespace?: string;
  dryRun?: boolean;
  signal: AbortSignal;
}

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

export interface LogQuery {
  namespace: string;
  pod: string;
  container?: string;
  previous?: boolean;
  sinceSeconds?: number;
  /** RFC 3339. */
  sinceTime?: string;
  tailLines?: number;
  limitBytes?: number;
  timestamps?: boolean;
}

/** The verbs on any kind, as raw JSON. Every method throws AppError; every answer has passed the call's redactor. */
export interface KubeClient {
  get(
    r: ApiResource,
    name: string,
    o: { namespace?: string; subresource?: string; signal: AbortSignal },
  ): Promise<KubeObject>;
  /** Items come without managedFields. */
  list(r: ApiResource, q: ListQuery, signal: AbortSignal): Promise<KubeList>;
  listMetadata(r: ApiResource, q: ListQuery, signal: AbortSignal): Promise<KubeList>;
  table(r: ApiResource, q: ListQuery, signal: AbortSignal): Promise<KubeTable>;
  create(r: ApiResource, object: KubeObject, o: WriteOptions): Promise<KubeObject>;
  update(r: ApiResource, object: KubeObject, o: WriteOptions & { subresource?: string }): Promise<KubeObject>;
  patch(
    r: ApiResource,
    name: string,
    body: unknown,
    o: WriteOptions & { type: PatchType; subresource?: string; force?: boolean },
  ): Promise<KubeObject>;
  delete(
    r: ApiResource,
    name: string,
    o: WriteOptions & {
      propagation?: 'Background' | 'Foreground' | 'Orphan';
      gracePeriodSeconds?: number;
      preconditions?: { uid?: string; resourceVersion?: string };
    },
  ): Promise<KubeObject>;
  /** Log text as it arrives; the consumer stops by breaking out or by `signal`. */
  logs(q: LogQuery, signal: AbortSignal): AsyncIterable<string>;
  /** A non-resource GET such as `/version`. */
  getPath(path: string, signal: AbortSignal): Promise<JsonObject>;
}

/** What one call may use of one cluster. Made per call, so that policy, redaction and audit know whose request it is. */
export interface ClusterView {
  /** The name shown to callers: the kubeconfig context, or `in-cluster`. */
  context: string;
  /** The namespace of a request that names none. */
  defaultNamespace: string;
  mapper: RestMapper;
  client: KubeClient;
}
