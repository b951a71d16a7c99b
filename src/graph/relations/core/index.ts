/** Relations of the kinds that Kubernetes itself brings. */
import type { Relation } from '../../types.ts';

export const CORE_RELATIONS: readonly Relation[] = [];
