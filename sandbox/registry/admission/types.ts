/** What admission decides on, and how a plugin says so. */

import type { KubeObject, ResourceInfo } from '../../types.ts';
import type { Parts } from '../parts.ts';
import type { DeleteOptions, WriteContext } from '../types.ts';

export interface Attributes {
  operation: 'create' | 'update' | 'delete';
  resource: ResourceInfo;
  /** '' for the resource itself. */
  subresource: string;
  namespace: string;
  /** '' while it is to be generated. */
  name: string;
  /** In the storage version; of a subresource with a kind of its own, that kind. On delete the object as stored. */
  object: KubeObject;
  /** What is stored, on update. Never changed. */
  old?: KubeObject;
  options?: DeleteOptions;
  context: WriteContext;
}

/** One concern of admission. Both throw `ApiFailure` to refuse. */
export interface Plugin {
  /** May change `attributes.object`, a copy of its own. Not called on delete. */
  mutate?(attributes: Attributes, parts: Parts): void;
  /** Looks at the final object. What it gives back runs once the write is done, and never on a dry run. */
  validate?(attributes: Attributes, parts: Parts): (() => void) | undefined;
}
