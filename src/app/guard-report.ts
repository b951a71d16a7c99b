import type { AppError } from '../kernel/errors.ts';
import type { ApiRequest } from '../kernel/vocabulary.ts';
import { kindKey } from '../policy/scope.ts';

/** One request of a child, for audit: what it asked and what became of it, never a value. */
export interface GuardRecord {
  verb: string;
  /** `resource.group[/subresource]`, or the path. */
  target: string;
  namespace?: string;
  name?: string;
  dryRun?: true;
  decision: 'allowed' | 'refused';
  /** Of the answer; of the refusal. */
  status: number;
  /** Why it was refused. */
  code?: string;
}

/** What a command's requests came to: why some were refused, and what was written all the same. */
export interface GuardReport {
  refused(error: AppError): void;
  /** The cluster could not be asked. */
  unreached(error: AppError): void;
  /** It could: what failed before was a passing trouble. */
  reached(): void;
  /** Why a caller's cluster is never connected to, where that was found out at the connect only: its name led to a refused address. */
  turnedAway(): AppError | undefined;
  wrote(api: ApiRequest, name: string | undefined): void;
  /** One or two sentences; undefined where nothing was refused and the cluster could be asked. */
  reason(): string | undefined;
  /** `created deployments.apps team-a/web`, in order, the first ones of many. */
  written(): readonly string[];
}

/** Kept of each: more would bury the sentence. */
const MAX_KEPT = 20;

const DONE: Readonly<Record<string, string>> = {
  create: 'created',
  update: 'updated',
  patch: 'patched',
  delete: 'deleted',
  deletecollection: 'deleted all of',
};

export function createGuardReport(): GuardReport {
  const refusals = new Set<string>();
  const written = new Set<string>();
  let unreached: AppError | undefined;
  let more = 0;
  return {
    refused(error) {
      if (refusals.size < MAX_KEPT) refusals.add(sentence(error));
    },
    unreached(error) {
      unreached = error;
    },
    reached() {
      unreached = undefined;
    },
    turnedAway: () => (unreached?.code === 'kubeconfig_refused' ? unreached : undefined),
    wrote(api, name) {
      if (api.type !== 'resource' || api.dryRun) return;
      const text = `${DONE[api.verb] ?? api.verb} ${targetOf(api)} ${[api.namespace, name].filter(Boolean).join('/')}`;
      if (written.size < MAX_KEPT) written.add(text.trim());
      else if (!written.has(text.trim())) more++;
    },
    reason() {
      if (refusals.size === 0 && unreached === undefined) return undefined;
      const done = [...written, ...(more > 0 ? [`and ${more} more`] : [])];
      const after = done.length === 0 ? '' : ` Already done: ${done.join(', ')}.`;
      return `${[...refusals, ...(unreached === undefined ? [] : [sentence(unreached)])].join(' ')}${after}`;
    },
    written: () => [...written],
  };
}

function sentence({ message, detail: { remedy } }: AppError): string {
  return remedy === undefined ? message : `${message} ${remedy}`;
}

/** The record of a request that was parsed. */
export function recordOf(api: ApiRequest, name: string | undefined): Omit<GuardRecord, 'decision' | 'status'> {
  if (api.type === 'nonResource') return { verb: api.method.toLowerCase(), target: api.path.slice(0, 500) };
  return {
    verb: api.verb,
    target: targetOf(api),
    ...(api.namespace === undefined ? {} : { namespace: api.namespace }),
    ...(name === undefined ? {} : { name }),
    ...(api.dryRun ? { dryRun: true } : {}),
  };
}

function targetOf(api: { resource: string; group: string; subresource?: string }): string {
  return api.subresource === undefined ? kindKey(api) : `${kindKey(api)}/${api.subresource}`;
}
