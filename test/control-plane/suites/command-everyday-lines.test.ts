import { compareEveryday } from '../../support/everyday.ts';
import { ACCEPTED } from '../everyday/accepted.ts';
import { OTHER_TOOLS } from '../everyday/other-tools.ts';
import { PIPES } from '../everyday/pipes.ts';

compareEveryday('everyday pipes and lines print what the plain tools print, byte for byte', [
  ['pipes', PIPES],
  ['helm, istioctl and argocd', OTHER_TOOLS],
  ['lines that are accepted', ACCEPTED],
]);
