import { AppError } from '../kernel/errors.ts';
import type { ResourceRequest } from '../kernel/vocabulary.ts';
import { containsMarker, resolveMarkers } from '../policy/redaction/resolve.ts';
import { isFields } from '../policy/transit/fields.ts';

export interface MarkerFacts {
  api: ResourceRequest;
  key: Uint8Array;
  /** The object as it is, without redaction. */
  live: unknown;
  read(path: string): Promise<unknown>;
}

/**
 * What is written, with its markers replaced by the values that they stand for: those of the object as it is, or, for what
 * `kubectl rollout undo` puts back, those of an earlier revision of it. Any other marker is refused.
 */
export async function resolveWritten(value: unknown, facts: MarkerFacts): Promise<unknown> {
  const { live, key } = facts;
  try {
    return resolved(value, [live], key);
  } catch (thrown) {
    const templates = await earlierTemplates(facts);
    if (templates.length === 0) throw thrown;
    return resolved(value, [live, ...templates], key);
  }
}

function resolved(value: unknown, sources: readonly unknown[], key: Uint8Array): unknown {
  if (!Array.isArray(value)) return firstOf(value, sources, key);
  // A later step below could give what a marker stands for another name, under which it shows.
  return value.map((step, at) =>
    value.slice(at + 1).some((later) => isBelow(later, step))
      ? resolveMarkers(step, undefined, key)
      : resolvedStep(step, sources, key),
  );
}

function isBelow(step: unknown, above: unknown): boolean {
  const [path, base] = [step, above].map((one) =>
    isFields(one) && typeof one['path'] === 'string' ? one['path'] : '',
  );
  return path?.startsWith(`${base}/`) === true;
}

/** One step of a JSON patch: its value stands where its path says. A path through lists is refused: other steps may shift what it means. */
function resolvedStep(step: unknown, sources: readonly unknown[], key: Uint8Array): unknown {
  const hits = containsMarker(step);
  if (hits.length === 0) return step;
  const path = isFields(step) && ['add', 'replace'].includes(String(step['op'])) ? pointer(step['path']) : undefined;
  if (!isFields(step) || path === undefined || hits.some((hit) => hit.path[0] !== 'value')) {
    return resolveMarkers(step, undefined, key);
  }
  const placed = path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), step['value']);
  const found = path.reduce<unknown>(
    (at, name) => (isFields(at) ? at[name] : undefined),
    firstOf(placed, sources, key),
  );
  return { ...step, value: found };
}

/** The names of a JSON pointer; undefined where one of them could be an index. */
function pointer(path: unknown): string[] | undefined {
  if (typeof path !== 'string' || !path.startsWith('/')) return undefined;
  const names = path
    .slice(1)
    .split('/')
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  return names.some((name) => /^(?:\d+|-|__proto__)$/.test(name)) ? undefined : names;
}

/** By the first source that has them all; the first refusal where none has. */
function firstOf(value: unknown, sources: readonly unknown[], key: Uint8Array): unknown {
  let refusal: unknown;
  for (const source of sources) {
    try {
      return resolveMarkers(value, source, key);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      refusal ??= thrown;
    }
  }
  throw refusal;
}

/** Where the earlier pod templates of a workload are kept. */
const REVISIONS: Readonly<Record<string, string>> = {
  deployments: 'replicasets',
  daemonsets: 'controllerrevisions',
  statefulsets: 'controllerrevisions',
};

async function earlierTemplates({ api, live, read }: MarkerFacts): Promise<unknown[]> {
  const kept = api.group === 'apps' && api.subresource === undefined ? REVISIONS[api.resource] : undefined;
  if (kept === undefined || api.namespace === undefined || api.verb !== 'patch') return [];
  const uid = isFields(live) && isFields(live['metadata']) ? live['metadata']['uid'] : undefined;
  const list = await read(`/apis/apps/v1/namespaces/${encodeURIComponent(api.namespace)}/${kept}`);
  const items = isFields(list) && Array.isArray(list['items']) ? list['items'] : [];
  return items.filter((item) => isOwned(item, uid)).map((item) => ({ spec: { template: templateOf(item) } }));
}

function isOwned(revision: unknown, uid: unknown): boolean {
  const metadata = isFields(revision) ? revision['metadata'] : undefined;
  const owners = isFields(metadata) && Array.isArray(metadata['ownerReferences']) ? metadata['ownerReferences'] : [];
  return typeof uid === 'string' && owners.some((owner) => isFields(owner) && owner['uid'] === uid);
}

/** Of a ReplicaSet, or of the patch that a ControllerRevision keeps. */
function templateOf(revision: unknown): unknown {
  if (!isFields(revision)) return undefined;
  const holder = isFields(revision['data']) ? revision['data'] : revision;
  return isFields(holder['spec']) ? holder['spec']['template'] : undefined;
}
