import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphOf } from '../../graph/testing.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { KubeObject } from '../../kernel/vocabulary.ts';
import { createMonitor } from '../create-monitor.ts';
import type { Detector, Monitor } from '../types.ts';

/** A clock that is moved by hand; timers run when their time has come. */
function handClock(): Clock & { advance(ms: number): void; timers(): number } {
  let time = 1_000_000;
  let timers: { at: number; run: () => void }[] = [];
  return {
    now: () => time,
    monotonic: () => time,
    after(ms, run) {
      const timer = { at: time + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance(ms) {
      const end = time + ms;
      for (;;) {
        const [next] = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        timers = timers.filter((timer) => timer !== next);
        time = Math.max(time, next.at);
        next.run();
      }
      time = end;
    },
    timers: () => timers.length,
  };
}

const pod = (name: string, labels: Record<string, string> = {}, spec: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'a', labels, creationTimestamp: '1970-01-01T00:16:40Z' },
  spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
});
const service = (name: string, selector: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'a' },
  spec: { selector, ports: [{ port: 80 }] },
});
const configMap = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'a' },
});

const labelled: Detector = {
  id: 'labelled',
  class: 'incident',
  kinds: ['Pod'],
  reads: [],
  detect: ({ labels }) =>
    labels['bad'] === undefined ? [] : [{ severity: 3, title: `bad ${labels['bad']}`, evidence: [] }],
};

/** Looks at its neighbours, one edge away. */
const selectsNothing: Detector = {
  id: 'selects-nothing',
  class: 'incident',
  kinds: ['Service'],
  reads: ['Pod'],
  detect({ id }, { view }) {
    let pods = 0;
    let bad = 0;
    view.out(id, (target) => {
      const node = view.node(target);
      if (node.kind === 'Pod') pods++;
      if (node.kind === 'Pod' && node.labels['bad'] !== undefined) bad++;
      return undefined;
    });
    return pods > bad ? [] : [{ severity: 4, title: `${bad} of ${pods} bad`, evidence: [] }];
  },
};

const missingConfig: Detector = {
  id: 'missing-config',
  class: 'incident',
  kinds: ['Pod'],
  reads: ['ConfigMap'],
  detect({ id }, { view }) {
    const found: string[] = [];
    view.out(id, (target) => {
      if (view.node(target).kind === 'ConfigMap' && view.whereabouts(target) === 'gone')
        found.push(view.node(target).name);
      return undefined;
    });
    return found.sort().map((name) => ({ key: name, severity: 4, title: `${name} is missing`, evidence: [] }));
  },
};

/** Counts after a minute since the pod was made. */
const old: Detector = {
  id: 'old',
  class: 'hygiene',
  kinds: ['Pod'],
  reads: [],
  detect: ({ labels, created }) =>
    labels['slow'] === undefined ? [] : [{ severity: 1, title: 'old', evidence: [], since: created, holdMs: 60_000 }],
};

/** Knows itself when it is to be looked at again. */
const expires: Detector = {
  id: 'expires',
  class: 'hygiene',
  kinds: ['ConfigMap'],
  reads: [],
  detect({ created }, { now, lookAgain }) {
    const end = created + 90_000;
    if (now < end) lookAgain?.(end);
    return now < end ? [] : [{ severity: 1, title: 'expired', evidence: [], since: end }];
  },
};

/** Looks around only where something is wrong already. */
const badWithConfig: Detector = {
  id: 'bad-with-config',
  class: 'incident',
  kinds: ['Pod'],
  reads: ['ConfigMap', 'Service'],
  detect(node, context) {
    if (node.labels['bad'] === undefined) return [];
    const found: string[] = [];
    const add = (id: number) => {
      const { kind, name, state } = context.view.node(id);
      found.push(`${kind} ${name} ${state}`);
      return undefined;
    };
    context.view.out(node.id, add);
    context.view.in(node.id, add);
    return [{ severity: 3, title: `bad near ${found.sort().join(', ')}`, evidence: [] }];
  },
};

