/** A Service that leads to a port which its pods do not have. */
import type { ServiceFacts, TemplateFacts } from '../../../graph/facts.ts';
import { service as serviceKind } from '../../../graph/project/service.ts';
import type { Detector, Found } from '../../types.ts';
import { CRITICAL, POD, WARNING } from '../workloads/reading/pods.ts';
import { count, SECOND } from '../workloads/reading/times.ts';
import { onKind } from './reading/on-kind.ts';
import { backing, hurts, usersOf } from './reading/services.ts';
import { meant } from './reading/words.ts';

type Port = ServiceFacts['ports'][number];
type ContainerPort = TemplateFacts['containers'][number]['ports'][number];

export const servicePortMismatch: Detector = onKind(serviceKind, {
  id: 'service-port-mismatch',
  reads: [POD],
  look({ node, facts, view }) {
    if (facts.type === 'ExternalName' || Object.keys(facts.selector).length === 0) return undefined;
    const templates = new Set(backing(node.id, view).map(({ pod }) => pod.template));
    if (templates.size === 0) return undefined;
    const had = [...templates].flatMap(({ containers }) =>
      containers.filter(({ role }) => role !== 'init').flatMap(({ ports }) => ports),
    );
    const wrong = facts.ports.filter((port) => !had.some((one) => leadsTo(port, one)));
    if (wrong.length === 0) return undefined;
    const suffers = hurts(usersOf(node.id, view));
    const others = facts.ports.length - wrong.length;
    return wrong.flatMap((port): Found[] => {
      const named = typeof port.targetPort === 'string';
      // Containers need not list the ports that they listen on: only somebody who suffers makes it suspicious.
      if (!named && (!suffers || had.length === 0)) return [];
      const near = named
        ? meant(
            String(port.targetPort),
            had.filter(({ protocol }) => protocol === port.protocol).map(({ name }) => name),
          )
        : undefined;
      return [
        {
          key: port.name === '' ? String(port.port) : port.name,
          severity: named && others === 0 ? CRITICAL : WARNING,
          title: `port ${port.port} leads to ${named ? 'a port named ' : ''}${port.targetPort}, which its pods do not ${named ? 'have' : 'declare'}`,
          evidence: [
            `spec.ports: ${port.port} -> targetPort ${port.targetPort}/${port.protocol}`,
            had.length === 0 ? 'its pods declare no port' : `its pods have ${listed(had)}`,
            ...(named && others > 0 ? [`${count(others, 'other port')} of it lead somewhere`] : []),
          ],
          holdMs: suffers ? SECOND : 45 * SECOND,
          ...(near === undefined ? {} : { advice: `set its targetPort to ${near}` }),
        },
      ];
    });
  },
});

const leadsTo = ({ targetPort, protocol }: Port, one: ContainerPort) =>
  one.protocol === protocol && (typeof targetPort === 'string' ? one.name === targetPort : one.port === targetPort);

const listed = (ports: readonly ContainerPort[]) =>
  [...new Set(ports.map(({ name, port }) => (name === '' ? String(port) : `${name} (${port})`)))]
    .slice(0, 6)
    .join(', ');
