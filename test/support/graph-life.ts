/** What happens around a live graph under test: changes at random, what it told, what it asked, and a clock that may be moved on. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Graph } from '../../src/graph/types.ts';
import { type Clock, systemClock } from '../../src/kernel/clock.ts';
import type { Transport } from '../../src/kube/transport/types.ts';

export interface Journal {
  /** `Kind namespace/name uid` of all that was told of and did not go. */
  told(): string[];
  /** Versions of objects that were told twice. */
  readonly faults: string[];
  /** Fewest objects at any moment since this was last asked. */
  fewest(): number;
  stop(): void;
}

/** Follows a graph by its notifications alone. */
export function journal(graph: Graph): Journal {
  const present = new Map<number, string>();
  const versions = new Map<string, string>();
  const faults: string[] = [];
  let fewest = Number.POSITIVE_INFINITY;

  const look = (id: number) => {
    const view = graph.view();
    const before = present.get(id);
    let now: string | undefined;
    try {
      const { kind, namespace, name, uid, state } = view.node(id);
      if (state === 'present') {
        now = `${kind} ${namespace}/${name} ${uid}`;
        const { resourceVersion = '' } = graph.resourceVersionOf(kind, namespace, name) ?? {};
        // An Event about it is told as well.
        const version = `${resourceVersion} ${JSON.stringify(view.events(id))}`;
        if (before === now && versions.get(now) === version) faults.push(`${now} ${version} was told twice`);
        versions.set(now, version);
      }
    } catch {
      // Gone, and its place not taken.
    }
    if (now === undefined) present.delete(id);
    else present.set(id, now);
  };
  const stop = graph.onChange(({ nodes }) => {
    for (const id of nodes) look(id);
    fewest = Math.min(fewest, graph.view().totals.nodes);
  });
  return {
    told: () => [...present.values()].sort(),
    faults,
    fewest() {
      const since = Math.min(fewest, graph.view().totals.nodes);
      fewest = Number.POSITIVE_INFINITY;
      return since;
    },
    stop,
  };
}

export interface Asked {
  /** A transport that counts. */
  counting(transport: Transport): Transport;
  /** Since the last `forget`. Lists by path. */
  lists(): Readonly<Record<string, number>>;
  total(): number;
  forget(): void;
}

export function createAsked(): Asked {
  let lists: Record<string, number> = {};
  let total = 0;
  const count = (path: string) => {
    total += 1;
    const { pathname, searchParams } = new URL(path, 'http://server');
    const isList = searchParams.has('limit') || searchParams.has('resourceVersion');
    if (isList && !searchParams.has('watch') && !searchParams.has('continue'))
      lists[pathname] = (lists[pathname] ?? 0) + 1;
  };
  return {
    counting: (transport) => ({
      ...transport,
      send(request) {
        count(request.path);
        return transport.send(request);
      },
      json(request) {
        total += 1;
        return transport.json(request);
      },
    }),
    lists: () => lists,
    total: () => total,
    forget() {
      lists = {};
      total = 0;
    },
  };
}

export interface Life {
  /** Goes on until `rest`. */
  go(): void;
  rest(): Promise<void>;
  /** So many changes, one after the other. */
  some(count: number): Promise<void>;
}

type Send = (method: string, path: string, body?: unknown) => Promise<{ status: number; body: string }>;

const KINDS: readonly (readonly [path: string, more: object])[] = [
  ['/api/v1/namespaces/NS/configmaps', { data: { a: 'b' } }],
  ['/api/v1/namespaces/NS/secrets', { stringData: { a: 'b' } }],
  ['/api/v1/namespaces/NS/services', { spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } }],
  ['/api/v1/namespaces/NS/serviceaccounts', {}],
  [
    '/apis/apps/v1/namespaces/NS/deployments',
    {
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'web', image: 'registry.example/web:1' }] },
        },
      },
    },
  ],
  ['/apis/rbac.authorization.k8s.io/v1/clusterroles', { rules: [] }],
];
const NAMES = 12;
/** Between two changes, ms. */
const BEAT_MS = 15;

/** Objects come, change, go and come again under the same names. What the server refuses, as it is down, is left. */
export function createLife(send: Send, namespaces: readonly string[], seed: number): Life {
  const random = seeded(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  let resting = true;
  let going = Promise.resolve();
  let step = 0;

  const change = async () => {
    step += 1;
    const [template, more] = pick(KINDS);
    const path = template.replace('NS', pick(namespaces));
    const name = `life-${Math.floor(random() * NAMES)}`;
    const labels = { step: String(step), app: pick(['web', 'api']) };
    const dice = random();
    const act = (): Promise<unknown> => {
      if (dice < 0.4) return send('POST', path, { metadata: { name, labels }, ...more });
      if (dice < 0.75) return send('PATCH', `${path}/${name}`, { metadata: { labels } });
      return send('DELETE', `${path}/${name}`);
    };
    await act().catch(() => sleep(50));
  };

  return {
    go() {
      if (!resting) return;
      resting = false;
      going = (async () => {
        while (!resting) {
          await change();
          await sleep(BEAT_MS);
        }
      })();
    },
    async rest() {
      resting = true;
      await going;
    },
    async some(count) {
      for (let index = 0; index < count; index++) await change();
    },
  };
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export interface HurriedClock extends Clock {
  /** So much time passes at once; what was to happen meanwhile happens now. */
  jump(ms: number): void;
}

/** The system's, but that it can be moved on. */
export function createHurriedClock(): HurriedClock {
  let ahead = 0;
  const timers = new Set<{ at: number; run: () => void; cancel: () => void }>();
  const monotonic = () => systemClock.monotonic() + ahead;
  return {
    now: () => systemClock.now() + ahead,
    monotonic,
    after(ms, run) {
      const fire = () => {
        timers.delete(timer);
        run();
      };
      const timer = { at: monotonic() + ms, run: fire, cancel: systemClock.after(ms, fire) };
      timers.add(timer);
      return () => {
        timer.cancel();
        timers.delete(timer);
      };
    },
    jump(ms) {
      ahead += ms;
      for (const timer of [...timers].sort((a, b) => a.at - b.at)) {
        if (!timers.has(timer)) continue;
        timer.cancel();
        timer.cancel = systemClock.after(Math.max(0, timer.at - monotonic()), timer.run);
      }
    },
  };
}
