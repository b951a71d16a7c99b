import { AppError } from '../../kernel/errors.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import type { ApiResource } from '../../kube/types.ts';
import type { CallContext } from '../types.ts';
import { parseObjects } from './parse.ts';

/** One object of a manifest with everything a request for it needs. */
export interface Target {
  /** apiVersion, kind and namespace filled in. */
  object: KubeObject;
  resource: ApiResource;
  namespace: string | undefined;
  /** undefined only with generateName. */
  name: string | undefined;
  /** `Deployment default/web`, for answers. */
  label: string;
}

interface Wanted {
  kind?: string | undefined;
  name?: string | undefined;
  namespace?: string | undefined;
  manifest: string;
}

/** Parses a manifest and resolves each object, or throws for the first that cannot be sent: nothing is sent before all are good. */
export async function manifestTargets(wanted: Wanted, ctx: CallContext): Promise<Target[]> {
  const objects = parseObjects(wanted.manifest);
  const targets: Target[] = [];
  for (const { object, line } of objects) {
    const where = objects.length === 1 ? 'The manifest' : `The object at line ${line} of the manifest`;
    targets.push(await resolveTarget(object, wanted, ctx, where));
  }
  return targets;
}

async function resolveTarget(object: KubeObject, wanted: Wanted, ctx: CallContext, where: string): Promise<Target> {
  const resource = await resolveKind(object, wanted.kind, ctx, where);
  const metadata = object.metadata ?? {};
  if (typeof metadata !== 'object' || Array.isArray(metadata))
    throw mismatch(`${where} has a metadata that is no object.`);
  const name = nameOf(metadata.name, wanted.name, where);
  if (name === undefined && typeof metadata.generateName !== 'string') {
    throw mismatch(`${where} has no metadata.name.`, 'Add metadata.name.');
  }
  const namespace = namespaceOf(metadata.namespace, wanted.namespace, resource, ctx, where);
  const apiVersion = apiVersionOf(resource);
  return {
    object: {
      ...object,
      apiVersion,
      kind: resource.kind,
      metadata: {
        ...metadata,
        ...(name === undefined ? {} : { name }),
        ...(namespace === undefined ? {} : { namespace }),
      },
    },
    resource,
    namespace,
    name,
    label: targetLabel(resource, namespace, name ?? `${String(metadata.generateName)}…`),
  };
}

/** `v1`, `apps/v1`. */
export function apiVersionOf(resource: { group: string; version: string }): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
}

/** `Deployment default/web`. */
export function targetLabel(resource: ApiResource, namespace: string | undefined, name: string): string {
  return `${resource.kind} ${resource.namespaced && namespace !== undefined ? `${namespace}/` : ''}${name}`;
}

async function resolveKind(
  object: KubeObject,
  wanted: string | undefined,
  ctx: CallContext,
  where: string,
): Promise<ApiResource> {
  const { kind, apiVersion } = object;
  const { mapper } = ctx.cluster;
  if (kind === undefined || kind === '') {
    if (wanted === undefined) throw mismatch(`${where} has no kind.`, 'Add apiVersion and kind.');
    return mapper.resolve(wanted, stringOr(apiVersion, undefined), ctx.signal);
  }
  const own = await mapper.resolve(stringOr(kind, ''), stringOr(apiVersion, undefined), ctx.signal);
  if (wanted === undefined) return own;
  const asked = await mapper.resolve(wanted, undefined, ctx.signal).catch((error: unknown) => {
    // The manifest's apiVersion tells which of several kinds of that name is meant.
    if (error instanceof AppError && error.code === 'ambiguous_kind')
      return mapper.resolve(wanted, stringOr(apiVersion, undefined), ctx.signal);
    throw error;
  });
  if (asked.group === own.group && asked.resource === own.resource) return own;
  throw mismatch(
    `${where} is a ${own.kind}, but the argument kind says ${asked.kind}.`,
    'Make them equal, or leave kind out.',
  );
}

function nameOf(own: unknown, wanted: string | undefined, where: string): string | undefined {
  const name = stringOr(own, undefined);
  if (wanted === undefined) return name;
  if (name !== undefined && name !== wanted) {
    throw mismatch(
      `${where} has the name ${name}, but the argument name says ${wanted}.`,
      'An object cannot be renamed: make them equal, or create the new object and delete the old one.',
    );
  }
  return wanted;
}

function namespaceOf(
  own: unknown,
  wanted: string | undefined,
  resource: ApiResource,
  ctx: CallContext,
  where: string,
): string | undefined {
  const namespace = stringOr(own, undefined);
  if (!resource.namespaced) {
    if (namespace === undefined) return undefined;
    throw mismatch(`${where} names a namespace, but ${resource.kind} is cluster-scoped.`, 'Remove metadata.namespace.');
  }
  if (namespace !== undefined && wanted !== undefined && namespace !== wanted) {
    throw mismatch(
      `${where} is for namespace ${namespace}, but the argument namespace says ${wanted}.`,
      'Make them equal, or leave the argument out.',
    );
  }
  return namespace ?? wanted ?? ctx.cluster.defaultNamespace;
}

function stringOr<T>(value: unknown, other: T): string | T {
  return typeof value === 'string' && value !== '' ? value : other;
}

function mismatch(message: string, remedy = 'Correct the manifest.'): AppError {
  return new AppError('invalid_manifest', message, { remedy });
}
