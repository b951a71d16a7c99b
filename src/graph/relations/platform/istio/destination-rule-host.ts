/** The host whose traffic a DestinationRule shapes. */
import type { Relation } from '../../../types.ts';
import { namespaceOf } from '../../define.ts';
import { isRecord, textOf } from '../../field-path.ts';
import { hostReference } from './istio-host.ts';

export const destinationRuleHost: Relation = {
  id: 'destination-rule-host',
  rows: [66],
  verb: 'shapes traffic to',
  sources: ['DestinationRule.networking.istio.io'],
  class: 'uses',
  strength: 'informational',
  fields: ['spec.host'],
  references(object) {
    const spec = object['spec'];
    const host = isRecord(spec) ? textOf(spec['host']) : '';
    const found = hostReference(host, namespaceOf(object), 'spec.host');
    return found === undefined ? [] : [found];
  },
};
