/** An Ingress that leads to a Service, or a port of one, that is not there. */
import type { IngressFacts } from '../../../graph/facts.ts';
import { ingress as ingressKind } from '../../../graph/project/ingress.ts';
import { service as serviceKind } from '../../../graph/project/service.ts';
import type { GraphView } from '../../../graph/types.ts';
import type { Detector, Found } from '../../types.ts';
import { CRITICAL } from '../workloads/reading/pods.ts';
import { count, SECOND } from '../workloads/reading/times.ts';
import { namesOf } from './reading/edges.ts';
import { type Looked, onKind } from './reading/on-kind.ts';
import { isServed } from './reading/services.ts';
import { meant } from './reading/words.ts';

type Backend = IngressFacts['backends'][number];
type Problem = Pick<Found, 'title' | 'advice' | 'cause'>;

/** Of the AWS controller: the backend is described by an annotation. */
const BY_ANNOTATION = 'use-annotation';

export const ingressBackendMissing: Detector = onKind(ingressKind, {
  id: 'ingress-backend-missing',
  reads: ['Service'],
  look(seen) {
    const wrong = new Map<string, Problem & { backends: Backend[] }>();
    for (const backend of seen.facts.backends) {
      if (backend.port === BY_ANNOTATION) continue;
      const problem = problemOf(backend, seen);
      if (problem === undefined) continue;
      const known = wrong.get(problem.title) ?? { ...problem, backends: [] };
      known.backends.push(backend);
      wrong.set(problem.title, known);
    }
    return [...wrong.values()].map(
      ({ backends, ...problem }): Found => ({
        ...problem,
        key: `${backends[0]?.service}:${backends[0]?.port}`,
        severity: CRITICAL,
        evidence: [
          `${count(backends.length, 'path')}: ${backends
            .slice(0, 4)
            .map(({ path }) => path || 'default backend')
            .join(', ')}`,
        ],
        holdMs: 30 * SECOND,
      }),
    );
  },
});

function problemOf(backend: Backend, { node, view }: Looked<IngressFacts>): Problem | undefined {
  const id = view.find('Service', node.namespace, backend.service);
  if (id === undefined) return undefined;
  if (view.whereabouts(id) === 'gone') {
    const near = meant(backend.service, namesOf('Service', node.namespace, view), (name) => {
      const other = view.find('Service', node.namespace, name);
      return other !== undefined && isServed(other, view);
    });
    return {
      title: `leads to Service ${backend.service}, which does not exist`,
      cause: id,
      ...(near === undefined ? {} : { advice: `there is a Service ${near}: lead to it, or create ${backend.service}` }),
    };
  }
  return portProblem(backend, id, view);
}

function portProblem({ service, port }: Backend, id: number, view: GraphView): { title: string } | undefined {
  const facts = serviceKind.of(view.node(id));
  if (facts === undefined || port === 0 || port === '' || facts.type === 'ExternalName') return undefined;
  const has = facts.ports.some((one) => one.port === port || one.name === port);
  return has
    ? undefined
    : {
        title: `leads to port ${port} of Service ${service}, which has only ${facts.ports.map((one) => (one.name === '' ? one.port : `${one.name} (${one.port})`)).join(', ')}`,
      };
}
