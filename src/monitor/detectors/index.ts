import type { Detector } from '../types.ts';
import { PLATFORM_DETECTORS } from './platform/index.ts';
import { WORKLOAD_DETECTORS } from './workloads/index.ts';

/** All that is looked for. */
export const DETECTORS: readonly Detector[] = [...WORKLOAD_DETECTORS, ...PLATFORM_DETECTORS];
