import { AppError } from '../kernel/errors.ts';
import type { ApiRequest, Decision, ResourceRequest } from '../kernel/vocabulary.ts';
import { refuseCopiedSecrets } from '../operations/manifests/copied-secrets.ts';
import { mintedTokens } from '../operations/manifests/minted-tokens.ts';
import { type CallRedactor, createRedactor } from '../policy/redaction/redactor.ts';
import { containsMarker, resolveMarkers } from '../policy/redaction/resolve.ts';
import { type GuardBody, isSecret } from '../policy/transit/body.ts';
import { isFields } from '../policy/transit/fields.ts';
import { resolveWritten } from './guard-markers.ts';
import { resolveRelease } from './helm-releases.ts';

export interface WriteFacts {
  api: ResourceRequest;
  body: GuardBody;
  key: Uint8Array;
  redactor: CallRedactor;
  /** True for helm's own record of a release. */
  isRelease: boolean;
  decide(api: ApiRequest): Decision;
  /** Of the object itself, without a query. */
  path: string;
  /** What is there now, without redaction; undefined where there is nothing. */
  read(path: string): Promise<unknown>;
}

/** The bytes of a write as they may be sent. Throws where they may not: what policy refuses beyond the URL, and markers that stand for nothing. */
export async function checkedBody(facts: WriteFacts): Promise<Uint8Array> {
  const { api, body, redactor } = facts;
  refuseMintedTokens(facts);
  // What the caller writes comes back in answers and in what the child prints.
  redactor.echoed(body.value, kindOf(api));
  const value = await withLiveValues(facts);
  return value === body.value && !body.rewritten ? body.bytes : Buffer.from(JSON.stringify(value));
}

/**
 * What a patch, which names no kind, is of: taken for one of a Secret, it would hide what a ConfigMap is given under `data` from the whole
 * answer. Besides these two only that it is another kind matters.
 */
function kindOf(api: ResourceRequest): string {
  if (isSecret(api)) return 'Secret';
  return api.group === '' && api.resource === 'configmaps' ? 'ConfigMap' : api.resource;
}

/** A Secret can be written so that the cluster fills it with a token, or that it is a login by itself. */
function refuseMintedTokens({ api, body, decide }: WriteFacts): void {
  if (api.verb === 'delete' || api.verb === 'deletecollection') return;
  const name = api.name ?? body.name ?? body.generateName;
  for (const asked of mintedTokens([{ resource: api, namespace: api.namespace, name, body: body.value }], api.dryRun)) {
    const decision = decide(asked);
    if (decision.allow) continue;
    throw new AppError(decision.code, `Writing this Secret mints a token. ${decision.reason}`, {
      remedy: decision.remedy,
    });
  }
}

async function withLiveValues(facts: WriteFacts): Promise<unknown> {
  const { api, body, key, path, read } = facts;
  const { value } = body;
  const creates = api.verb === 'create';
  if (facts.isRelease && (creates || api.verb === 'update') && isFields(value)) {
    return resolveRelease(value, (namespace, name) => read(secretPath(namespace, name)), key);
  }
  const moves = Array.isArray(value) && value.some(copies);
  const marked = containsMarker(value).length > 0;
  if (!moves && !marked) return value;
  const live = creates ? undefined : await read(path);
  if (moves) refuseCopiedSecrets(value, isFields(live) ? createRedactor(key).object(live) : undefined);
  // A value that one step puts in its place another could move to where it shows.
  if (moves && marked) return resolveMarkers(value, undefined, key);
  return marked ? resolveWritten(value, { api, key, live, read }) : value;
}

function secretPath(namespace: string, name: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets/${encodeURIComponent(name)}`;
}

function copies(step: unknown): boolean {
  return isFields(step) && (step['op'] === 'copy' || step['op'] === 'move');
}
