/** Events of either API group as one short story. */
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { kindKeyOfApiVersion } from '../kind-key.ts';
import type { Intern, ProjectedEvent } from '../types.ts';
import { dict, has, numberOr, text, time, word } from './read.ts';

/** What `eventOf` reads, in both groups' spelling. */
export const EVENT_FIELDS: readonly string[] = [
  'count',
  'deprecatedCount',
  'deprecatedFirstTimestamp',
  'deprecatedLastTimestamp',
  'deprecatedSource.component',
  'eventTime',
  'firstTimestamp',
  'involvedObject',
  'lastTimestamp',
  'message',
  'note',
  'reason',
  'regarding',
  'reportingComponent',
  'reportingController',
  'series',
  'source.component',
  'type',
];

/** undefined for what speaks of no object. */
export function eventOf(object: KubeObject, intern: Intern): ProjectedEvent | undefined {
  const about = dict(has(object['regarding']) ? object['regarding'] : object['involvedObject']);
  const kind = text(about['kind']);
  const name = word(about['name']);
  if (kind === '' || name === '' || name.length > 512) return undefined;
  const series = dict(object['series']);
  const first =
    time(object['firstTimestamp']) ||
    time(object['deprecatedFirstTimestamp']) ||
    time(object['eventTime']) ||
    time(dict(object.metadata)['creationTimestamp']);
  const last =
    time(series['lastObservedTime']) ||
    time(object['lastTimestamp']) ||
    time(object['deprecatedLastTimestamp']) ||
    first;
  return {
    uid: word(dict(object.metadata)['uid']),
    type: object['type'] === 'Warning' ? 'Warning' : 'Normal',
    reason: intern.text(text(object['reason'])),
    message: intern.text(text(object['message']) || text(object['note'])),
    count: numberOr(series['count'], numberOr(object['count'], numberOr(object['deprecatedCount'], 1))),
    first,
    last,
    source: intern.text(sourceOf(object)),
    involved: {
      kind: intern.text(kindKeyOfApiVersion(text(about['apiVersion']), kind)),
      namespace: intern.text(text(about['namespace'])),
      name: intern.text(name),
      uid: text(about['uid']),
    },
  };
}

function sourceOf(object: KubeObject): string {
  return (
    text(object['reportingController']) ||
    text(object['reportingComponent']) ||
    text(dict(object['source'])['component']) ||
    text(dict(object['deprecatedSource'])['component'])
  );
}
