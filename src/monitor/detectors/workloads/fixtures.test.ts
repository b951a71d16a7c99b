import { testFixtures } from '../harness.ts';
import { WORKLOAD_DETECTORS } from './index.ts';

testFixtures(WORKLOAD_DETECTORS, new URL('./fixtures/', import.meta.url));
