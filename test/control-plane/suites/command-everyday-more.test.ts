import { compareEveryday } from '../../support/everyday.ts';
import { ACCEPTED } from '../everyday/accepted.ts';
import { KUBECTL_CHANGES } from '../everyday/kubectl-changes.ts';
import { KUBECTL_FAILURES } from '../everyday/kubectl-failures.ts';
import { OTHER_TOOLS } from '../everyday/other-tools.ts';
import { PIPES } from '../everyday/pipes.ts';

compareEveryday('everyday dry runs, failures and pipes print what the plain tools print, byte for byte', [
  ['dry runs and differences', KUBECTL_CHANGES],
  ['failures', KUBECTL_FAILURES],
  ['pipes', PIPES],
  ['helm, istioctl and argocd', OTHER_TOOLS],
  ['lines that are accepted', ACCEPTED],
]);
