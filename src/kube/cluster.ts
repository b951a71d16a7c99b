import { type Clock, systemClock } from '../kernel/clock.ts';
import { createKubeClient, type ObjectRedactor } from './client/kube-client.ts';
import { createRawClient } from './client/raw-client.ts';
import type { ClusterConnection } from './connection.ts';
import { discoveryAware } from './discovery/discovery-aware.ts';
import { fetchDiscovery } from './discovery/fetch-discovery.ts';
import { createRestMapper } from './discovery/rest-mapper.ts';
import { createGraphSources, type GraphSources, type GraphSourcesOptions } from './graph-sources.ts';
import type {
  CallScope,
  Transport,
  TransportRequest,
  TransportResponse,
  TransportUpgrade,
  UpgradeRequest,
} from './transport/types.ts';
import type { ClusterView, KubeClient, RestMapper } from './types.ts';

/** One cluster as one identity, with what is known of it. Calls use it through views. */
export interface Cluster {
  connection: ClusterConnection;
  mapper: RestMapper;
  /** What one call sees: its policy in `scope`, its redactor, and the default namespace that wins over the context's own. */
  view(scope: CallScope, redactor: ObjectRedactor, defaults: { namespace?: string | undefined }): ClusterView;
  /** Without redaction: only to compare with, or write back, the live object. */
  rawClient(scope: CallScope): KubeClient;
  /** Requests as somebody else wrote them, sent as they are. Answers are raw: whoever passes them on redacts and filters them. */
  forwarder(scope: CallScope): Forwarder;
  /** What a live graph is filled with. While its watches run, the cluster counts as in use. */
  graphSources(options: GraphSourcesOptions): GraphSources;
  close(): Promise<void>;
}

export interface Forwarder {
  send(request: Omit<TransportRequest, 'scope'>): Promise<TransportResponse>;
  /** As `send`, for JSON; throws AppError for any status above 299. */
  json(request: Omit<TransportRequest, 'scope'>): Promise<unknown>;
  upgrade(request: Omit<UpgradeRequest, 'scope'>): Promise<TransportUpgrade>;
}

/** Discovery is the server's own request, not a caller's: it may read documents that name kinds, never objects. */
const DISCOVERY_SCOPE: CallScope = {
  decide: (request) =>
    request.type === 'nonResource' && request.method === 'GET'
      ? { allow: true }
      : {
          allow: false,
          code: 'unsupported_request',
          reason: 'Discovery reads no resources.',
          remedy: 'This is a fault in k8s-mcp; please report it.',
        },
};

export function createCluster(
  connection: ClusterConnection,
  transport: Transport,
  clock: Clock = systemClock,
): Cluster {
  const mapper = createRestMapper((signal) => fetchDiscovery(transport, DISCOVERY_SCOPE, signal), clock);
  return {
    connection,
    mapper,
    view: (scope, redactor, defaults) => ({
      context: connection.context,
      defaultNamespace: defaults.namespace ?? connection.namespace ?? 'default',
      mapper,
      client: discoveryAware(createKubeClient(transport, scope, redactor), mapper),
    }),
    rawClient: (scope) => discoveryAware(createRawClient(transport, scope), mapper),
    forwarder: (scope) => ({
      send: (request) => transport.send({ ...request, scope }),
      json: (request) => transport.json({ ...request, scope }),
      upgrade: (request) => transport.upgrade({ ...request, scope }),
    }),
    graphSources: (options) => createGraphSources(transport, mapper, { clock, ...options }),
    close: () => transport.close(),
  };
}
