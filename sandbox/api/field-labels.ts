/** Which fields a kind can be selected by, what the real server says of others, and how a field is read from an object. */
import type { KubeObject, ResourceInfo } from '../types.ts';

/** Of stored objects: those of Events are core/v1's, whichever group they are asked for in. */
type Read = (object: KubeObject) => unknown;

interface FieldLabels {
  /** By the label in the selector of this kind; the name is how `Body.field` knows it. */
  fields: ReadonlyMap<string, { path: string; read: Read }>;
  /** The 400 for a label that is not supported. */
  refuse(label: string): string;
}

/** The value of a field as the server compares it: unset is '', numbers and booleans are printed. */
export function fieldText(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? `${value}` : '';
}

/** A dotted path of plain names through parsed JSON. */
export function readPath(object: unknown, path: string): unknown {
  let value: unknown = object;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

const NAME = 'metadata.name';
const NAMESPACE = 'metadata.namespace';

const notSupported = (label: string) => `field label not supported: ${label}`;

/** A kind's labels: plain paths, or [label, how to read it]. */
function kind(
  labels: readonly (string | readonly [label: string, read: Read, path?: string])[],
  refuse: (label: string) => string = notSupported,
): FieldLabels {
  const fields = new Map<string, { path: string; read: Read }>();
  for (const entry of labels) {
    if (typeof entry === 'string') fields.set(entry, { path: entry, read: (object) => readPath(object, entry) });
    else fields.set(entry[0], { path: entry[2] ?? entry[0], read: entry[1] });
  }
  return { fields, refuse };
}

const or =
  (path: string, otherwise: unknown): Read =>
  (object) =>
    readPath(object, path) ?? otherwise;

/** The first of several paths that is set: an Event may have been written in either of its groups. */
const first =
  (...paths: readonly string[]): Read =>
  (object) => {
    for (const path of paths) {
      const text = fieldText(readPath(object, path));
      if (text !== '') return text;
    }
    return '';
  };

const nodeName: Read = (object) => readPath(object, 'spec.nodeName');

const PODS = kind([
  NAME,
  NAMESPACE,
  'spec.nodeName',
  ['spec.host', nodeName, 'spec.nodeName'],
  'spec.restartPolicy',
  'spec.schedulerName',
  'spec.serviceAccountName',
  ['spec.hostNetwork', or('spec.hostNetwork', false)],
  'status.phase',
  ['status.podIP', (object) => readPath(object, 'status.podIPs.0.ip')],
  // Known, and never set: nothing equals it.
  ['status.podIPs', () => ''],
  'status.nominatedNodeName',
]);

const REFERENCE = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];

function events(reference: string, controller: string, source: boolean): FieldLabels {
  return kind([
    NAME,
    NAMESPACE,
    ...REFERENCE.map((field): [string, Read, string] => {
      const path = `involvedObject.${field}`;
      return [`${reference}.${field}`, first(path, `regarding.${field}`), path];
    }),
    'reason',
    [controller, first('reportingComponent', 'reportingController'), 'reportingComponent'],
    ...(source
      ? [
          [
            'source',
            first('source.component', 'deprecatedSource.component', 'reportingComponent', 'reportingController'),
          ] as const,
        ]
      : []),
    'type',
  ]);
}

const KINDS: Readonly<Record<string, FieldLabels>> = {
  pods: PODS,
  nodes: kind([NAME, ['spec.unschedulable', or('spec.unschedulable', false)]]),
  replicationcontrollers: kind([NAME, NAMESPACE, ['status.replicas', or('status.replicas', 0)]]),
  events: events('involvedObject', 'reportingComponent', true),
  'events.events.k8s.io': events('regarding', 'reportingController', false),
  namespaces: kind([NAME, 'status.phase']),
  secrets: kind([NAME, NAMESPACE, 'type']),
  services: kind([NAME, NAMESPACE, 'spec.clusterIP', 'spec.type']),
  'jobs.batch': kind(
    [NAME, NAMESPACE, ['status.successful', or('status.succeeded', 0)]],
    (label) => `field label ${JSON.stringify(label)} not supported for Job`,
  ),
  'certificatesigningrequests.certificates.k8s.io': kind([NAME, 'spec.signerName']),
  'clustertrustbundles.certificates.k8s.io': kind([NAME, 'spec.signerName']),
  'podcertificaterequests.certificates.k8s.io': kind([NAME, 'spec.signerName', 'spec.podName', 'spec.nodeName']),
  'resourceslices.resource.k8s.io': kind(
    [NAME, 'spec.nodeName', 'spec.driver'],
    (label) => `field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: ${label}`,
  ),
};

const OTHERS = kind(
  [NAME, NAMESPACE],
  (label) => `${JSON.stringify(label)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
);

/** `selectable`: the paths of a custom kind's `selectableFields`, as its CRD gives them (`.spec.color`). */
export function fieldLabelsOf(resource: ResourceInfo, selectable: readonly string[] = []): FieldLabels {
  if (resource.origin === 'builtin') return KINDS[resource.id] ?? OTHERS;
  const own = selectable.map((path) => (path.startsWith('.') ? path.slice(1) : path));
  return kind([NAME, ...(resource.namespaced ? [NAMESPACE] : []), ...own]);
}
