import type { Finding } from '../types.ts';
import type { Nature } from './blame.ts';

/**
 * By detector: what its findings say of their cause. Those that are not here run and do not work, which anything that they depend on
 * can explain.
 */
const NATURES: Readonly<Record<string, Nature>> = {};

export const natureOf = ({ detector }: Finding): Nature => NATURES[detector] ?? 'working';
