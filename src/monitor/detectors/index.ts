import type { Detector } from '../types.ts';

/** All that is looked for. */
export const DETECTORS: readonly Detector[] = [];
