/** What a verdict does not speak for: kinds that detectors of incidents need and that are not known in full. */
import { NOT_ASKED_FOR } from '../../graph/not-asked.ts';
import type { GraphView, KindKey, KindState } from '../../graph/types.ts';
import { spokenKind } from '../causes/names.ts';

/** `part`: some of its objects are here. `old`: known as it was, and no longer kept up to date. */
export interface Gap {
  kind: KindKey;
  how: 'unread' | 'part' | 'old';
}

/** Kinds named of each sort; the rest is counted. */
const NAMED = 4;

/** Of `needs`, in their order. What the cluster does not serve is no gap. */
export function gapsOf(needs: readonly KindKey[], view: GraphView, namespace: string | undefined): readonly Gap[] {
  return needs.flatMap((kind): Gap[] => {
    const state = view.kindState(kind);
    if (isKnown(state, namespace)) return [];
    if (state.state === 'stale') return [{ kind, how: 'old' }];
    return [{ kind, how: view.count(kind).total > 0 ? 'part' : 'unread' }];
  });
}

function isKnown(state: KindState, namespace: string | undefined): boolean {
  switch (state.state) {
    case 'missing':
      return true;
    case 'off':
      return state.reason === NOT_ASKED_FOR;
    case 'synced':
      return namespace === undefined || !state.namespaces?.length || state.namespaces.includes(namespace);
    default:
      return false;
  }
}

/** `Pod, Node and 3 more kinds were read in part, Secret was not read`. */
export function gapText(gaps: readonly Gap[]): string {
  const sorts: readonly [Gap['how'], string][] = [
    ['part', 'read in part'],
    ['unread', 'not read'],
    ['old', 'not kept up to date'],
  ];
  return sorts
    .flatMap(([how, words]) => {
      const kinds = gaps.filter((gap) => gap.how === how).map(({ kind }) => spokenKind(kind));
      if (kinds.length === 0) return [];
      return `${some(kinds)} ${kinds.length === 1 ? 'was' : 'were'} ${words}`;
    })
    .join(', ');
}

function some(kinds: readonly string[]): string {
  const named = kinds.slice(0, NAMED);
  const rest = kinds.length - named.length;
  if (rest > 0) return `${named.join(', ')} and ${rest} more ${rest === 1 ? 'kind' : 'kinds'}`;
  const last = named.at(-1) ?? '';
  return named.length < 2 ? last : `${named.slice(0, -1).join(', ')} and ${last}`;
}
