import { CUSTOM } from '../../differential/sequences/custom-kinds.ts';
import { INVALID } from '../../differential/sequences/invalid-objects.ts';
import { KINDS } from '../../differential/sequences/kinds.ts';
import { differentialSuite } from '../../differential/suite.ts';

differentialSuite('the sandbox makes, shows and refuses objects as the real server does', [
  ...CUSTOM,
  ...KINDS,
  ...INVALID,
]);
