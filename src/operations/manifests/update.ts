import { AppError } from '../../kernel/errors.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { ApiResource, PatchType } from '../../kube/types.ts';
import { orSuggest } from '../query/suggest.ts';
import type { CallContext } from '../types.ts';
import { explainConflict } from './conflict.ts';
import { refuseCopiedSecrets } from './copied-secrets.ts';
import { objectDiff } from './object-diff.ts';
import type { Change } from './outcome.ts';
import { parseDocuments } from './parse.ts';
import { manifestTargets, targetLabel } from './targets.ts';

export interface UpdateInput {
  kind?: string | undefined;
  name?: string | undefined;
  namespace?: string | undefined;
  manifest: string;
  mode: 'replace' | PatchType;
  dryRun?: boolean | undefined;
  force?: boolean | undefined;
}

/** One object to change, and what is sent for it: a whole object, or a patch. */
export interface UpdateTarget {
  resource: ApiResource;
  namespace: string | undefined;
  name: string;
  label: string;
  body: unknown;
}

/** The objects an update is about. Whole objects say themselves which they are; a patch needs kind and name. */
export async function updateTargets(input: UpdateInput, ctx: CallContext): Promise<UpdateTarget[]> {
  if (input.force !== undefined && input.mode !== 'apply') {
    throw new AppError('invalid_argument', 'force is for mode apply only.', {
      remedy: 'Leave force out, or use mode=apply.',
    });
  }
  if (input.mode !== 'replace' && input.mode !== 'apply') return [await patchTarget(input, ctx)];
  const targets = await manifestTargets(input, ctx);
  return targets.map(({ resource, namespace, name, label, object }) => {
    if (name !== undefined) return { resource, namespace, name, label, body: object };
    throw new AppError('invalid_manifest', `${label} has no metadata.name.`, { remedy: 'Name the object to change.' });
  });
}

async function patchTarget(input: UpdateInput, ctx: CallContext): Promise<UpdateTarget> {
  const { kind, name, mode } = input;
  if (kind === undefined || name === undefined) {
    throw new AppError('invalid_argument', `mode ${mode} sends a patch, which does not say what it is for.`, {
      remedy: 'Give kind and name.',
    });
  }
  const [document, second] = parseDocuments(input.manifest);
  if (document === undefined || second !== undefined) {
    throw new AppError('invalid_manifest', `mode ${mode} takes one document.`, { remedy: 'Send one patch a call.' });
  }
  if (Array.isArray(document.value) !== (mode === 'json') || typeof document.value !== 'object') {
    const shape =
      mode === 'json'
        ? 'a list of operations such as [{"op":"replace","path":"/spec/replicas","value":2}]'
        : 'an object';
    throw new AppError('invalid_manifest', `A ${mode} patch is ${shape}.`, {
      remedy: 'Correct manifest, or choose the mode that fits it.',
    });
  }
  const resource = await ctx.cluster.mapper.resolve(kind, undefined, ctx.signal);
  const namespace = resource.namespaced ? (input.namespace ?? ctx.cluster.defaultNamespace) : undefined;
  return { resource, namespace, name, label: targetLabel(resource, namespace, name), body: document.value };
}

/** Sends one change and compares the object before and after. */
export async function updateOne(target: UpdateTarget, input: UpdateInput, ctx: CallContext): Promise<Change> {
  const { resource, namespace, name, label } = target;
  const scope = namespace === undefined ? {} : { namespace };
  const read = () => ctx.cluster.client.get(resource, name, { ...scope, signal: ctx.signal });
  const before = await liveOf(target, input, read, ctx);
  if (input.mode === 'json') refuseCopiedSecrets(target.body, before);
  const after = await send(target, input, before, ctx).catch(async (error: unknown) => {
    throw input.mode === 'apply' ? explainApply(error) : await explainConflict(error, label, read);
  });
  const diff = before === undefined ? undefined : objectDiff(before, after);
  const { uid, resourceVersion } = after.metadata ?? {};
  return {
    object: label,
    action: diff === undefined ? 'created' : diff === '' ? 'unchanged' : 'updated',
    dryRun: input.dryRun === true,
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...(diff ? { diff } : {}),
  };
}

/** The object before the change; undefined only where an apply will create it. */
async function liveOf(
  target: UpdateTarget,
  { mode }: UpdateInput,
  read: () => Promise<KubeObject>,
  ctx: CallContext,
): Promise<KubeObject | undefined> {
  if (mode === 'apply') {
    return read().catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'not_found') return undefined;
      throw error;
    });
  }
  return orSuggest(read(), target, ctx);
}

async function send(
  target: UpdateTarget,
  input: UpdateInput,
  before: KubeObject | undefined,
  ctx: CallContext,
): Promise<KubeObject> {
  const { resource, namespace, name } = target;
  const { client } = ctx.cluster;
  const scope = namespace === undefined ? {} : { namespace };
  const options = { ...scope, dryRun: input.dryRun === true, signal: ctx.signal };
  const live = before === undefined ? undefined : { resource, name, ...scope };
  const body = await ctx.resolveMarkers(target.body, live);
  if (input.mode === 'replace') return client.update(resource, withVersion(body, before), options);
  const force = input.force === true ? { force: true } : {};
  return client.patch(resource, name, input.mode === 'apply' ? withoutManagedFields(body) : body, {
    ...options,
    ...force,
    type: input.mode,
  });
}

/** With the version that was just read where the manifest names none, so that a change in between is a conflict. */
function withVersion(body: unknown, before: KubeObject | undefined): KubeObject {
  // A target of mode replace is a whole object: manifestTargets made it.
  const object = body as KubeObject;
  const resourceVersion = object.metadata?.resourceVersion ?? before?.metadata?.resourceVersion;
  return resourceVersion === undefined ? object : { ...object, metadata: { ...object.metadata, resourceVersion } };
}

/** The server refuses an apply with managedFields, which what was read with `full` has. */
function withoutManagedFields(body: unknown): unknown {
  const { managedFields: _, ...metadata } = (body as KubeObject).metadata ?? {};
  return { ...(body as KubeObject), metadata };
}

/** The server's text names the other manager and the fields. */
function explainApply(error: unknown): unknown {
  if (!(error instanceof AppError) || error.code !== 'conflict') return error;
  return new AppError('conflict', error.message, {
    ...error.detail,
    remedy: 'Leave those fields out of the manifest, or send force=true to take them over.',
    cause: error,
  });
}
