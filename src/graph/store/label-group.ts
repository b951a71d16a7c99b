import type { KindKey } from '../types.ts';
import type { GroupSet } from './group-set.ts';
import type { SelectorFiles } from './selector-files.ts';
import type { SelectorUse } from './selector-use.ts';

/** The nodes of one kind, namespace and set of labels. */
export interface LabelGroup {
  readonly vertex: number;
  readonly kind: SelectedKind;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A kind that something selects. Others have no groups. */
export interface SelectedKind {
  readonly key: KindKey;
  uses: number;
  /** Goes up with each change of who selects whom: a member, its labels, those of a Namespace. */
  version: number;
  /** By namespace. */
  readonly groups: Map<string, GroupSet>;
  readonly files: Map<string, SelectorFiles>;
  readonly filesOfAll: SelectorFiles;
  readonly virtual: Map<string, SelectorUse[]>;
  readonly virtualOfAll: SelectorUse[];
  readonly byNamespaceLabels: Set<SelectorUse>;
}
