/** What of an answer is handed on: objects of the kind that was asked for, and events about them. */
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { groupVersionOf } from '../discovery/resource-entry.ts';
import { isRecord, record, text } from '../raw-json.ts';
import { cleaned } from '../transport/status.ts';
import type { ListEnvelope, RawEvent } from './decoders.ts';
import { Malformed } from './malformed.ts';
import type { WatchEvent, WatchTarget } from './types.ts';

const MAX_MESSAGE = 1000;

/** Kinds of answers that are no objects of any resource. */
const NEVER: ReadonlySet<string> = new Set(['Table', 'Status']);

/** Puts in what lists leave out, and cuts to the depth that was asked for. */
export function objectMaker(target: WatchTarget): (raw: KubeObject) => KubeObject {
  const apiVersion = groupVersionOf(target.resource);
  const { kind } = target.resource;
  if (target.depth === 'metadata') {
    return ({ metadata }) => ({ apiVersion, kind, metadata: isRecord(metadata) ? metadata : {} });
  }
  return (raw) => {
    raw.apiVersion = apiVersion;
    raw.kind = kind;
    if (!isRecord(raw.metadata)) raw.metadata = {};
    return raw;
  };
}

/** Throws Malformed for a list of something else. `known`: a kind of Kubernetes itself, whose list's name is known too. */
export function checkList({ kind }: ListEnvelope, target: WatchTarget, known: boolean): void {
  const expected = ['', 'List', `${target.resource.kind}List`, 'PartialObjectMetadataList'];
  if (NEVER.has(kind) || (known && !expected.includes(kind))) throw otherKind(kind, target);
}

/** Throws Malformed for an item of another kind. */
export function checkItem({ kind }: KubeObject, target: WatchTarget): void {
  if (!isExpected(text(kind), target)) throw otherKind(text(kind), target);
}

function isExpected(kind: string, target: WatchTarget): boolean {
  return kind === '' || kind === target.resource.kind || kind === 'PartialObjectMetadata';
}

function otherKind(kind: string, { resource }: WatchTarget): Malformed {
  return new Malformed(`The answer for ${resource.resource} holds a ${cleaned(kind, 60)}.`);
}

/** One event as the wire tells it. */
export function eventMaker<T>(
  target: WatchTarget,
  project: (object: KubeObject) => T,
): (raw: RawEvent) => WatchEvent<T> {
  const make = objectMaker(target);
  return ({ type, object }) => {
    switch (type) {
      case 'ADDED':
      case 'MODIFIED':
      case 'DELETED': {
        const kind = text(object.kind);
        if (NEVER.has(kind)) throw otherKind(kind, target);
        if (!isExpected(kind, target)) return { type: 'UNKNOWN', name: `${type} ${cleaned(kind, 60)}` };
        const resourceVersion = text(object.metadata?.resourceVersion);
        return { type, object: project(make(object)), resourceVersion };
      }
      case 'BOOKMARK': {
        const { resourceVersion, annotations } = record(object.metadata);
        const initialEventsEnd = record(annotations)['k8s.io/initial-events-end'] === 'true';
        return { type, resourceVersion: text(resourceVersion), initialEventsEnd };
      }
      case 'ERROR':
        return errorEvent(object);
      default:
        return { type: 'UNKNOWN', name: cleaned(type, 60) };
    }
  };
}

/** A Status; one that says nothing counts as an error of the server. */
function errorEvent(status: KubeObject): WatchEvent<never> {
  const code = status['code'];
  const wait = record(status['details'])['retryAfterSeconds'];
  return {
    type: 'ERROR',
    code: typeof code === 'number' ? code : 500,
    reason: cleaned(text(status['reason']), 100),
    message: cleaned(text(status['message']), MAX_MESSAGE),
    ...(typeof wait === 'number' && wait > 0 && { retryAfterSeconds: wait }),
  };
}
