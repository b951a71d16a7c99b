import { createHmac, randomBytes } from 'node:crypto';
import { createLimiter } from '../kernel/async.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import { findProgram } from '../process/find-program.ts';
import { runProgram } from '../process/run-program.ts';
import type { Cluster } from './cluster.ts';
import { createClusterPool } from './cluster-pool.ts';
import type { ClusterConnection } from './connection.ts';
import { localAddresses, type ResolveName, resolveByDns } from './kubeconfig/reach.ts';
import { checkEncodedLength, decodeRequestKubeconfig } from './kubeconfig/request-base64.ts';
import { type RequestConnectionTools, requestConnection, requestContext } from './kubeconfig/request-connection.ts';
import { parseRequestKubeconfig, type RequestKubeconfig } from './kubeconfig/request-kubeconfig.ts';
import type { RequestKubeconfigRules } from './kubeconfig/request-rules.ts';
import { createRecent } from './recent.ts';
import type { Transport } from './transport/types.ts';

/** A cluster that a caller brought along, for those who send the same kubeconfig and nobody else. */
export interface RequestCluster extends Cluster {
  /** Names kubeconfig and context for as long as this process lives: `r-` and 20 lower-case hex digits. Tells nothing of either; may be logged. */
  id: string;
  /** At most so many calls of this cluster at once; others wait, then are refused with `too_many_requests`. */
  limit<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

export interface RequestClusters {
  /**
   * The cluster of a kubeconfig as it came with a call (base64), and of one of its contexts or the current one. Connects to nothing yet.
   * Throws `kubeconfig_refused`, `invalid_argument` or `unknown_context`.
   */
  get(kubeconfig: string, context: string | undefined): Promise<RequestCluster>;
  close(): Promise<void>;
}

export interface RequestClustersOptions {
  rules: RequestKubeconfigRules;
  openTransport(connection: ClusterConnection): Transport;
  /** Ports that this server listens on now, the guard's included. */
  ownPorts(): readonly number[];
  /** The operator's environment: for proxies of servers that the operator names, and for allowed credential programs. */
  processEnv: Readonly<Record<string, string | undefined>>;
  home: string | undefined;
  /** Ends running credential programs. */
  shutdown: AbortSignal;
  clock?: Clock;
  /** Handles kept connected. Default 64. */
  capacity?: number;
  /** A handle unused for this long is let go with its credentials, ms. Default 15 minutes. */
  idleMs?: number;
  /** Calls of one handle at once. Default 8. */
  concurrency?: number;
  /** DNS, by default. */
  resolve?: ResolveName;
  /** This machine's addresses, by default. */
  ownAddresses?(): readonly string[];
}

/** Waiting calls per running one before the rest are refused. */
const QUEUE_FACTOR = 4;
/** Characters of all kubeconfigs whose parsed form is kept. */
const MAX_PARSED = 8 * 1024 * 1024;
/** What a kept one takes besides, in characters: however short they are, there are at most 4,096. */
const ENTRY_WEIGHT = 2048;
/** Look-ups at once. Node has four threads for these and for files: a slow DNS server of a caller's must not take them all. */
const MAX_LOOKUPS = 2;
/** Look-ups that wait; the dial that wants one gives up by its own time-out. */
const MAX_WAITING_LOOKUPS = 256;
/** For one run of a credential program, ms. */
const EXEC_TIME_LIMIT_MS = 30_000;

interface Parsed {
  /** Names the decoded text: the same kubeconfig in two encodings is one. */
  digest: string;
  config: RequestKubeconfig;
}

export function createRequestClusters(options: RequestClustersOptions): RequestClusters {
  const { rules, openTransport, clock = systemClock, capacity = 64, idleMs = 15 * 60_000, concurrency = 8 } = options;
  const key = randomBytes(32);
  const hash = (text: string) => createHmac('sha256', key).update(text).digest('hex');
  const lookups = createLimiter(MAX_LOOKUPS, MAX_WAITING_LOOKUPS);
  const tools: RequestConnectionTools = {
    rules,
    ownPorts: options.ownPorts,
    ownAddresses: options.ownAddresses ?? localAddresses,
    resolve: options.resolve ?? ((host) => lookups(options.shutdown, () => resolveByDns(host))),
    clock,
    processEnv: options.processEnv,
    home: options.home,
    run: runProgram,
    find: findProgram,
    execTimeLimitMs: EXEC_TIME_LIMIT_MS,
    shutdown: options.shutdown,
    hash,
  };
  const pool = createClusterPool({ openTransport, clock, capacity, idleMs });
  // Refusals too: who sends a bad kubeconfig sends it with every call.
  const parsed = createRecent<Parsed | AppError>({ maxWeight: MAX_PARSED, idleMs, clock });
  const handles = new WeakMap<Cluster, RequestCluster>();

  const parse = (encoded: string): Parsed => {
    checkEncodedLength(encoded);
    const name = hash(`encoded ${encoded}`);
    const known = parsed.get(name) ?? attempt(() => read(encoded));
    parsed.set(name, known, encoded.length + ENTRY_WEIGHT);
    if (known instanceof AppError) throw known;
    return known;
  };
  const read = (encoded: string): Parsed => {
    const text = decodeRequestKubeconfig(encoded);
    return { digest: hash(`decoded ${text}`), config: parseRequestKubeconfig(text, rules) };
  };
  const handleOf = (cluster: Cluster, id: string): RequestCluster => {
    const known = handles.get(cluster);
    if (known !== undefined) return known;
    const handle = { ...cluster, id, limit: createLimiter(concurrency, concurrency * QUEUE_FACTOR) };
    handles.set(cluster, handle);
    return handle;
  };

  return {
    async get(kubeconfig, context) {
      const { digest, config } = parse(kubeconfig);
      const name = requestContext(config, context);
      const handle = hash(JSON.stringify([digest, name]));
      const connect = () => ({ ...requestConnection(config, name, tools), fingerprint: handle });
      return handleOf(pool.use(handle, handle, connect), `r-${handle.slice(0, 20)}`);
    },
    async close() {
      parsed.clear();
      await pool.close();
    },
  };
}

function attempt<T>(work: () => T): T | AppError {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown;
    throw thrown;
  }
}
