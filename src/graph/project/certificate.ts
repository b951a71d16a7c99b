import type { CertificateFacts } from '../facts.ts';
import { conditionsOf, healthOf } from './conditions.ts';
import { defineKind } from './define-kind.ts';
import { dict, text, time } from './read.ts';

/** What cert-manager says of a certificate; the certificate itself is in a Secret, of which nothing is read. */
export const certificate = defineKind<CertificateFacts>({
  kind: 'Certificate.cert-manager.io',
  depth: 'object',
  fields: ['spec.secretName', 'status.notAfter', 'status.renewalTime', 'status.conditions'],
  project(object, intern) {
    const status = dict(object['status']);
    return {
      notAfter: time(status['notAfter']),
      renewal: time(status['renewalTime']),
      secret: text(dict(object['spec'])['secretName']),
      conditions: conditionsOf(status['conditions'], intern),
    };
  },
  health: ({ conditions }) => healthOf(conditions),
});
