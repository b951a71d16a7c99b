/** What Helm installed together. A release is no object of the API: it is known by what its parts say of it. */
import type { Relation } from '../../../types.ts';
import { nameReference } from '../../define.ts';
import { textOf } from '../../field-path.ts';
import { releaseName } from './release-name.ts';

export const helmRelease: Relation = {
  id: 'helm-release',
  rows: [60],
  verb: 'was installed by',
  sources: 'any',
  class: 'ownedBy',
  strength: 'ownership',
  fields: [],
  references(object) {
    const { labels, annotations } = object.metadata ?? {};
    if (labels?.['app.kubernetes.io/managed-by'] !== 'Helm') return [];
    const name = textOf(annotations?.['meta.helm.sh/release-name']);
    const namespace = textOf(annotations?.['meta.helm.sh/release-namespace']);
    const path = 'metadata.annotations[meta.helm.sh/release-name]';
    const found = nameReference('~HelmRelease', '', releaseName(namespace, name), path);
    return found === undefined ? [] : [found];
  },
};
