/** Events, as components record them. */
import type { Recipe } from '../stamp/bodies.ts';
import { hexWord, mix, timeText } from '../stamp/texts.ts';
import { managed } from './managed-fields.ts';
import { metadata } from './meta.ts';

export interface EventSource {
  uid: string;
  /** Makes its name one of its own. */
  serial: number;
  about: { apiVersion: string; kind: string; namespace: string; name: string; uid: string; fieldPath?: string };
  reason: string;
  message: string;
  type: 'Normal' | 'Warning';
  component: string;
  host: string;
  at: number;
  count: number;
}

const NO_LABELS: Readonly<Record<string, string>> = Object.freeze({});

export const eventName = ({ about, serial, at }: EventSource) =>
  `${about.name}.18${at.toString(16).slice(-6).padStart(6, '0')}${hexWord(mix(serial))}`;

/** Events about what is in no namespace are in `default`. */
const eventNamespace = ({ about }: EventSource) => (about.namespace === '' ? 'default' : about.namespace);

export const EVENT: Recipe<EventSource> = {
  resource: 'events',
  identity: (source) => ({
    namespace: eventNamespace(source),
    name: eventName(source),
    uid: source.uid,
    labels: NO_LABELS,
  }),
  field(source, path) {
    const { about } = source;
    switch (path) {
      case 'involvedObject.kind':
        return about.kind;
      case 'involvedObject.namespace':
        return about.namespace;
      case 'involvedObject.name':
        return about.name;
      case 'involvedObject.uid':
        return about.uid;
      case 'involvedObject.apiVersion':
        return about.apiVersion;
      case 'involvedObject.fieldPath':
        return about.fieldPath ?? '';
      case 'reason':
        return source.reason;
      case 'reportingComponent':
        return source.component;
      case 'type':
        return source.type;
      default:
        return undefined;
    }
  },
  make(source, revision) {
    const { about, reason, message, type, component, host, at, count } = source;
    const { apiVersion, kind, namespace, name, uid, fieldPath } = about;
    const time = timeText(at);
    const members = {
      involvedObject: {
        kind,
        ...(namespace === '' ? {} : { namespace }),
        name,
        uid,
        apiVersion,
        ...(fieldPath === undefined ? {} : { fieldPath }),
      },
      reason,
      message,
      source: { component, ...(host === '' ? {} : { host }) },
      firstTimestamp: time,
      lastTimestamp: time,
      count,
      type,
      eventTime: null,
      reportingComponent: component,
      reportingInstance: host,
    };
    const { eventTime: _, ...owned } = members;
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: metadata({
        name: eventName(source),
        namespace: eventNamespace(source),
        uid: source.uid,
        revision,
        created: time,
        managedFields: [managed(component, 'v1', time, owned)],
      }),
      ...members,
    };
  },
};
