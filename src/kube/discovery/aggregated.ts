import { list, type RawRecord, record, text, texts } from '../raw-json.ts';
import {
  checkedEntry,
  type DiscoveryPart,
  groupVersionOf,
  isGroupVersion,
  type ResourceEntry,
} from './resource-entry.ts';

/** Reads an `APIGroupDiscoveryList` of apidiscovery.k8s.io v2 or v2beta1 (the same shape). */
export function readAggregated(document: RawRecord): DiscoveryPart {
  const part: DiscoveryPart = { entries: [], failures: [] };
  for (const item of list(document['items']).map(record)) {
    const group = text(record(item['metadata'])['name']);
    for (const version of list(item['versions']).map(record)) readVersion(part, group, version);
  }
  return part;
}

function readVersion(part: DiscoveryPart, group: string, document: RawRecord): void {
  const version = text(document['version']);
  if (!isGroupVersion(group, version)) return;
  const groupVersion = groupVersionOf({ group, version });
  const resources = list(document['resources']).map(record);
  const fail = (reason: string) => part.failures.push({ groupVersion, reason });

  if (document['freshness'] === 'Stale') fail('its API service does not answer; shown as last seen');
  else if (resources.length === 0) fail('the server lists no resource for it');

  for (const resource of resources) {
    const responseKind = record(resource['responseKind']);
    // A parent without a kind exists only to carry subresources: it cannot be read or listed.
    if (text(responseKind['kind']) === '') continue;
    const entry = checkedEntry(readResource(group, version, resource, text(responseKind['kind'])));
    if (entry) part.entries.push(entry);
    else fail('an entry with an invalid name was left out');
  }
}

function readResource(group: string, version: string, resource: RawRecord, kind: string): ResourceEntry {
  return {
    group,
    version,
    kind,
    resource: text(resource['resource']),
    singular: text(resource['singularResource']),
    shortNames: texts(resource['shortNames']),
    categories: texts(resource['categories']),
    namespaced: resource['scope'] === 'Namespaced',
    verbs: texts(resource['verbs']),
    subresources: list(resource['subresources']).map((sub) => text(record(sub)['subresource'])),
  };
}
