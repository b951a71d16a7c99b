/** What a verdict does not speak for: kinds that detectors of incidents need and that are not known in full. */
import { NOT_ASKED_FOR } from '../../graph/not-asked.ts';
import type { GraphView, KindKey, KindState } from '../../graph/types.ts';
import { spokenKind } from '../causes/names.ts';

/** `part`: some of its objects are here. `old`: known as it was, and no longer kept up to date. */
export interface Gap {
  kind: KindKey;
  how: 'unread' | 'forbidden' | 'part' | 'old';
}

/** Kinds named of the sort that comes first, and of the others; the rest is counted. */
const NAMED = 3;
const NAMED_AFTER = 1;

/** Of one kind, and of several. */
const WORDS: Readonly<Record<Gap['how'], readonly [string, string]>> = {
  unread: ['was not read', 'were not read'],
  forbidden: ['may not be read', 'may not be read'],
  part: ['was read in part', 'were read in part'],
  old: ['was not kept up to date', 'were not kept up to date'],
};

/** Of what of this kind was read, and there is more. */
export const isSample = (gaps: readonly Gap[], kind: KindKey): boolean =>
  gaps.some((gap) => gap.kind === kind && gap.how === 'part');

/** Of `needs`, in their order. What the cluster does not serve is no gap. */
export function gapsOf(needs: readonly KindKey[], view: GraphView, namespace: string | undefined): readonly Gap[] {
  return needs.flatMap((kind): Gap[] => {
    const state = view.kindState(kind);
    return isKnown(state, namespace) ? [] : [{ kind, how: howFar(state, view.count(kind).total) }];
  });
}

/** What runs, and what keeps it running. */
const VITAL: ReadonlySet<KindKey> = new Set(['Pod', 'Deployment.apps', 'StatefulSet.apps', 'DaemonSet.apps']);

/**
 * Whether nothing can be called well over this gap. Most identities may not read everything (Secrets, or nodes from within a
 * namespace), and for good: that is told, and what else is seen stands.
 */
export function isBlinding({ kind, how }: Gap, namespace: string | undefined): boolean {
  return how !== 'forbidden' || VITAL.has(kind) || (kind === 'Node' && namespace === undefined);
}

function howFar({ state }: KindState, objects: number): Gap['how'] {
  if (state === 'stale') return 'old';
  if (objects > 0) return 'part';
  return state === 'forbidden' ? 'forbidden' : 'unread';
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

/** `Pod, Node, Job and 3 more kinds were read in part, Secret and 2 more kinds were not read`. */
export function gapText(gaps: readonly Gap[]): string {
  const sorts = new Map<Gap['how'], string[]>();
  for (const { kind, how } of gaps) sorts.set(how, [...(sorts.get(how) ?? []), spokenKind(kind)]);
  return [...sorts]
    .map(([how, kinds], at) => {
      const [one, several] = WORDS[how];
      return `${some(kinds, at === 0 ? NAMED : NAMED_AFTER)} ${kinds.length === 1 ? one : several}`;
    })
    .join(', ');
}

/** One more is named rather than counted. */
function some(kinds: readonly string[], most: number): string {
  const named = kinds.slice(0, kinds.length === most + 1 ? most + 1 : most);
  const rest = kinds.length - named.length;
  if (rest > 0) return `${named.join(', ')} and ${rest} more kinds`;
  const last = named.at(-1) ?? '';
  return named.length < 2 ? last : `${named.slice(0, -1).join(', ')} and ${last}`;
}
