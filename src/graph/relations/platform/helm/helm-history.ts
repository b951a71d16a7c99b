/** Each revision of a release is kept in a Secret, or a ConfigMap. */
import type { Relation } from '../../../types.ts';
import { nameReference, namespaceOf } from '../../define.ts';
import { textOf } from '../../field-path.ts';
import { releaseName } from './release-name.ts';

export const helmHistory: Relation = {
  id: 'helm-history',
  rows: [60],
  verb: 'is a revision of',
  sources: ['Secret', 'ConfigMap'],
  class: 'ownedBy',
  strength: 'ownership',
  fields: [],
  references(object) {
    const { labels, name } = object.metadata ?? {};
    if (labels?.['owner'] !== 'helm' || !textOf(name).startsWith('sh.helm.release.v1.')) return [];
    const release = releaseName(namespaceOf(object), textOf(labels['name']));
    const found = nameReference('~HelmRelease', '', release, 'metadata.labels[name]');
    return found === undefined ? [] : [found];
  },
};
