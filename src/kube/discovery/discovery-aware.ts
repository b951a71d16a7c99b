import { toAppError } from '../../kernel/errors.ts';
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
  const listed = <T>(answer: Promise<T>): Promise<T> =>
    answer.catch((thrown: unknown) => {
      if (toAppError(thrown).code === 'not_found') mapper.suspect();
      throw thrown;
    });
  const wrote = async <T>(resource: ApiResource, answer: Promise<T>): Promise<T> => {
    const result = await answer;
    if (SERVING_GROUPS.has(resource.group)) mapper.invalidate();
    return result;
  };
  return {
    ...client,
    list: (...call) => listed(client.list(...call)),
    listMetadata: (...call) => listed(client.listMetadata(...call)),
    table: (...call) => listed(client.table(...call)),
    create: (...call) => wrote(call[0], client.create(...call)),
    update: (...call) => wrote(call[0], client.update(...call)),
    patch: (...call) => wrote(call[0], client.patch(...call)),
    delete: (...call) => wrote(call[0], client.delete(...call)),
  };
}
