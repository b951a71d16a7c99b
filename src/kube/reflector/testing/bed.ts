/** A Reflector between a model server and a sink that keeps a map, in virtual time. */
import { createReflector } from '../create-reflector.ts';
import type { Reflector, ReflectorOptions } from '../types.ts';
import { createMapSink, type Kept, keep, type MapSink } from './map-sink.ts';
import { createModelServer, type ModelServer } from './model-server.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

export interface Bed {
  readonly clock: VirtualClock;
  readonly server: ModelServer;
  readonly sink: MapSink;
  readonly reflector: Reflector;
  /** Starts it and lets it come to rest. */
  start(): Promise<void>;
  /** `list`, `list after <token>`, `watch <version>`, each with its seconds since the start. */
  asked(): string[];
}

/** a, b and c exist. Chance is one half throughout unless given. */
export function createBed(options: Partial<ReflectorOptions<Kept>> = {}, clock = createVirtualClock()): Bed {
  const server = createModelServer(clock.now);
  for (const name of ['a', 'b', 'c']) server.put(name);
  const sink = createMapSink();
  const began = clock.now();
  const reflector = createReflector<Kept>({
    target: {
      resource: {
        group: '',
        version: 'v1',
        kind: 'Thing',
        resource: 'things',
        singular: 'thing',
        shortNames: [],
        categories: [],
        namespaced: true,
        verbs: ['list', 'watch'],
        subresources: [],
        preferred: true,
      },
      depth: 'object',
      fields: [],
    },
    wire: server.wire,
    sink,
    project: keep,
    clock,
    random: () => 0.5,
    watchTimeout: 600,
    maxRetries: 3,
    comparableVersions: () => true,
    ...options,
  });
  return {
    clock,
    server,
    sink,
    reflector,
    async start() {
      reflector.start();
      await clock.settle();
    },
    asked: () =>
      server.requests.map(({ verb, at, parameters }) => {
        const token = parameters.continue === undefined ? '' : ` after ${parameters.continue}`;
        const newer = parameters.notOlderThan === undefined ? '' : ` not older than ${parameters.notOlderThan}`;
        const from = verb === 'watch' ? ` ${parameters.resourceVersion}` : '';
        return `${((at - began) / 1000).toFixed(1)} ${verb}${token}${newer}${from}`;
      }),
  };
}
