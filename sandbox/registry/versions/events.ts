/** core/v1 Event, as events are stored, and events.k8s.io/v1 Event: other names for the same fields. */

import type { KubeObject } from '../../types.ts';
import { isRecord, numberAt, recordAt, textAt } from '../json.ts';

/** core/v1 -> events.k8s.io/v1. */
export function eventFromCore(core: KubeObject): KubeObject {
  const { involvedObject, message, source, firstTimestamp, lastTimestamp, count, ...same } = core;
  const { reportingComponent, reportingInstance, ...rest } = same;
  const series = core['series'];
  return {
    ...rest,
    apiVersion: 'events.k8s.io/v1',
    eventTime: core['eventTime'] ?? null,
    ...given('series', isRecord(series) ? series : undefined),
    ...given('reportingController', reportingComponent || undefined),
    ...given('reportingInstance', reportingInstance || undefined),
    regarding: involvedObject ?? {},
    ...given('note', message),
    deprecatedSource: source ?? {},
    deprecatedFirstTimestamp: firstTimestamp ?? null,
    deprecatedLastTimestamp: lastTimestamp ?? null,
    ...given('deprecatedCount', count),
  };
}

/** events.k8s.io/v1 -> core/v1. */
export function eventToCore(event: KubeObject): KubeObject {
  const {
    regarding,
    note,
    deprecatedSource,
    deprecatedFirstTimestamp,
    deprecatedLastTimestamp,
    deprecatedCount,
    ...same
  } = event;
  const { reportingController, ...rest } = same;
  return {
    ...rest,
    apiVersion: 'v1',
    involvedObject: isRecord(regarding) ? regarding : {},
    ...given('message', textAt(event, 'note') || undefined),
    source: recordAt(event, 'deprecatedSource'),
    firstTimestamp: deprecatedFirstTimestamp ?? null,
    lastTimestamp: deprecatedLastTimestamp ?? null,
    ...given('count', numberAt(event, 'deprecatedCount')),
    eventTime: event['eventTime'] ?? null,
    reportingComponent: reportingController ?? '',
    reportingInstance: event['reportingInstance'] ?? '',
  };
}

const given = (key: string, value: unknown) => (value === undefined ? {} : { [key]: value });
