import { AppError, toAppError } from '../../kernel/errors.ts';
import type { ApiResource, KubeClient } from '../types.ts';
import type { DiscoveryMapper } from './rest-mapper.ts';

/** Groups whose objects decide what the server serves: CRDs and APIServices. */
const SERVING_GROUPS: ReadonlySet<string> = new Set(['apiextensions.k8s.io', 'apiregistration.k8s.io']);

/**
 * `client` that tells the mapper what it learns: a 404 for a whole list means that the kind is gone,
 * and a change of a CRD or APIService means that kinds come or go.
 */
export function discoveryAware(
  client: KubeClient,
  mapper: Pick<DiscoveryMapper, 'suspect' | 'invalidate'>,
): KubeClient {
  const listed = <T>(resource: ApiResource, answer: Promise<T>): Promise<T> =>
    answer.catch((thrown: unknown) => {
      if (toAppError(thrown).code !== 'not_found') throw thrown;
      mapper.suspect();
      throw notServed(resource, thrown);
    });
  const wrote = async <T>(resource: ApiResource, answer: Promise<T>): Promise<T> => {
    const result = await answer;
    if (SERVING_GROUPS.has(resource.group)) mapper.invalidate();
    return result;
  };
  return {
    ...client,
    list: (...call) => listed(call[0], client.list(...call)),
    listMetadata: (...call) => listed(call[0], client.listMetadata(...call)),
    table: (...call) => listed(call[0], client.table(...call)),
    create: (...call) => wrote(call[0], client.create(...call)),
    update: (...call) => wrote(call[0], client.update(...call)),
    patch: (...call) => wrote(call[0], client.patch(...call)),
    delete: (...call) => wrote(call[0], client.delete(...call)),
  };
}

function notServed(resource: ApiResource, cause: unknown): AppError {
  const name = resource.group === '' ? resource.resource : `${resource.resource}.${resource.group}`;
  return new AppError('not_found', `The server does not serve ${name} in version ${resource.version} any more.`, {
    remedy: 'Call get_api_resources to see the kinds of this cluster now.',
    cause,
  });
}
