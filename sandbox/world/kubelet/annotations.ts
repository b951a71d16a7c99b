/** The pod annotations by which an incident tells the kubelet model how a container behaves. All optional. */
import { parseQuantity } from '../../kinds/quantity.ts';
import type { Container, Pod } from './pod-types.ts';

const PREFIX = 'sandbox.k8s-mcp.dev/';

/**
 * The value for a container: `sandbox.k8s-mcp.dev/NAME.CONTAINER`, else `sandbox.k8s-mcp.dev/NAME` for the containers that are
 * neither init containers nor sidecars.
 */
export function annotation(pod: Pod, container: Container, name: AnnotationName): string | undefined {
  const annotations = pod.metadata.annotations ?? {};
  const own = annotations[`${PREFIX}${name}.${container.name}`];
  if (own !== undefined) return own;
  return pod.spec.containers.includes(container) ? annotations[`${PREFIX}${name}`] : undefined;
}

/** Each with what its value is. */
export const ANNOTATIONS = {
  'exit-after': 'seconds from its start after which the container ends on its own',
  'exit-code': 'the code it then ends with (0)',
  'exit-message': 'its last log line then, and the message of its termination',
  'crash-on-start': 'the exit code with which it ends right after each start',
  'crash-log': 'the log lines before such an end, instead of the usual ones',
  memory: 'the memory it grows to, as a quantity; above the limit it is OOM killed',
  'memory-leak': 'memory it grows by in a minute, as a quantity, without end',
  cpu: 'the CPU it uses, as a quantity',
  'start-seconds': 'seconds from its start until it listens',
  'stop-seconds': 'seconds from SIGTERM to its end; never: it ignores SIGTERM',
  listen: 'the ports it listens on, separated by commas',
  'depends-on': 'services it needs to be ready: host:port, separated by commas',
  'not-ready-after': 'seconds from its start after which its readiness answers 503',
  'hang-after': 'seconds from its start after which it answers no request any more',
  'http-status': 'the status with which it answers every probe',
  'error-rate': 'the part of its requests that fail, 0 to 1; seen in its logs',
  log: 'a line it logs again and again',
} as const;

export type AnnotationName = keyof typeof ANNOTATIONS;

/** The seconds that it says, in ms. */
export function msOf(pod: Pod, container: Container, name: AnnotationName): number | undefined {
  const text = annotation(pod, container, name);
  const value = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(value) && value >= 0 ? value * 1000 : undefined;
}

export function quantityOf(pod: Pod, container: Container, name: AnnotationName): number | undefined {
  const text = annotation(pod, container, name);
  return text === undefined ? undefined : parseQuantity(text);
}

/** On a Node: `stopped` ends its heartbeats and all that its kubelet does. */
export const KUBELET_ANNOTATION = `${PREFIX}kubelet`;
/** On a Node: `memory`, `disk` or `pid` (several with commas): the pressure it is under. */
export const PRESSURE_ANNOTATION = `${PREFIX}pressure`;
