import { compareEveryday } from '../../support/everyday.ts';
import { KUBECTL_GET } from '../everyday/kubectl-get.ts';
import { KUBECTL_LOOK } from '../everyday/kubectl-look.ts';

compareEveryday('everyday reads print what the plain tool prints, byte for byte', [
  ['get', KUBECTL_GET],
  ['describe, logs, explain and the rest that only looks', KUBECTL_LOOK],
]);
