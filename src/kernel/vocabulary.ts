/** The words every module shares, as types only. Sources: Kubernetes API conventions and DESIGN.md §10. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** One object as the API server sends it. Only the fields that every kind has are named. */
export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata?: ObjectMeta;
  [field: string]: unknown;
}

export interface ObjectMeta {
  name?: string;
  generateName?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  finalizers?: string[];
  managedFields?: unknown[];
  [field: string]: unknown;
}

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
}

/** Group, version, resource (the plural in the URL). `group` is '' for the core group. */
export interface GVR {
  group: string;
  version: string;
  resource: string;
}

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

/** What a request asks of an API server, parsed from its URL, never from what its caller says of it. */
export type ApiRequest = ResourceRequest | NonResourceRequest;

export interface ResourceRequest extends GVR {
  type: 'resource';
  verb: Verb;
  subresource?: string;
  /** Absent for cluster-scoped resources and for requests over all namespaces. */
  namespace?: string;
  name?: string;
  /** True for `dryRun=All`: validated by the server and not stored. */
  dryRun: boolean;
  /** True for `PATCH` with `application/apply-patch+*`: it creates what is missing. */
  apply?: boolean;
  /** True where the connection is to be upgraded (SPDY or WebSocket). */
  upgrade?: boolean;
  fieldSelector?: string;
}

export interface NonResourceRequest {
  type: 'nonResource';
  method: string;
  path: string;
}

export type Transport = 'stdio' | 'streamable-http' | 'sse' | 'rest' | 'shell';

/** Who asks. `id` is stable and holds no secret: it may be logged. */
export interface Principal {
  id: string;
  transport: Transport;
  authenticated: boolean;
}

/** What policy says of one request. */
export type Decision = Allowed | Refused;

export interface Allowed {
  allow: true;
  /** Namespaces that the answer must not contain, for a request that spans them. */
  hideNamespaces?: readonly string[];
  /** When set, the answer may contain objects of these namespaces only (Namespace objects included). */
  onlyNamespaces?: readonly string[];
}

export interface Refused {
  allow: false;
  code: 'gate_closed' | 'namespace_denied' | 'kind_denied' | 'context_denied' | 'unsupported_request';
  /** One sentence: what was refused and by which rule. */
  reason: string;
  /** One sentence: what the operator or the caller can do. */
  remedy: string;
}

/** The switches that open classes of change. All but `list` are off by default. */
export type Gate = 'list' | 'create' | 'update' | 'delete' | 'exec' | 'escalation';

export type Effect = 'read' | 'write' | 'destructive';
