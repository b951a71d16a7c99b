/** What the server is made of: everything beneath HTTP comes in through these ports, so that each side is tested alone. */

import type { Authority, Certificate } from '../../src/kernel/certificates/x509.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import type { Reader } from '../api/types.ts';
import type { Kinds } from '../kinds/types.ts';
import type { Registry } from '../registry/types.ts';
import type { Store } from '../store/types.ts';
import type { Caller, KubeObject, ResourceId, ResourceInfo } from '../types.ts';

/** What authentication looks at. */
export interface RequestFacts {
  /** The `Authorization` header as sent. */
  authorization?: string;
  /** The subject of a client certificate that our authority signed and that is valid now. */
  certificate?: { commonName: string; organizations: readonly string[]; sha256?: string };
}

/** What authorization decides on: a resource, or a path that is none. */
export type Attributes =
  | {
      kind: 'resource';
      verb: string;
      group: string;
      version: string;
      /** Plural; `*` never. */
      resource: string;
      /** '' when there is none. */
      subresource: string;
      /** '' for cluster scope and for all namespaces. */
      namespace: string;
      /** '' for a collection. */
      name: string;
    }
  | { kind: 'path'; verb: string; path: string };

export interface Decision {
  allowed: boolean;
  /** What stands behind the refusal in the 403, if anything: `RBAC: clusterrole... not found`. */
  reason?: string;
}

/** meta/v1 TableColumnDefinition. */
export interface TableColumn {
  name: string;
  type: string;
  format: string;
  description: string;
  priority: number;
}

/** The cells of meta/v1 TableRow; the server adds `object`. */
export interface TableRow {
  cells: readonly unknown[];
  conditions?: readonly unknown[];
}

/** How one resource prints; good for one request. */
export interface TablePrinter {
  columns: readonly TableColumn[];
  /** `object` is in the version that was asked for. */
  row(object: KubeObject): TableRow;
}

/** A JSON document: as an object, or as bytes of JSON when it is kept so. */
export type Document = object | Buffer;

/** Discovery and OpenAPI. The server encodes, caches by `Kinds.generation` and sets ETags. */
export interface Documents {
  /** `/api` as APIVersions. */
  apiVersions(serverAddress: string): Document;
  /** `/apis` as APIGroupList. */
  groupList(): Document;
  /** `/apis/<group>` as APIGroup. */
  group(group: string): Document | undefined;
  /** `/api/v1` and `/apis/<group>/<version>` as APIResourceList. */
  resourceList(group: string, version: string): Document | undefined;
  /** `/api` or `/apis` as apidiscovery.k8s.io APIGroupDiscoveryList. */
  aggregated(root: 'api' | 'apis', form: 'v2' | 'v2beta1'): Document;
  openapiV2(): Document;
  /** `/openapi/v3`: its `serverRelativeURL`s may carry a hash. */
  openapiV3Index(): Document;
  /** `path` as in the index: `api/v1`, `apis/apps/v1`, `version`. */
  openapiV3(path: string): Document | undefined;
}

/** What helper code reads of a body: the value, and what strict decoding objects to (`duplicate field "spec.replicas"`). */
export interface Decoded {
  value: unknown;
  strictErrors: readonly string[];
}

/** The query of `pods/log`, numbers checked. */
export interface LogOptions {
  container?: string;
  follow: boolean;
  previous: boolean;
  timestamps: boolean;
  sinceSeconds?: number;
  /** RFC 3339. */
  sinceTime?: string;
  tailLines?: number;
  limitBytes?: number;
  stream?: 'All' | 'Stdout' | 'Stderr';
}

/** Where a log goes. */
export interface LogSink {
  /** False when the receiver is slow; what is sent then is still sent, up to a bound. */
  write(chunk: Buffer | string): boolean;
  end(): void;
}

export interface MetricsTarget {
  resource: 'nodes' | 'pods';
  namespace?: string;
  name?: string;
  labelSelector?: string;
}

/** Kubernetes protobuf of one object, without the `k8s\0` envelope. */
export interface ProtobufCodec {
  /** Whether this kind has a form in protobuf; decides what Accept headers get. */
  covers(group: string, version: string, kind: string): boolean;
  /** Undefined where the kind has none. */
  encode(object: KubeObject): Buffer | undefined;
  /** Undefined where bodies in protobuf are not taken. Throws `ApiFailure` on rubbish. */
  decode?(apiVersion: string, kind: string, raw: Buffer): unknown;
}

export interface AdminRequest {
  method: string;
  /** What follows `/sandbox/`: `incidents`, `incidents/NAME/break`. */
  path: string;
  query: URLSearchParams;
  /** Parsed JSON; undefined when there is no body. */
  body: unknown;
  caller: Caller;
}

export interface AdminAnswer {
  status: number;
  /** JSON. */
  body: unknown;
}

export interface ServerParts {
  reader: Reader;
  registry: Registry;
  kinds: Kinds;
  store: Pick<Store, 'revision'>;
  clock: Clock;
  /** Our authority, the certificate that the listener shows, both from `createTrust`. */
  trust: Trust;
  /** `system:anonymous` when nothing was shown; undefined (401) when what was shown is not valid. */
  authenticate(facts: RequestFacts): Caller | undefined;
  authorize(caller: Caller, attributes: Attributes): Decision;
  /** How `resource` prints in `version`. */
  table(resource: ResourceInfo, version: string): TablePrinter;
  /** From the stored form to `version`; undefined when the stored form serves as it is. */
  converter(resource: ResourceInfo, version: string): ((stored: KubeObject) => KubeObject) | undefined;
  /** JSON or YAML text of a body. Throws `couldn't get version/kind; json parse error: WHY (START OF BODY)` on rubbish. */
  decode(body: Buffer, format: 'json' | 'yaml'): Decoded;
  protobuf?: ProtobufCodec;
  documents: Documents;
  /** Starts at once or throws `ApiFailure`; returns how to stop. */
  logs(pod: KubeObject, options: LogOptions, sink: LogSink): () => void;
  /** metrics.k8s.io/v1beta1: a NodeMetrics, PodMetrics or a list of them. */
  metrics(target: MetricsTarget): object;
  /** POSTs that ask and store nothing: `selfsubjectaccessreviews.authorization.k8s.io`... */
  reviews: Readonly<Record<ResourceId, (review: KubeObject, caller: Caller, namespace: string) => KubeObject>>;
  /** Under `/sandbox/`, for whoever may use that path; undefined: no such route. */
  admin(request: AdminRequest): AdminAnswer | undefined | Promise<AdminAnswer | undefined>;
  /** `/version`. */
  version: Readonly<Record<string, string>>;
  /** Told of what should not happen: a failure that is no `ApiFailure`. Its request got a 500. */
  onError?(thrown: unknown): void;
}

export interface Trust {
  authority: Authority;
  server: Certificate;
}

export interface Listening {
  /** `https://127.0.0.1:PORT`. */
  url: string;
  port: number;
}

export interface SandboxServer {
  /** Rejects with an `AppError` that says what to do when the port is taken. May be called again after `stop`. */
  start(address: { host: string; port: number }): Promise<Listening>;
  /** Watches end, connections are closed. */
  stop(): Promise<void>;
}
