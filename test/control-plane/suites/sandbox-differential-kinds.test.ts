import { CUSTOM } from '../../differential/sequences/custom-kinds.ts';
import { INVALID_OBJECTS } from '../../differential/sequences/invalid-objects.ts';
import { INVALID_OTHERS } from '../../differential/sequences/invalid-others.ts';
import { INVALID_PODS } from '../../differential/sequences/invalid-pods.ts';
import { KINDS } from '../../differential/sequences/kinds.ts';
import { NAMESPACES } from '../../differential/sequences/namespaces.ts';
import { differentialSuite } from '../../differential/suite.ts';

// A namespace does not go while definitions come and go: its controller finds the API in disorder, and tries later.
differentialSuite(
  'the sandbox makes, shows and refuses objects as the real server does',
  [...CUSTOM, ...KINDS, ...INVALID_PODS, ...INVALID_OBJECTS, ...INVALID_OTHERS],
  NAMESPACES,
);