const ALL = [labelled, selectsNothing, missingConfig, old, expires, badWithConfig];

const told = (monitor: Monitor) =>
  monitor
    .findings()
    .map(({ id, title }) => `${id}: ${title}`)
    .sort();

describe('the engine', () => {
  it('finds at once what is there, and follows changes of the object and of what it reads', () => {
    const clock = handClock();
    const graph = graphOf([pod('p', { app: 'x', bad: '1' }), service('s', { app: 'x' })]);
    const detectors = [labelled, selectsNothing, missingConfig];
    const monitor = createMonitor({ graph: graph.graph, detectors, clock });
    expect(told(monitor)).toEqual(['labelled:Pod/a/p: bad 1', 'selects-nothing:Service/a/s: 1 of 1 bad']);
    graph.apply(pod('p', { app: 'x' }));
    expect(told(monitor)).toEqual([]);
    graph.apply(pod('p', { app: 'x', bad: '2' }));
    expect(told(monitor)).toEqual(['labelled:Pod/a/p: bad 2', 'selects-nothing:Service/a/s: 1 of 1 bad']);
    graph.remove(pod('p'));
    expect(told(monitor)).toEqual(['selects-nothing:Service/a/s: 0 of 0 bad']);
    expect(
      monitor.history().map(({ began, finding }) => `${began ? '+' : '-'} ${finding.id} ${finding.title}`),
    ).toEqual([
      '+ labelled:Pod/a/p bad 1',
      '+ selects-nothing:Service/a/s 1 of 1 bad',
      '- labelled:Pod/a/p bad 1',
      '- selects-nothing:Service/a/s 1 of 1 bad',
      '+ labelled:Pod/a/p bad 2',
      '+ selects-nothing:Service/a/s 1 of 1 bad',
      '- labelled:Pod/a/p bad 2',
    ]);
  });

  it('waits as long as a finding is to hold, and forgets it when it ends before', () => {
    const clock = handClock();
    const graph = graphOf([pod('p', { slow: '' }), pod('q', { slow: '' })]);
    const monitor = createMonitor({ graph: graph.graph, detectors: ALL, clock });
    clock.advance(59_000);
    expect(told(monitor)).toEqual([]);
    graph.apply(pod('q'));
    clock.advance(2000);
    expect(told(monitor)).toEqual(['old:Pod/a/p: old']);
    expect(monitor.findings()[0]?.since).toBe(1_000_000);
    expect(monitor.history()).toMatchObject([{ at: 1_060_000, began: true }]);
  });

  it('tells what was there from the start on from what it saw begin', () => {
    const clock = handClock();
    const graph = graphOf([pod('p', { bad: '1' }), pod('q'), pod('r', { bad: '1' })]);
    const monitor = createMonitor({ graph: graph.graph, detectors: [labelled], clock });
    const starts = () =>
      monitor.findings().map(({ object, fromTheStart }) => `${object.name} ${fromTheStart === true}`);
    expect(starts()).toEqual(['p true', 'r true']);
    graph.apply(pod('q', { bad: '1' }), pod('r'));
    expect(starts()).toEqual(['p true', 'q false']);
    graph.apply(pod('r', { bad: '2' }));
    expect(starts()).toEqual(['p true', 'q false', 'r false']);
  });

  it('looks again when a detector says so', () => {
    const clock = handClock();
    const graph = graphOf([
      { ...configMap('c'), metadata: { name: 'c', namespace: 'a', creationTimestamp: '1970-01-01T00:16:40Z' } },
    ]);
    const monitor = createMonitor({ graph: graph.graph, detectors: ALL, clock });
    expect(told(monitor)).toEqual([]);
    clock.advance(90_000);
    expect(told(monitor)).toEqual(['expires:ConfigMap/a/c: expired']);
  });

  it('keeps a detector closed until its kinds are known, and says what it did not see', () => {
    const clock = handClock();
    const graph = graphOf([service('s', { app: 'x' })], { states: { Pod: { state: 'syncing', done: 5, total: 20 } } });
    const monitor = createMonitor({ graph: graph.graph, detectors: [selectsNothing], clock });
    expect(monitor.anomalies()).toMatchObject({
      anomalies: [],
      ready: false,
      closed: [{ detector: 'selects-nothing', why: 'Pod is being read (5 of 20)' }],
    });
    graph.graph.setKindState('Pod', { state: 'forbidden', reason: 'no rights' });
    expect(monitor.anomalies().ready).toBe(true);
    expect(monitor.findings()).toMatchObject([{ id: 'selects-nothing:Service/a/s', without: ['Pod'] }]);
    graph.graph.setKindState('Pod', { state: 'synced' });
    expect(monitor.findings()).toMatchObject([{ without: [] }]);
  });

  it('looks no longer than an answer may take, and says since when it has not looked at all', async () => {
    const time = handClock();
    let looked = 0;
    // Each look at the clock takes 1 ms.
    const clock: Clock = { ...time, monotonic: () => time.monotonic() + looked++ };
    const pods = Array.from({ length: 40 }, (_, at) => `p${at}`);
    const graph = graphOf(pods.map((name) => pod(name)));
    const monitor = createMonitor({ graph: graph.graph, detectors: [labelled], clock });
    expect(await monitor.within(5)).toMatchObject({ ready: true, findings: [], asOf: time.now() });
    time.advance(60_000);
    const changed = time.now();
    graph.apply(...pods.map((name) => pod(name, { bad: '1' })));
    time.advance(100);
    const known = await monitor.within(5);
    expect(known.findings.length).toBeLessThan(40);
    expect(known.asOf).toBe(changed);
    await monitor.settled();
    expect(await monitor.within(5)).toMatchObject({ asOf: time.now() });
    expect(monitor.findings()).toHaveLength(40);
  });

  it('goes on when a detector fails, and names it', () => {
    const clock = handClock();
    const graph = graphOf([pod('p', { bad: '1' })]);
    const broken: Detector = {
      ...labelled,
      id: 'broken',
      detect: () => {
        throw new Error('no such field');
      },
    };
    const monitor = createMonitor({ graph: graph.graph, detectors: [broken, labelled], clock });
    expect(told(monitor)).toEqual(['labelled:Pod/a/p: bad 1']);
    expect(monitor.anomalies().closed).toEqual([{ detector: 'broken', why: 'failed on Pod a/p: no such field' }]);
  });

  it('works by itself in the background, and rests when nothing changes', () => {
    const clock = handClock();
    const graph = graphOf([pod('p', { bad: '1' })]);
    let looks = 0;
    const counting: Detector = {
      ...labelled,
      detect(node, context) {
        looks++;
        return labelled.detect(node, context);
      },
    };
    const monitor = createMonitor({ graph: graph.graph, detectors: [counting], clock });
    clock.advance(1000);
    expect(looks).toBe(1);
    graph.apply(configMap('c'));
    clock.advance(600_000);
    expect(looks).toBe(1);
    expect(clock.timers()).toBe(0);
    graph.apply(pod('p', { bad: '2' }));
    clock.advance(1000);
    expect(looks).toBe(2);
    monitor.stop();
    graph.apply(pod('p', { bad: '3' }));
    clock.advance(1000);
    expect(looks).toBe(2);
  });

  it('looks again for what changed nearby only where it looked around', () => {
    const clock = handClock();
    const mounts = { volumes: [{ name: 'v', configMap: { name: 'c' } }] };
    const graph = graphOf([configMap('c'), pod('well', {}, mounts), pod('ill', { bad: '1' }, mounts)]);
    const looked: string[] = [];
    const counting: Detector = {
      ...badWithConfig,
      detect(node, context) {
        looked.push(node.name);
        return badWithConfig.detect(node, context);
      },
    };
    const monitor = createMonitor({ graph: graph.graph, detectors: [counting], clock });
    monitor.findings();
    looked.length = 0;
    graph.remove(configMap('c'));
    expect(monitor.findings()).toMatchObject([{ title: expect.stringContaining('ConfigMap c absent') }]);
    expect(looked).toEqual(['ill']);
    graph.apply(pod('well', { bad: '1' }, mounts));
    monitor.findings();
    graph.apply(configMap('c'));
    expect(monitor.findings()).toHaveLength(2);
    expect(looked.sort()).toEqual(['ill', 'ill', 'well', 'well']);
  });

  it('looks from time to time where a detector reads the time without saying when', () => {
    const clock = handClock();
    const graph = graphOf([pod('p')]);
    const later: Detector = {
      ...labelled,
      detect: ({ created }, { now }) => (now - created < 100_000 ? [] : [{ severity: 2, title: 'late', evidence: [] }]),
    };
    const monitor = createMonitor({ graph: graph.graph, detectors: [later], clock });
    clock.advance(99_000);
    expect(told(monitor)).toEqual([]);
    clock.advance(61_000);
    expect(told(monitor)).toEqual(['labelled:Pod/a/p: late']);
  });

  it('looks every 15 s at what it found by the time, and less often once that is old', () => {
    const clock = handClock();
    const graph = graphOf([pod('p')]);
    let looks = 0;
    const ages: Detector = {
      ...labelled,
      detect({ created }, { now }) {
        looks++;
        return [{ severity: 2, title: `for ${now - created} ms`, evidence: [], since: created }];
      },
    };
    createMonitor({ graph: graph.graph, detectors: [ages], clock });
    clock.advance(1000);
    looks = 0;
    clock.advance(300_000);
    expect(looks).toBe(20);
    clock.advance(3_300_000);
    looks = 0;
    clock.advance(300_000);
    expect(looks).toBe(5);
  });

  it('finds after any changes what a monitor finds that begins then', () => {
    const names = fc.constantFrom('p', 'q', 'r');
    const labels = fc.record(
      { app: fc.constantFrom('x', 'y'), bad: fc.constantFrom('1', '2'), slow: fc.constant('') },
      { requiredKeys: [] },
    );
    const mounts = fc.array(names, { maxLength: 2 }).map((used) => ({
      volumes: used.map((name, index) => ({ name: `v${index}`, configMap: { name } })),
    }));
    const step = fc.oneof(
      fc
        .tuple(names, labels, mounts)
        .map(([name, of, spec]) => ({ type: 'apply' as const, object: pod(name, of, spec) })),
      fc
        .tuple(names, fc.record({ app: fc.constantFrom('x', 'y') }))
        .map(([name, of]) => ({ type: 'apply' as const, object: service(name, of) })),
      names.map((name) => ({ type: 'apply' as const, object: configMap(name) })),
      fc
        .constantFrom(...['p', 'q', 'r'].flatMap((name) => [pod(name), service(name, {}), configMap(name)]))
        .map((object) => ({ type: 'remove' as const, object })),
      fc.integer({ min: 1, max: 100_000 }).map((ms) => ({ type: 'time' as const, ms })),
      fc.constant({ type: 'look' as const }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const clock = handClock();
        const graph = graphOf([]);
        const monitor = createMonitor({ graph: graph.graph, detectors: ALL, clock });
        for (const one of steps) {
          if (one.type === 'apply') graph.apply(one.object);
          else if (one.type === 'remove') graph.remove(one.object);
          else if (one.type === 'time') clock.advance(one.ms);
          else told(monitor);
        }
        expect(told(monitor)).toEqual(told(createMonitor({ graph: graph.graph, detectors: ALL, clock })));
      }),
      { numRuns: 300 },
    );
  });
});
