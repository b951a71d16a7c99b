/** The policy that a binding puts in force. Its parameters are of a kind that only the policy knows. */
import { defineRelation } from '../../define.ts';

export const validatingPolicyBinding = defineRelation(
  {
    id: 'validating-policy-binding',
    rows: [54],
    verb: 'enforces',
    sources: ['ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io'],
    class: 'uses',
    strength: 'hard',
  },
  [{ at: 'spec.policyName', to: 'ValidatingAdmissionPolicy.admissionregistration.k8s.io' }],
);
