/** The pod and the node that a certificate is asked for. */
import { defineRelation } from '../../define.ts';

export const podCertificate = defineRelation(
  {
    id: 'pod-certificate',
    rows: [77],
    verb: 'was asked for by',
    sources: ['PodCertificateRequest.certificates.k8s.io'],
    class: 'uses',
    strength: 'informational',
  },
  [
    { at: 'spec.podName', to: 'Pod', optional: true },
    { at: 'spec.serviceAccountName', to: 'ServiceAccount', optional: true },
    { at: 'spec.nodeName', to: 'Node', optional: true },
  ],
);
