import { APPLIES } from '../../differential/sequences/applies.ts';
import { DELETES } from '../../differential/sequences/deletes.ts';
import { PATCHES } from '../../differential/sequences/patches.ts';
import { SUBRESOURCES } from '../../differential/sequences/subresources.ts';
import { UPDATES } from '../../differential/sequences/updates.ts';
import { WRITES } from '../../differential/sequences/writes.ts';
import { differentialSuite } from '../../differential/suite.ts';

differentialSuite('the sandbox answers writes as the real server does', [
  ...DELETES,
  ...SUBRESOURCES,
  ...WRITES,
  ...PATCHES,
  ...APPLIES,
  ...UPDATES,
]);
