import { abortReason } from '../../kernel/async.ts';
import { AppError, toAppError } from '../../kernel/errors.ts';
import { isRecord, type RawRecord } from '../raw-json.ts';
import type { CallScope, Transport } from '../transport/types.ts';
import type { DiscoverySnapshot } from '../types.ts';
import { readAggregated } from './aggregated.ts';
import { readGroupVersions, readLegacy } from './legacy.ts';
import { type DiscoveryPart, withPreferred } from './resource-entry.ts';

/** Aggregated discovery where the server has it (1.26 on), else the document of old, in one request. */
const ACCEPT = [
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList',
  'application/json',
].join(',');

/** Thousands of CRDs stay well below this. */
const MAX_BYTES = 32 * 1024 * 1024;

type RootResult = { part: DiscoveryPart } | { error: AppError };

/** Every resource the server serves, in every version, with what could not be read. Two requests on servers since 1.26. */
export async function fetchDiscovery(
  transport: Transport,
  scope: CallScope,
  signal: AbortSignal,
): Promise<DiscoverySnapshot> {
  const get = async (path: string): Promise<RawRecord> => {
    const answer = await transport.json({
      method: 'GET',
      path,
      headers: { accept: path === '/api' || path === '/apis' ? ACCEPT : 'application/json' },
      scope,
      signal,
      maxBytes: MAX_BYTES,
    });
    if (isRecord(answer)) return answer;
    throw new AppError(
      'cluster_bad_answer',
      `The API server answered ${path} with something other than a JSON object.`,
      {
        remedy: 'Check that the server address of this context is a Kubernetes API server.',
      },
    );
  };

  const [core, named] = await Promise.all([readRoot('/api', get, signal), readRoot('/apis', get, signal)]);
  if ('error' in core && 'error' in named) throw core.error;
  const parts = [partOf(core, 'v1'), partOf(named, '/apis')];
  const resources = withPreferred(parts.flatMap((part) => part.entries));
  const failures = parts.flatMap((part) => part.failures);
  if (resources.length === 0) {
    const because = failures.slice(0, 3).map(({ groupVersion, reason }) => ` ${groupVersion}: ${reason}`);
    throw new AppError('cluster_bad_answer', `Discovery found no resource on this server.${because.join(';')}`, {
      remedy:
        'Check that the server address of this context is a Kubernetes API server and that this identity may read /api and /apis.',
    });
  }
  return { resources, failures };
}

async function readRoot(
  path: '/api' | '/apis',
  get: (path: string) => Promise<RawRecord>,
  signal: AbortSignal,
): Promise<RootResult> {
  try {
    const root = await get(path);
    if (root['kind'] === 'APIGroupDiscoveryList') return { part: readAggregated(root) };
    return { part: await readLegacy(readGroupVersions(root), get, signal) };
  } catch (thrown) {
    if (signal.aborted) throw abortReason(signal);
    const error = toAppError(thrown);
    // Only these say something of this half alone; any other failure is the whole server's.
    if (error.code === 'not_found' || error.code === 'cluster_forbidden') return { error };
    throw error;
  }
}

function partOf(result: RootResult, groupVersion: string): DiscoveryPart {
  if ('part' in result) return result.part;
  // A server without the core group (or without any named one) is complete as it is.
  if (result.error.code === 'not_found') return { entries: [], failures: [] };
  return { entries: [], failures: [{ groupVersion, reason: result.error.message }] };
}
