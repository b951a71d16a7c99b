import { LISTS, SELECTORS } from '../../differential/sequences/lists.ts';
import { WATCHES } from '../../differential/sequences/watches.ts';
import { differentialSuite } from '../../differential/suite.ts';

differentialSuite('the sandbox answers reads as the real server does', [...WATCHES, ...LISTS, ...SELECTORS]);
