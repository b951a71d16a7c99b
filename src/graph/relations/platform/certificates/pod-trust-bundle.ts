/** Trust bundles that pods have projected into their files. */
import type { Reference, Relation } from '../../../types.ts';
import { fieldsOf, nameReference } from '../../define.ts';
import { fieldPath, isRecord, textOf } from '../../field-path.ts';
import { selectorOf } from '../../selectors.ts';

const BUNDLES = fieldPath('spec.volumes[].projected.sources[].clusterTrustBundle');
const KIND = 'ClusterTrustBundle.certificates.k8s.io';

export const podTrustBundle: Relation = {
  id: 'pod-trust-bundle',
  rows: [77],
  verb: 'trusts',
  sources: ['Pod'],
  class: 'dependsOn',
  strength: 'hard',
  fields: fieldsOf([BUNDLES]),
  references(object) {
    const found: Reference[] = [];
    BUNDLES.each(object, (value, where) => {
      if (!isRecord(value)) return;
      const optional = value['optional'] === true ? true : undefined;
      const named = nameReference(KIND, '', textOf(value['name']), `${where}.name`, { optional });
      const selector = selectorOf(value['labelSelector']);
      if (named !== undefined) found.push(named);
      // Together with a signer: bundles of other signers are found too, and harm nothing.
      else if (selector !== undefined && selector.length > 0) {
        found.push({ by: 'selector', kind: KIND, namespace: '', selector, path: `${where}.labelSelector` });
      }
    });
    return found;
  },
};
