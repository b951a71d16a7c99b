/** Where resource versions are the API server's own: those of a server behind it, an aggregated API, promise no order. */
import type { ApiResource } from '../../kube/types.ts';
import { apiService } from '../project/api-service.ts';
import type { Graph } from '../types.ts';
import { mayBeCustom } from './schemas.ts';

/** As its APIService says; where that is not known (yet), only kinds of Kubernetes itself are taken for the API server's. */
export function hasOwnVersions(graph: Graph, resource: ApiResource): boolean {
  const view = graph.view();
  const id = view.find(apiService.kind, '', `${resource.version}.${resource.group}`);
  const facts = id === undefined ? undefined : apiService.of(view.node(id));
  return facts === undefined ? !mayBeCustom(resource) : facts.service.name === '';
}
