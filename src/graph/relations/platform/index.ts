/** Relations of what is installed on top: Gateway API, cert-manager, Argo CD, Flux… */
import type { Relation } from '../../types.ts';

export const PLATFORM_RELATIONS: readonly Relation[] = [];
