/** Everything that objects say of each other. */
import type { Relation } from '../types.ts';
import { CORE_RELATIONS } from './core/index.ts';
import { PLATFORM_RELATIONS } from './platform/index.ts';

export const RELATIONS: readonly Relation[] = [...CORE_RELATIONS, ...PLATFORM_RELATIONS];
