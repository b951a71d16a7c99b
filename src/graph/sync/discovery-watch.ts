/** When discovery is to be looked at again: definitions of kinds and aggregated APIs say so themselves, where they may be watched. */
import type { Clock } from '../../kernel/clock.ts';
import type { ApiResource, DiscoverySnapshot } from '../../kube/types.ts';
import { definition } from '../project/definition.ts';
import type { Graph, KindKey } from '../types.ts';
import { type Applier, withEar } from './applier.ts';

export const CRD = 'CustomResourceDefinition.apiextensions.k8s.io';
const API_SERVICE = 'APIService.apiregistration.k8s.io';

export interface DiscoveryWatch {
  start(): void;
  stop(): void;
  /** Something about the served kinds may have changed. */
  suspect(): void;
  /** `applier` for the objects of `kind`, with an ear on those that define kinds. */
  hears(kind: KindKey, applier: Applier): Applier;
  /** The definitions are now those that the plan was made after. */
  remember(): void;
  /** The definition of a custom kind is another one than at the last plan: its objects went with the old one. */
  wasRecreated(resource: ApiResource): boolean;
  /** It is the same one, with another spec. */
  wasChanged(resource: ApiResource): boolean;
}

export interface DiscoveryWatchOptions {
  graph: Graph;
  clock: Clock;
  look(): Promise<DiscoverySnapshot>;
  isWatched(kind: KindKey): boolean;
}

/** A definition changes several times while it is taken up; discovery follows it within a second or two. */
const LOOKS_AFTER_MS = [250, 1_000, 2_500, 4_500];
/** Without a hint, ms. */
const SELDOM_MS = 300_000;
/** Where definitions may not be watched, or something could not be read, ms. */
const OFTEN_MS = 30_000;

export function createDiscoveryWatch({ graph, clock, look, isWatched }: DiscoveryWatchOptions): DiscoveryWatch {
  const known = new Map<string, Definition>();
  let running = false;
  let incomplete = false;
  let looking = false;
  let hints: (() => void)[] = [];
  let firstLook: (() => void) | undefined;
  let cancelRegular: (() => void) | undefined;

  const lookNow = (): void => {
    if (looking) return;
    looking = true;
    look()
      .then(
        ({ failures }) => {
          incomplete = failures.length > 0;
        },
        // The kinds' own requests tell what is wrong with the server.
        () => {
          incomplete = true;
        },
      )
      .finally(() => {
        looking = false;
      });
  };

  const regular = (): void => {
    const unwatched = !isWatched(CRD) || !isWatched(API_SERVICE);
    cancelRegular = clock.after(incomplete || unwatched ? OFTEN_MS : SELDOM_MS, () => {
      lookNow();
      regular();
    });
  };

  const stopHints = () => {
    for (const cancel of hints) cancel();
    hints = [];
    firstLook?.();
    firstLook = undefined;
  };

  const suspect = () => {
    if (!running) return;
    // However often hints come, the first look is not put off; the later ones follow the last hint.
    for (const cancel of hints) cancel();
    const [soon = 0, ...later] = LOOKS_AFTER_MS;
    firstLook ??= clock.after(soon, () => {
      firstLook = undefined;
      lookNow();
    });
    hints = later.map((ms) => clock.after(ms, lookNow));
  };

  const definitionOf = (name: string): Definition | undefined => {
    const view = graph.view();
    const id = view.find(CRD, '', name);
    const node = id === undefined ? undefined : view.node(id);
    if (node?.state !== 'present') return undefined;
    return { uid: node.uid, generation: definition.of(node)?.generation };
  };
  const beforeAndNow = ({ group, resource }: ApiResource) => {
    const name = `${resource}.${group}`;
    return [known.get(name), definitionOf(name)] as const;
  };

  return {
    start() {
      running = true;
      regular();
    },
    stop() {
      running = false;
      stopHints();
      cancelRegular?.();
    },
    suspect,
    hears: (kind, applier) => (kind === CRD || kind === API_SERVICE ? withEar(applier, suspect) : applier),
    remember() {
      known.clear();
      const view = graph.view();
      view.eachOfKind(CRD, undefined, (id) => {
        const node = view.node(id);
        known.set(node.name, { uid: node.uid, generation: definition.of(node)?.generation });
        return undefined;
      });
    },
    wasRecreated(resource) {
      const [before, now] = beforeAndNow(resource);
      return before !== undefined && now !== undefined && now.uid !== before.uid;
    },
    wasChanged(resource) {
      const [before, now] = beforeAndNow(resource);
      return before?.uid === now?.uid && before?.generation !== now?.generation;
    },
  };
}

interface Definition {
  uid: string;
  generation: number | undefined;
}
