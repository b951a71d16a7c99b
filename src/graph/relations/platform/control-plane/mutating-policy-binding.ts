/** The policy that a binding puts in force. */
import { defineRelation } from '../../define.ts';

export const mutatingPolicyBinding = defineRelation(
  {
    id: 'mutating-policy-binding',
    rows: [54],
    verb: 'enforces',
    sources: ['MutatingAdmissionPolicyBinding.admissionregistration.k8s.io'],
    class: 'uses',
    strength: 'hard',
  },
  [{ at: 'spec.policyName', to: 'MutatingAdmissionPolicy.admissionregistration.k8s.io' }],
);
