/**
 * Events as client-go's recorder sends them: equal ones are counted up, many similar ones are folded into one, and an object that
 * is complained about too often falls silent for a while.
 */
import { ApiFailure } from '../api/failure.ts';
import { generateUid } from '../registry/metadata/generate-name.ts';
import type { KubeObject } from '../types.ts';
import { rfc3339 } from './timestamps.ts';
import type { Machine } from './types.ts';

/** client-go: after this many different messages of one reason in the interval, the rest is folded. */
const SIMILAR_LIMIT = 10;
const SIMILAR_INTERVAL_MS = 600_000;
/** client-go: a bucket of 25 events an object, one more each five minutes. */
const BURST = 25;
const REFILL_MS = 300_000;
/** How many objects and events a recorder remembers, as client-go's caches. */
const REMEMBERED = 4096;

/** What leaves room for a dot and 16 digits in the 253 characters of a name. */
const LONGEST_NAME = 236;
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

interface Similar {
  messages: Set<string>;
  lastSeen: number;
}
interface Bucket {
  tokens: number;
  at: number;
}
interface Seen {
  name: string;
  namespace: string;
  count: number;
  firstTimestamp: string;
}

interface CoreEvent extends KubeObject {
  count?: number;
  lastTimestamp?: string;
  message?: string;
}

export function createRecorder(parts: { machine: Machine; component: string }): Machine['event'] {
  const { machine, component } = parts;
  const similar = new Map<string, Similar>();
  const buckets = new Map<string, Bucket>();
  const seen = new Map<string, Seen>();
  let latest = 0n;

  /** False when the object's share is used up. */
  function admits(objectKey: string): boolean {
    const now = machine.clock.now();
    const bucket = buckets.get(objectKey) ?? { tokens: BURST, at: now };
    bucket.tokens = Math.min(BURST, bucket.tokens + (now - bucket.at) / REFILL_MS);
    bucket.at = now;
    remember(buckets, objectKey, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  /** The message and the key that it counts under. */
  function fold(reasonKey: string, message: string): { key: string; message: string } {
    const now = machine.clock.now();
    let record = similar.get(reasonKey);
    if (record === undefined || now - record.lastSeen > SIMILAR_INTERVAL_MS)
      record = { messages: new Set(), lastSeen: now };
    record.messages.add(message);
    record.lastSeen = now;
    remember(similar, reasonKey, record);
    if (record.messages.size < SIMILAR_LIMIT) return { key: `${reasonKey}\n${message}`, message };
    for (const oldest of record.messages) {
      record.messages.delete(oldest);
      break;
    }
    return { key: reasonKey, message: `(combined from similar events): ${message}` };
  }

  return (about, type, reason, text, options = {}) => {
    const { name, namespace = '', uid = '' } = about.metadata;
    const host = options.host ?? '';
    const objectKey = [component, host, about.kind, namespace, name, uid, about.apiVersion].join('\n');
    const { key, message } = fold([objectKey, options.fieldPath ?? '', type, reason].join('\n'), text);
    const before = seen.get(key);
    if (!admits(objectKey)) {
      // Seen all the same: the count goes on, and is told with the next that is admitted.
      if (before !== undefined) before.count += 1;
      return;
    }
    const now = rfc3339(machine.clock.now());
    try {
      if (before !== undefined && countUp(before, message, now)) return;
      const eventNamespace = namespace === '' ? 'default' : namespace;
      const eventName = freeName(eventNamespace, name);
      const firstTimestamp = before?.firstTimestamp ?? now;
      const count = (before?.count ?? 0) + 1;
      machine.create('events', {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: eventName, namespace: eventNamespace },
        involvedObject: {
          apiVersion: about.apiVersion,
          ...(options.fieldPath === undefined ? {} : { fieldPath: options.fieldPath }),
          kind: about.kind,
          name,
          ...(namespace === '' ? {} : { namespace }),
          ...(about.metadata.resourceVersion === undefined ? {} : { resourceVersion: about.metadata.resourceVersion }),
          uid,
        },
        reason,
        message,
        source: { component, ...(host === '' ? {} : { host }) },
        firstTimestamp,
        lastTimestamp: now,
        count,
        type,
        eventTime: null,
        reportingComponent: component,
        reportingInstance: host,
      });
      remember(seen, key, { name: eventName, namespace: eventNamespace, count, firstTimestamp });
    } catch (error) {
      // An event that is refused (its namespace ends) is dropped, as the real recorder does.
      if (!(error instanceof ApiFailure)) throw error;
    }
  };

  /**
   * As the real names: the object's, with the time in ns. Times of one recorder grow, so its events of one moment sort as they came;
   * where another recorder was first, the next free one is taken. What can be no part of a name gives way to a UUID.
   */
  function freeName(namespace: string, about: string): string {
    if (about.length > LONGEST_NAME || !DNS_SUBDOMAIN.test(about)) return generateUid(machine.random);
    const now = BigInt(machine.clock.now()) * 1_000_000n;
    latest = now > latest ? now : latest + 1n;
    while (machine.get('events', namespace, `${about}.${latest.toString(16)}`) !== undefined) latest += 1n;
    return `${about}.${latest.toString(16)}`;
  }

  /** False when the event has gone meanwhile. */
  function countUp(before: Seen, message: string, now: string): boolean {
    const found = machine.modify<CoreEvent>('events', before.namespace, before.name, (event) => {
      event.count = before.count + 1;
      event.lastTimestamp = now;
      event.message = message;
    });
    if (found === undefined) return false;
    before.count += 1;
    return true;
  }
}

/** Sets as the newest entry, and forgets the oldest one of too many. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= REMEMBERED) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    break;
  }
}
