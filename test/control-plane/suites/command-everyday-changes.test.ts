import { compareEveryday } from '../../support/everyday.ts';
import { KUBECTL_CHANGES } from '../everyday/kubectl-changes.ts';
import { KUBECTL_FAILURES } from '../everyday/kubectl-failures.ts';

compareEveryday('everyday dry runs and failures print what the plain tool prints, byte for byte', [
  ['dry runs and differences', KUBECTL_CHANGES],
  ['failures', KUBECTL_FAILURES],
]);
