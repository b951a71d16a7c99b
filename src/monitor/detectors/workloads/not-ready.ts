/** A pod that runs and does not get ready: its readiness or startup probe fails. */
import type { ContainerFacts, ProbeFacts } from '../../../graph/facts.ts';
import type { Detector, Found } from '../../types.ts';
import { workloadAbove } from './reading/owners.ts';
import {
  badNodeOf,
  because,
  downSince,
  OWNERS,
  onLivePods,
  type PodInView,
  templateOf,
  WARNING,
  words,
} from './reading/pods.ts';
import { faultyRollout } from './reading/revisions.ts';
import { recent, told } from './reading/stories.ts';
import { MINUTE, SECOND, short, span } from './reading/times.ts';

const HOLD = 90 * SECOND;
/** Who has a startup probe takes long to start. */
const STARTING = 5 * MINUTE;
/** Of net.Dial, and of the kubelet where a port's name is not known. */
const NOBODY_LISTENS = /connection refused|couldn't find port|unknown port/i;

export const notReady: Detector = onLivePods({
  id: 'not-ready',
  reads: [...OWNERS, 'Node'],
  look(seen) {
    const { pod, node } = seen;
    if (pod.ready || pod.phase !== 'Running' || badNodeOf(seen) !== undefined) return undefined;
    const down = pod.containers.filter(({ role, ready }) => !ready && (role === 'main' || role === 'sidecar'));
    // What waits or has ended is a matter of other detectors.
    if (down.some(({ state }) => state !== 'running')) return undefined;
    const unhealthy = recent(node, seen, 'Unhealthy').filter(({ message }) => /^(Readiness|Startup)/.test(message));
    const [event] = unhealthy;
    const port = down
      .map((container) => wrongPort(container, seen, event?.message ?? ''))
      .find((found) => found !== undefined);
    const gates = pod.conditions.filter(({ type, status }) => status !== 'True' && type.includes('/'));
    const since = downSince(seen);
    const [first] = down;
    const name = first === undefined ? undefined : words(first);
    return {
      severity: WARNING,
      title: port ?? titleOf(name, event?.message, gates[0]?.type),
      evidence: [
        `condition Ready: False for ${span(seen.now - since)}`,
        ...(event === undefined ? [] : [told(event, seen.now)]),
        ...(port === undefined ? [] : [port]),
        ...gates
          .slice(0, 1)
          .map(({ type, message }) => `readiness gate ${type}: not True${message === '' ? '' : `, ${short(message)}`}`),
      ],
      since,
      holdMs: down.some((container) => isStarting(container, seen)) ? STARTING : HOLD,
      ...because(port === undefined ? faultyRollout(node, seen.view) : workloadAbove(node.id, seen.view)?.id),
    } satisfies Found;
  },
});

const isStarting = ({ name, started }: ContainerFacts, { pod }: PodInView): boolean =>
  !started && templateOf(pod, name)?.startup !== undefined;

function titleOf(name: string | undefined, message: string | undefined, gate: string | undefined): string {
  if (name === undefined) return gate === undefined ? 'runs and is not ready' : `its readiness gate ${gate} is not met`;
  const probe = message?.startsWith('Startup') ? 'startup' : 'readiness';
  const said =
    message === undefined
      ? ''
      : `: ${short(message.replace(/^\w+ probe (failed|errored)( and resulted in \w+ state)?: /, ''))}`;
  return message === undefined ? `${name} runs and is not ready` : `${name}: its ${probe} probe fails${said}`;
}

/** The probe asks where the container says nothing of a port, and nobody answers there. */
function wrongPort({ name, started }: ContainerFacts, { pod }: PodInView, message: string): string | undefined {
  const template = templateOf(pod, name);
  if (template === undefined) return undefined;
  const [word, probe] =
    !started && template.startup !== undefined ? ['startup', template.startup] : ['readiness', template.readiness];
  if (probe === undefined || probe.kind === 'exec' || isKnown(probe, template.ports)) return undefined;
  const certain = typeof probe.port === 'string' || (template.ports.length > 0 && NOBODY_LISTENS.test(message));
  if (!certain) return undefined;
  const has = template.ports.length === 0 ? 'none' : template.ports.map(({ port }) => port).join(', ');
  return `container ${name}: its ${word} probe asks at port ${probe.port}, its ports are: ${has}`;
}

const isKnown = ({ port }: ProbeFacts, ports: readonly { name: string; port: number }[]): boolean =>
  ports.some((known) => (typeof port === 'number' ? known.port === port : known.name === port));
