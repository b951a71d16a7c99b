import { testFixtures } from '../harness.ts';
import { PLATFORM_DETECTORS } from './index.ts';

testFixtures(PLATFORM_DETECTORS, new URL('./fixtures/', import.meta.url));
