/** For whom a certificate is asked: a node, or an account. */
import type { Relation } from '../../../types.ts';
import { nameReference } from '../../define.ts';
import { isRecord, textOf } from '../../field-path.ts';

const NODE = 'system:node:';
const ACCOUNT = 'system:serviceaccount:';

export const signingRequest: Relation = {
  id: 'signing-request',
  rows: [77],
  verb: 'was asked for by',
  sources: ['CertificateSigningRequest.certificates.k8s.io'],
  class: 'uses',
  strength: 'informational',
  fields: ['spec.username'],
  references(object) {
    const spec = object['spec'];
    const user = isRecord(spec) ? textOf(spec['username']) : '';
    if (user.startsWith(NODE)) {
      const found = nameReference('Node', '', user.slice(NODE.length), 'spec.username', { optional: true });
      return found === undefined ? [] : [found];
    }
    if (!user.startsWith(ACCOUNT)) return [];
    const [namespace = '', name = ''] = user.slice(ACCOUNT.length).split(':', 2);
    const found = nameReference('ServiceAccount', namespace, name, 'spec.username', { optional: true });
    return found === undefined ? [] : [found];
  },
};
